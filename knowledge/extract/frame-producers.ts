import type { ByteSearch } from '../../spl/batch/byte-search'
import { TextDictionary } from '../../spl/batch/dictionary'
import type { FieldCells } from './cells'
import type { Step } from './definition'
import { type Frame, frameOf } from './frame'
import { internerOf } from './intern'
import { cleanKey } from './keys'
import { eachPair, groupSearch, keySearch, literalStart, type PairFrame, pairFrame, scanGroup, scanKey, type Take } from './pair-frame'
import type { Input, Producer } from './producer'
import { onlyGroup, plainText } from './read-format'

type RegexStep = Step & { readonly kind: 'regex' }

const PRODUCERS = new WeakMap<RegexStep, Producer | null>()

/** The byte-wise producer of a regex step, where its regex is a frame over the raw text; made once, since it holds no state. */
export function frameProducer(step: RegexStep): Producer | undefined {
  let found = PRODUCERS.get(step)
  if (found === undefined) PRODUCERS.set(step, (found = newProducer(step) ?? null))
  return found ?? undefined
}

function newProducer(step: RegexStep): Producer | undefined {
  const frame = step.from === '_raw' ? frameOf(step.pattern, step.lines) : undefined
  if (!frame) return undefined
  const pair = pairFrame(step, frame)
  if (pair) return pairProducer(step, pair)
  return literalStart(frame) ? groupProducer(step, frame) : undefined
}

/** Puts byte ranges into cells. */
function taker(step: Step, input: Input, cells: FieldCells): Take {
  const interner = cells.interner(step.decodesXml ? 'xml' : 'plain')
  const { data } = input.raw
  return (row, start, end) => cells.put(row, interner.code(data, start, end))
}

/** Has the values found where the texts are; false where somebody else must look. */
function sought(s: ByteSearch | undefined, { step, input, rows, cells }: Sought): boolean {
  // Whoever adds wants all values of an event.
  if (!s || step.adds) return false
  const interner = cells.interner(step.decodesXml ? 'xml' : 'plain')
  return input.raw.search(s, rows, (row, data, start, end) => cells.put(row, interner.code(data, start, end)))
}
interface Sought {
  readonly step: RegexStep
  readonly input: Input
  readonly rows: Uint32Array
  readonly cells: FieldCells
}

/** Fields of fixed names, each a group of the frame. */
function groupProducer(step: RegexStep, frame: Frame): Producer | undefined {
  const groups = new Map<string, number>()
  for (const { name, value } of step.fields) {
    const text = plainText(name)
    const named = onlyGroup(value)
    const group = typeof named === 'string' ? frame.names.get(named) : named
    if (text === undefined || group === undefined || group > frame.groups || groups.has(text)) return undefined
    groups.set(text, group)
  }
  return {
    step,
    names: new Set(groups.keys()),
    fill(input, name, cells, rows) {
      const group = groups.get(name)!
      if (sought(groupSearch(frame, group, step), { step, input, rows, cells })) return
      scanGroup(frame, group, { raw: input.raw, rows, step }, taker(step, input, cells))
    },
    found: () => groups.keys(),
  }
}

/** Fields named by keys in the events. */
function pairProducer(step: RegexStep, pair: PairFrame): Producer {
  const producer: Producer = {
    step,
    names: undefined,
    fill(input, name, cells, rows) {
      const index = input.kept(producer, () => new PairIndex(step, pair, input))
      if (index.used || !pair.independent || ++index.asked > SCANS) {
        index.look(rows)
        index.fill(name, cells, rows, taker(step, input, cells))
      } else if (!sought(keySearch(pair, name, step), { step, input, rows, cells }))
        scanKey(pair, name, { raw: input.raw, rows, step }, taker(step, input, cells))
    },
    found(input, rows) {
      const index = input.kept(producer, () => new PairIndex(step, pair, input))
      index.look(rows)
      return index.names()
    },
  }
  return producer
}

/** A look at every pair costs about as much as seeking this many fields one by one. */
const SCANS = 4

/** Where the values of each key stand, for the rows that were looked at: one pass instead of one a field, where many are wanted. */
class PairIndex {
  used = false
  /** Fields that were sought one by one. */
  asked = 0
  private readonly looked: Uint8Array
  private readonly keys = new TextDictionary()
  /** Row, start, end; row, start, end; … by name. */
  private readonly places = new Map<string, number[]>()

  constructor(
    private readonly step: RegexStep,
    private readonly pair: PairFrame,
    private readonly input: Input,
  ) {
    this.looked = new Uint8Array(input.raw.rows)
  }

  names(): Iterable<string> {
    return this.places.keys()
  }

  look(rows: Uint32Array): void {
    this.used = true
    const { step, pair } = this
    const { raw } = this.input
    const interner = internerOf(this.keys, 'plain')
    const lists: number[][] = []
    const fresh = rows.filter((row) => this.looked[row] === 0)
    for (const row of fresh) this.looked[row] = 1
    const { data } = raw
    eachPair(pair, raw, fresh, (row, bounds) => {
      const start = bounds[pair.valueGroup * 2]!
      const end = bounds[pair.valueGroup * 2 + 1]!
      if (start === end && !step.keepsEmpty) return
      const code = interner.code(data, bounds[pair.keyGroup * 2]!, bounds[pair.keyGroup * 2 + 1]!)
      const list = (lists[code] ??= this.listOf(this.keys.text(code)))
      list.push(row, start, end)
    })
  }

  private listOf(key: string): number[] {
    const name = this.step.cleansKeys ? cleanKey(key) : key
    let list = this.places.get(name)
    if (!list) this.places.set(name, (list = []))
    return list
  }

  fill(name: string, cells: FieldCells, rows: Uint32Array, take: Take): void {
    const places = this.places.get(name)
    if (!places) return
    const wanted = new Uint8Array(this.looked.length)
    for (const row of rows) wanted[row] = 1
    for (let i = 0; i < places.length; i += 3) {
      const row = places[i]!
      if (wanted[row] === 0 || (!this.step.adds && cells.codes[row]! >= 0)) continue
      take(row, places[i + 1]!, places[i + 2]!)
    }
  }
}
