import { RegexProblem } from '../../spl/regex/problem'
import { compileRegex } from '../../spl/regex/regex'
import type { Problem } from '../../spl/text/problem'
import { problem } from '../../spl/text/problems'
import { compareTexts } from '../../spl/values/compare'
import type { Alias, Extraction, ExtractionKnowledge, Keeping, Origin, Refused, Settings, Step } from './definition'
import { expandModular } from './modular'
import { type FieldFormat, group, readFormat, readList } from './read-format'
import { type Selected, stanzaSelector } from './select'

/** What is read for one origin, with the places to say what is wrong. */
interface Reading {
  readonly knowledge: ExtractionKnowledge
  readonly selected: Selected
  readonly problems: Problem[]
  readonly refused: Refused[]
}

const READERS = new WeakMap<ExtractionKnowledge, (origin: Origin) => Extraction>()

/**
 * Reads props and transforms as search-time extractions. The function gives the extraction of an origin, the same one to every search.
 * @source Knowledge Manager Manual, "The sequence of search-time operations"; props.conf.spec, transforms.conf.spec
 */
export function extractionReader(knowledge: ExtractionKnowledge): (origin: Origin) => Extraction {
  let found = READERS.get(knowledge)
  if (!found) READERS.set(knowledge, (found = newReader(knowledge)))
  return found
}

function newReader(knowledge: ExtractionKnowledge): (origin: Origin) => Extraction {
  const select = stanzaSelector(knowledge.props)
  const known = new Map<Selected, Extraction>()
  return (origin) => {
    const selected = select(origin)
    let found = known.get(selected)
    if (!found) known.set(selected, (found = readExtraction(knowledge, selected)))
    return found
  }
}

/** The extraction of settings that were selected, or of one stanza's alone. */
export function readExtraction(knowledge: ExtractionKnowledge, selected: Selected): Extraction {
  const r: Reading = { knowledge, selected, problems: [], refused: [] }
  const { settings } = selected
  const of = (kind: string) => classesOf(settings, kind)
  const steps = [
    ...of('EXTRACT').flatMap(([k, v]) => readExtract(r, k, v)),
    ...of('REPORT').flatMap(([k, v]) => readReport(r, k, v)),
    ...readKvMode(r),
  ]
  const aliases = of('FIELDALIAS').flatMap(([, v]) => readAliases(v))
  const calculated = of('EVAL').map(([k, text]) => ({ field: k.slice('EVAL-'.length), text, stanza: stanzaOf(r, k) }))
  for (const [k, v] of of('LOOKUP')) r.refused.push(refuseLookup(r, k, v))
  return { renamed: selected.renamed, steps, aliases, calculated, refused: r.refused, problems: r.problems }
}

/** `KIND-class` settings in ASCII order of the class; an empty one is switched off. */
function classesOf(settings: Settings, kind: string): (readonly [key: string, value: string])[] {
  return Object.entries(settings)
    .filter(([k, v]) => k.startsWith(`${kind}-`) && v.trim() !== '')
    .sort(([a], [b]) => compareTexts(a, b))
}

const stanzaOf = (r: Reading, key: string) => r.selected.stanzas.find((s) => r.knowledge.props[s]?.[key] !== undefined) ?? 'default'
const skip = (r: Reading, key: string, text: string) =>
  r.problems.push(problem('knowledge-skipped', { stanza: stanzaOf(r, key), key, text }))

const RAW: Omit<Keeping, 'title'> = { from: '_raw', adds: false, keepsEmpty: false, cleansKeys: true, decodesXml: false }

/** `regex [in field]`: a field name after `in` ends it, unless the regex does not compile without it. */
function readExtract(r: Reading, key: string, text: string): Step[] {
  const m = /^([\s\S]*\S)\s+in\s+([A-Za-z_][\w.:-]*)\s*$/.exec(text)
  const typed = m ? m[1]! : text.trim()
  const read = readRegex(r, key, typed, true)
  if (!read) return []
  if (read.names.length === 0) return skipped(r, key, 'it has no named group')
  const fields = read.names.map((name) => ({ name: [name], value: group(name) }))
  return [{ kind: 'regex', title: key, ...RAW, from: m?.[2] ?? '_raw', pattern: read.pattern, lines: true, fields }]
}

function skipped(r: Reading, key: string, text: string): [] {
  skip(r, key, text)
  return []
}

function readRegex(
  r: Reading,
  key: string,
  typed: string,
  lines: boolean,
): { readonly pattern: string; readonly names: readonly string[] } | undefined {
  try {
    const pattern = expandModular(typed, r.knowledge.transforms)
    return { pattern, names: compileRegex(pattern, { multiline: lines, dotAll: lines }).names }
  } catch (e) {
    if (e instanceof RegexProblem && !e.supported)
      r.refused.push({
        fields: [],
        problem: problem('not-supported-setup', { what: `props.conf [${stanzaOf(r, key)}] ${key}: ${e.message}` }),
      })
    else skip(r, key, e instanceof Error ? e.message : String(e))
    return undefined
  }
}

function readReport(r: Reading, key: string, text: string): Step[] {
  return text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '')
    .flatMap((name) => {
      const settings = Object.hasOwn(r.knowledge.transforms, name) ? r.knowledge.transforms[name] : undefined
      return settings ? readTransform(r, key, name, settings) : skipped(r, key, `transforms.conf has no stanza [${name}]`)
    })
}

function readTransform(r: Reading, key: string, name: string, t: Settings): Step[] {
  const keeping: Keeping = {
    title: name,
    from: t.SOURCE_KEY?.trim() || '_raw',
    adds: isTrue(t.MV_ADD, false),
    keepsEmpty: isTrue(t.KEEP_EMPTY_VALS, false),
    cleansKeys: isTrue(t.CLEAN_KEYS, true),
    decodesXml: t.HEADSTAND_DECODE?.trim() === 'xml',
  }
  if (t.DELIMS !== undefined) {
    const [pairs, inside] = readList(t.DELIMS)
    const fields = t.FIELDS === undefined ? [] : readList(t.FIELDS)
    if (pairs === undefined || (inside === undefined && fields.length === 0)) return skipped(r, key, `[${name}] has DELIMS without FIELDS`)
    return [{ kind: 'delimited', ...keeping, pairs, inside: fields.length > 0 ? undefined : inside, fields }]
  }
  if (t.REGEX === undefined) return skipped(r, key, `[${name}] has neither REGEX nor DELIMS`)
  const read = readRegex(r, key, t.REGEX, false)
  if (!read) return []
  const fields = t.FORMAT === undefined ? fieldsOfGroups(read.names) : readFormat(t.FORMAT)
  if (fields.length === 0) return skipped(r, key, `[${name}] names no field`)
  return [{ kind: 'regex', ...keeping, pattern: read.pattern, lines: false, fields }]
}

/** Groups `_KEY_x` and `_VAL_x` give name and value, others the field of their name. */
function fieldsOfGroups(names: readonly string[]): readonly FieldFormat[] {
  const pairs = names.filter((n) => n.startsWith('_KEY_') && names.includes(`_VAL_${n.slice(5)}`))
  return [
    ...pairs.map((n) => ({ name: group(n), value: group(`_VAL_${n.slice(5)}`) })),
    ...names.filter((n) => !/^_(?:KEY|VAL)_/.test(n)).map((n) => ({ name: [n], value: group(n) })),
  ]
}

function readKvMode(r: Reading): Step[] {
  const { settings } = r.selected
  const mode = (settings.KV_MODE ?? 'auto').trim().toLowerCase()
  const base = { title: 'KV_MODE', ...RAW }
  switch (mode) {
    case 'none':
      return []
    case 'auto':
    case 'auto_escaped': {
      const auto: Step = { kind: 'auto', ...base, escapes: mode === 'auto_escaped' }
      return isTrue(settings.AUTO_KV_JSON, true) ? [{ kind: 'json', ...base }, auto] : [auto]
    }
    case 'json':
      return [{ kind: 'json', ...base }]
    case 'xml':
      return [{ kind: 'xml', ...base }]
    default: {
      const what = `props.conf [${stanzaOf(r, 'KV_MODE')}] KV_MODE = ${settings.KV_MODE}`
      r.refused.push({ fields: [], problem: problem('not-supported-setup', { what }) })
      return []
    }
  }
}

/** `a AS b, c ASNEW d`: all of them see the same fields. */
function readAliases(text: string): Alias[] {
  const name = '("(?:[^"\\\\]|\\\\.)*"|[^\\s,"]+)'
  return [...text.matchAll(new RegExp(`${name}\\s+(AS|ASNEW)\\s+${name}`, 'gi'))].map((m) => ({
    from: readList(m[1]!)[0]!,
    to: readList(m[3]!)[0]!,
    keeps: m[2]!.toUpperCase() === 'ASNEW',
  }))
}

function refuseLookup(r: Reading, key: string, text: string): Refused {
  const outputs = /\sOUTPUT(?:NEW)?\s+([\s\S]*)$/i.exec(text)?.[1]?.match(/("[^"]*"|[^\s,]+)(\s+AS\s+("[^"]*"|[^\s,]+))?/gi) ?? []
  const fields = outputs.map((o) => readList(o.replace(/^[\s\S]*\sAS\s+/i, ''))[0]!)
  return { fields, problem: problem('not-supported-setup', { what: `props.conf [${stanzaOf(r, key)}] ${key}` }) }
}

function isTrue(text: string | undefined, fallback: boolean): boolean {
  if (text === undefined || text.trim() === '') return fallback
  return /^(?:1|t|true|yes|y)$/i.test(text.trim())
}
