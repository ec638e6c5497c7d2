import { type Column, valueAt } from '../../spl/batch/column'
import type { RegexMatch } from '../../spl/regex/match'
import { compileRegex, type Regex } from '../../spl/regex/regex'
import { textsOf } from '../../spl/values/value'
import { autoPairs, type Pair } from './auto-kv'
import type { Step, Template } from './definition'
import { jsonPairs, xmlPairs } from './flatten'
import { cleanKey, keyTail } from './keys'
import type { Input, Producer } from './producer'
import { plainText } from './read-format'
import { rowsWith } from './rows-with'

/** How a step reads one text. */
interface TextReader {
  pairs(text: string): readonly Pair[]
  readonly names: ReadonlySet<string> | undefined
  /** All values of a name count, not only the first. */
  readonly repeats: boolean
  readonly risky: boolean
  /** What must stand in a raw text that has the field. */
  needle?(name: string): string
}

export type Guard = <T>(risky: boolean, job: () => T) => T

/** The producer of a step that reads texts. `at` is its place among the steps. */
export function textProducer(step: Step, at: number, guard: Guard): Producer {
  const reader = readerOf(step)
  const several = step.adds || reader.repeats
  const producer: Producer = {
    step,
    names: reader.names,
    fill(input, name, cells, rows) {
      const pairs = pairsOf(input, rows)
      const needle = step.from === '_raw' ? reader.needle?.(name) : undefined
      const open = needle ? rowsWith(input.raw, rows, [Buffer.from(needle)]) : rows
      guard(reader.risky, () => {
        for (const row of open) putPairs(pairs(row), name, several, (text) => cells.putText(row, text, step.decodesXml))
      })
    },
    found(input, rows) {
      if (reader.names) return reader.names
      const pairs = pairsOf(input, rows)
      const names = new Set<string>()
      guard(reader.risky, () => {
        for (const row of rows) for (const [key] of pairs(row)) names.add(key)
      })
      return names
    },
  }

  /** What is found in a row: kept for the next field. */
  function pairsOf(input: Input, rows: Uint32Array): (row: number) => readonly Pair[] {
    if (step.from !== '_raw') return rows.length === 0 ? () => [] : pairsOfField(input.field(step.from, at))
    const kept = input.kept(producer, (): (readonly Pair[] | undefined)[] => [])
    return (row) => (kept[row] ??= reader.pairs(input.raw.text(row)))
  }
  function pairsOfField(column: Column | undefined): (row: number) => readonly Pair[] {
    if (column?.kind === 'dictionary') {
      const { dictionary, codes } = column
      const memo = dictionary.memo(producer, (code) => reader.pairs(dictionary.text(code)))
      return (row) => (codes[row]! < 0 ? [] : memo.at(codes[row]!))
    }
    return (row) => textsOf(valueAt(column, row)).flatMap((text) => [...reader.pairs(text)])
  }
  return producer
}

/** The values that the pairs have for a name: all, or the first. */
function putPairs(pairs: readonly Pair[], name: string, all: boolean, put: (text: string) => void): void {
  for (const [key, value] of pairs) {
    if (key !== name) continue
    put(value)
    if (!all) return
  }
}

function readerOf(step: Step): TextReader {
  switch (step.kind) {
    case 'regex':
      return regexReader(step)
    case 'delimited':
      return {
        pairs: (text) => delimitedPairs(step, text),
        names: step.fields.length > 0 ? new Set(step.fields) : undefined,
        repeats: false,
        risky: false,
      }
    case 'auto':
      return {
        pairs: (text) => autoPairs(text, step.escapes),
        names: undefined,
        repeats: false,
        risky: false,
        needle: (name) => `${keyTail(name, true)}=`,
      }
    case 'json':
      return { pairs: jsonPairs, names: undefined, repeats: true, risky: false }
    case 'xml':
      return { pairs: xmlPairs, names: undefined, repeats: true, risky: false }
  }
}

type RegexStep = Step & { readonly kind: 'regex' }

function regexReader(step: RegexStep): TextReader {
  const regex: Regex = compileRegex(step.pattern, { multiline: step.lines, dotAll: step.lines })
  const fixed = step.fields.map((f) => plainText(f.name))
  const dynamic = fixed.includes(undefined)
  const most = dynamic || step.adds ? Number.POSITIVE_INFINITY : 1
  const pairs = (text: string): readonly Pair[] => {
    const found: Pair[] = []
    for (const m of regex.matches(text, most)) {
      step.fields.forEach((f, i) => {
        const value = filled(f.value, m)
        const name = fixed[i] ?? keyOf(step, filled(f.name, m))
        if (name !== '' && (value !== '' || step.keepsEmpty)) found.push([name, value])
      })
    }
    return found
  }
  return { pairs, names: dynamic ? undefined : new Set(fixed as string[]), repeats: false, risky: regex.risky }
}

const keyOf = (step: Step, key: string) => (step.cleansKeys ? cleanKey(key) : key)

function filled(t: Template, m: RegexMatch): string {
  let out = ''
  for (const part of t)
    out += typeof part === 'string' ? part : ((typeof part.group === 'string' ? m.named(part.group) : m.group(part.group)) ?? '')
  return out
}

type DelimitedStep = Step & { readonly kind: 'delimited' }

/** @source transforms.conf.spec, DELIMS: each character of a set separates; quotes keep what stands inside */
function delimitedPairs(step: DelimitedStep, text: string): readonly Pair[] {
  const found: Pair[] = []
  const put = (key: string, value: string) => {
    const name = step.fields.length > 0 ? key : keyOf(step, key)
    if (name !== '' && (value !== '' || step.keepsEmpty)) found.push([name, value])
  }
  const pieces = split(text, step.pairs)
  if (step.fields.length > 0) {
    step.fields.forEach((name, i) => {
      if (i < pieces.length) put(name, unquoted(pieces[i]!))
    })
    return found
  }
  for (const piece of pieces) {
    let at = 0
    while (at < piece.length && !step.inside!.includes(piece[at]!)) at++
    if (at > 0 && at < piece.length) put(unquoted(piece.slice(0, at).trim()), unquoted(piece.slice(at + 1).trim()))
  }
  return found
}

function split(text: string, separators: string): readonly string[] {
  const pieces: string[] = []
  let start = 0
  let quoted = false
  for (let i = 0; i < text.length; i++) {
    if (text[i] === '"') quoted = !quoted
    else if (!quoted && separators.includes(text[i]!)) {
      pieces.push(text.slice(start, i))
      start = i + 1
    }
  }
  pieces.push(text.slice(start))
  return pieces
}

const unquoted = (text: string) => (text.length > 1 && text.startsWith('"') && text.endsWith('"') ? text.slice(1, -1) : text)
