import { type Batch, rowsOf } from '../../spl/batch/batch'
import { valueAt } from '../../spl/batch/column'
import { EVERYTHING } from '../../spl/batch/demand'
import { compareOrder, type Order } from '../../spl/batch/order'
import { ALWAYS, type Predicate, type PredicateKind, type Terms } from '../../spl/expressions/predicate'
import { compileTerm } from '../../spl/segments/terms'
import type { EventReader, EventStore, NewEvent, Page, ScanTask, StoreQuery } from '../../storage/event-store'

/** A store to test: `open` opens the same store again once it was closed; blocks are small, so that a few events fill several. */
export interface Subject {
  open(): Promise<EventStore>
  /** A reader beside the open store. */
  reader(store: EventStore): Promise<EventReader>
  remove(): Promise<void>
}
export interface ContractOptions {
  /** Leaves out the tests of size: for a second run over another setting of the same store. */
  readonly small?: boolean
}

let nextId = 0
export const predicate = (kind: PredicateKind): Predicate => ({ id: nextId++, span: { start: 0, end: 0 }, ...kind })

interface Asked extends Partial<Omit<StoreQuery, 'filter' | 'demand'>> {
  readonly filter?: Predicate
  readonly ordered?: boolean
}
export function query(asked: Asked = {}): StoreQuery {
  return {
    indexes: asked.indexes ?? ['main'],
    allowed: asked.allowed ?? ['*', '_*'],
    earliest: asked.earliest ?? 0,
    latest: asked.latest ?? Number.POSITIVE_INFINITY,
    filter: asked.filter ?? predicate(ALWAYS),
    hints: asked.hints,
    demand: { ...EVERYTHING, ordered: asked.ordered ?? true },
  }
}

export const event = (raw: string | Uint8Array, time = 1_700_000_000, more: Partial<NewEvent> = {}): NewEvent => ({
  time,
  indexTime: 1_700_000_100,
  host: 'web01',
  source: '/var/log/app.log',
  sourcetype: 'app_log',
  raw: typeof raw === 'string' ? Buffer.from(raw) : raw,
  ...more,
})

export async function put(store: EventStore, events: readonly NewEvent[], index = 'main') {
  return store.append(index, events, await store.reserve(index, events.length))
}

export async function pages(reader: EventReader, asked: StoreQuery, tasks = 1): Promise<Page[][]> {
  const { snapshot } = await reader.open(asked)
  const all: Page[][] = []
  for (const task of await reader.tasks(snapshot, tasks)) {
    const list: Page[] = []
    for await (const page of reader.scan(task)) list.push(page)
    all.push(list)
  }
  await reader.release(snapshot)
  return all
}

export const texts = (batch: Batch, name = '_raw'): unknown[] => [...rowsOf(batch)].map((row) => valueAt(batch.column(name), row))
export async function found(reader: EventReader, asked: Asked = {}): Promise<unknown[]> {
  const all = await pages(reader, query(asked))
  return all
    .flat()
    .flatMap((p) => texts(p.batch))
    .sort()
}

/** What every event store must do. */
export function eventStoreContract(name: string, make: () => Promise<Subject>, options: ContractOptions = {}): void {
  describe(name, () => {
    let subject: Subject
    let store: EventStore
    beforeEach(async () => {
      subject = await make()
      store = await subject.open()
    })
    afterEach(async () => {
      await store.close()
      await subject.remove()
    })
    const reopen = async () => {
      await store.close()
      store = await subject.open()
    }

    orderTests(() => store)
    snapshotTests(() => ({ subject, store }))
    filterTests(() => store, options.small ? 5 : 1)
    segmentationTests(() => ({ store, reopen }))
    if (!options.small) sizeTests(() => store)
    scopeTests(() => store)
    serialTests(() => ({ store, reopen }))
    oddTextTests(() => ({ store, reopen }))
    columnTests(() => store)
    descriptionTests(() => store)
    removalTests(() => ({ store, reopen }))
  })
}

const timesOf = (batch: Batch): number[] => [...rowsOf(batch)].map((row) => batch.order!.time[row]!)
function expectInOrder(batch: Batch): void {
  const rows = rowsOf(batch)
  for (let k = 1; k < rows.length; k++) expect(compareOrder(batch.order!, rows[k - 1]!, batch.order!, rows[k]!)).toBeLessThan(0)
}

function orderTests(get: () => EventStore): void {
  const many = Array.from({ length: 23 }, (_, i) => event(`n=${i}`, 1_700_000_000 + ((i * 7) % 11), { source: `s${i % 3}` }))

  test.each([1, 3])('ordered tasks (%i): rows of a page in the order of events, nothing later than `next` after it', async (tasks) => {
    await put(get(), many)
    const all = await pages(get(), query(), tasks)
    expect(all.length).toBeLessThanOrEqual(tasks)
    for (const list of all) {
      for (const [i, page] of list.entries()) {
        expectInOrder(page.batch)
        expect(Math.max(...list.slice(i + 1).flatMap((later) => timesOf(later.batch)), Number.NEGATIVE_INFINITY)).toBeLessThanOrEqual(
          page.next,
        )
      }
      expect(list.at(-1)?.next ?? Number.NEGATIVE_INFINITY).toBe(Number.NEGATIVE_INFINITY)
    }
    expect(all.flat().flatMap((p) => texts(p.batch)).length).toBe(23)
  })

  test('a stripe in small ones: the same pages, of which none is later than the `latest` of its own', async () => {
    const times = Array.from({ length: 300 }, (_, i) => 1_700_000_000 + ((i * 37) % 300))
    const list = times.map((time, i) => event(`n=${i}`, time, { source: `s${i % 30}` }))
    await put(get(), list.slice(0, 290))
    await get().seal()
    await put(get(), list.slice(290))
    const { snapshot } = await get().open(query())
    const [stripe] = await get().tasks(snapshot, 1)
    const cut = get().cut(stripe!)
    expect(cut.length).toBeGreaterThan(1)
    const read = async (task: ScanTask) => {
      const all: { readonly times: number[]; readonly texts: unknown[] }[] = []
      for await (const { batch } of get().scan(task)) all.push({ times: timesOf(batch), texts: texts(batch) })
      return all
    }
    const parts: Awaited<ReturnType<typeof read>> = []
    for (const [i, task] of cut.entries()) {
      const part = await read(task)
      expect(Math.max(...part.flatMap((p) => p.times))).toBeLessThanOrEqual(task.latest)
      expect(task.latest).toBeLessThanOrEqual(cut[i - 1]?.latest ?? Number.POSITIVE_INFINITY)
      parts.push(...part)
    }
    expect(parts).toEqual(await read(stripe!))
    expect(cut.reduce((n, t) => n + t.estimate, 0)).toBeCloseTo(stripe!.estimate)
  })

  test('serials stand in the order of arrival', async () => {
    await put(get(), many)
    const rows = (await pages(get(), query()))
      .flat()
      .flatMap(({ batch }) =>
        [...rowsOf(batch)].map((row) => ({ order: batch.order as Order, row, raw: valueAt(batch.column('_raw'), row) })),
      )
    rows.sort((a, b) => a.order.serial[a.row]! - b.order.serial[b.row]!)
    expect(rows.map((r) => r.raw)).toEqual(many.map((e) => e.raw.toString()))
  })

  test('a scan goes on after a page', async () => {
    await put(get(), many)
    await get().seal()
    const { snapshot } = await get().open(query())
    const [task] = await get().tasks(snapshot, 1)
    const whole: Page[] = []
    for await (const page of get().scan(task!)) whole.push(page)
    const rest: Page[] = []
    for await (const page of get().scan(task!, whole[0]!.page)) rest.push(page)
    expect(rest.map((p) => [p.page, texts(p.batch)])).toEqual(whole.slice(1).map((p) => [p.page, texts(p.batch)]))
  })

  test('a page also of events that do not match, so that whoever reads may stop between them', async () => {
    await put(
      get(),
      many.map((e) => ({ ...e, raw: Buffer.from('one two') })),
    )
    await get().seal()
    for (const ordered of [true, false]) {
      // Its terms are there, so that only the texts tell.
      const all = (await pages(get(), query({ ordered, filter: predicate({ phrase: 'two one' }) }))).flat()
      expect(all.reduce((n, p) => n + p.batch.rows, 0)).toBe(23)
      expect(all.flatMap((p) => texts(p.batch))).toEqual([])
    }
  })

  test('a scan is stopped by its signal', async () => {
    await put(get(), many)
    await get().seal()
    const { snapshot } = await get().open(query())
    const [task] = await get().tasks(snapshot, 1)
    const stop = new AbortController()
    const scan = get().scan(task!, undefined, stop.signal)
    await scan.next()
    stop.abort()
    await expect(scan.next()).rejects.toThrow(/abort/i)
  })
}

function snapshotTests(get: () => { subject: Subject; store: EventStore }): void {
  test('what is written and sealed after `open` changes nothing', async () => {
    const { store } = get()
    await put(store, [event('a'), event('b', 1_700_000_001, { source: 'other' }), event('c')])
    const { snapshot } = await store.open(query())
    const tasks = await store.tasks(snapshot, 2)
    await put(store, [event('later'), event('later', 1, { source: 'other' }), event('later'), event('later')])
    await store.seal()
    const seen: unknown[] = []
    for (const task of tasks) for await (const { batch } of store.scan(task)) seen.push(...texts(batch))
    expect(seen.sort()).toEqual(['a', 'b', 'c'])
    expect(await found(store)).toHaveLength(7)
  })

  test('events appended while scans run are seen whole or not at all, never twice', async () => {
    const { store } = get()
    const writing = (async () => {
      for (let i = 0; i < 30; i++)
        await put(store, [event(`i=${i} x`), event(`i=${i} y`, 1_700_000_000, { source: 'other' }), event(`i=${i} z`)])
    })()
    for (let i = 0; i < 20; i++) {
      const seen = (await found(store)) as string[]
      expect(new Set(seen).size).toBe(seen.length)
      expect(seen.length % 3).toBe(0)
    }
    await writing
    expect(await found(store)).toHaveLength(90)
  })

  test('a reader scans tasks that came as plain data', async () => {
    const { subject, store } = get()
    await put(store, [event('one fish'), event('two fish'), event('red')])
    const { snapshot } = await store.open(query({ filter: predicate({ word: 'fish' }) }))
    const tasks = structuredClone(await store.tasks(snapshot, 1))
    const reader = await subject.reader(store)
    const seen: unknown[] = []
    for (const task of tasks) for await (const { batch } of reader.scan(task)) seen.push(...texts(batch))
    await reader.close()
    expect(seen.sort()).toEqual(['one fish', 'two fish'])
  })
}

const SENTENCES = [
  'k=t1 my_error here',
  'errors',
  'ERROR',
  'error: x',
  'terror',
  '<EventID>1</EventID>',
  '<EventID>10</EventID>',
  'ip=10.0.0.6 ok',
  '10.0.0.6:443',
  'MÜLLER said É',
  'müller',
  'ftp.exe a--b',
  'path%20error',
  'failed password',
  'FAILED PASSWORD now',
  'x®y Error',
]
const KEYWORDS: PredicateKind[] = [
  { word: 'error' },
  { word: 'Error', exactCase: true },
  { word: 'err*' },
  { word: '*rror' },
  { word: 'e*r' },
  { word: 'nothing' },
  { word: 'müller' },
  { phrase: 'EventID>1<' },
  { phrase: 'EventID>1' },
  { phrase: 'failed pass*' },
  { phrase: '>' },
  { term: '10.0.0.6' },
  { term: 'ip=10*' },
  { term: 'ftp' },
  { term: '<' },
  { tokens: '6.10' },
]
const testOf = (p: Predicate): ((text: string) => boolean) => {
  if ('word' in p) return compileTerm('word', p.word, p.exactCase).test
  if ('phrase' in p) return compileTerm('phrase', p.phrase).test
  if ('term' in p) return compileTerm('term', p.term).test
  if ('tokens' in p) return compileTerm('tokens', p.tokens).test
  if ('not' in p) return (t) => !testOf(p.not)(t)
  if ('and' in p) return (t) => p.and.every((c) => testOf(c)(t))
  if ('or' in p) return (t) => p.or.some((c) => testOf(c)(t))
  throw new Error('BUG: not a keyword')
}

/** @param step of every so many keywords the combinations are tried */
function filterTests(get: () => EventStore, step: number): void {
  test.each(['in the tail', 'sealed'])('keywords find what their text test finds, %s, and are exact', async (where) => {
    const store = get()
    await put(
      store,
      SENTENCES.map((s, i) => event(s, 1_700_000_000, { source: where === 'sealed' ? 's' : `s${i}` })),
    )
    if (where === 'sealed') await store.seal()
    const leaves = KEYWORDS.map(predicate)
    const pairs = leaves
      .filter((_a, i) => i % step === 0)
      .flatMap((a, i) => [
        predicate({ not: a }),
        predicate({ or: [a, leaves[(i + 3) % leaves.length]!] }),
        predicate({ and: [a, predicate({ not: leaves[(i + 1) % leaves.length]! })] }),
      ])
    for (const filter of [...leaves, ...pairs]) {
      const { took } = await store.open(query({ filter }))
      expect(took.exact).toBe(true)
      expect({ filter, rows: await found(store, { filter }) }).toEqual({ filter, rows: SENTENCES.filter(testOf(filter)).sort() })
    }
  })

  test('a field that the store does not know is a superset, also under NOT and OR', async () => {
    await put(get(), [event('a user=x'), event('b user=y')])
    const field = predicate({ compare: ['user', '=', 'x'] })
    const a = predicate({ word: 'a' })
    const conjuncts = predicate({ and: [a, field] })
    const { took } = await get().open(query({ filter: conjuncts }))
    expect(took).toEqual({
      conjuncts: [
        { predicate: a, by: 'exact' },
        { predicate: field, by: 'superset' },
      ],
      exact: false,
    })
    expect(await found(get(), { filter: conjuncts })).toEqual(['a user=x'])
    expect(await found(get(), { filter: predicate({ not: field }) })).toHaveLength(2)
    expect(await found(get(), { filter: predicate({ not: predicate({ or: [field, a] }) }) })).toEqual(['b user=y'])
    expect(await found(get(), { filter: predicate({ or: [field, a] }) })).toHaveLength(2)
  })

  test('hosts, sources and sourcetypes: without case, with wildcards, negated, in lists', async () => {
    const store = get()
    await put(store, [
      event('1', 1, { host: 'Web-1' }),
      event('2', 2, { host: 'web-2', source: 'x' }),
      event('3', 3, { host: 'db', sourcetype: 'ST' }),
    ])
    const rows = (kind: PredicateKind) => found(store, { filter: predicate(kind) })
    for (const seal of [false, true]) {
      if (seal) await store.seal()
      expect(await rows({ compare: ['host', '=', 'WEB*'] })).toEqual(['1', '2'])
      expect(await rows({ compare: ['host', '!=', 'web-1'] })).toEqual(['2', '3'])
      expect(await rows({ compare: ['host', '=', 'web-1'], exactCase: true })).toEqual([])
      expect(await rows({ in: ['sourcetype', ['st', 'nope']] })).toEqual(['3'])
      expect(await rows({ not: predicate({ compare: ['source', '=', 'x'] }) })).toEqual(['1', '3'])
      expect(await rows({ indexed: ['host', 'db'] })).toEqual(['3'])
      expect(await rows({ or: [predicate({ compare: ['source', '=', 'x'] }), predicate({ word: '3' })] })).toEqual(['2', '3'])
    }
  })

  test('hints leave out what lacks a term, and nothing else', async () => {
    await put(get(), [
      event('alpha', 1, { source: 'a' }),
      event('alpha', 2, { source: 'a' }),
      event('beta', 3, { source: 'b' }),
      event('beta', 4, { source: 'b' }),
    ])
    await get().seal()
    const hints: Terms = {
      any: [
        { term: 'alpha', wildcard: false },
        {
          all: [
            { term: 'be*', wildcard: true },
            { term: 'missing', wildcard: false },
          ],
        },
      ],
    }
    expect(await found(get(), { hints })).toEqual(['alpha', 'alpha'])
  })
}

/** Three events of each kind: in a store of small blocks some of them are sealed at once, the others wait. */
const WAYS = ['full', 'intermediate', 'inner', 'outer', 'none'] as const
const segmented = (raw: string): NewEvent[] =>
  WAYS.flatMap((how) => [1, 2, 3].map((n) => event(`${how} ${raw}`, n, { segmentation: how === 'full' ? undefined : how })))

function segmentationTests(get: () => { store: EventStore; reopen(): Promise<void> }): void {
  const cases: [PredicateKind, readonly (typeof WAYS)[number][]][] = [
    [{ word: 'lone' }, ['full', 'intermediate', 'inner', 'outer']],
    [{ word: 'LO*' }, ['full', 'intermediate', 'inner', 'outer']],
    [{ word: '*one' }, ['full', 'intermediate', 'inner', 'outer']],
    [{ word: 'Lone', exactCase: true }, ['full', 'intermediate', 'inner', 'outer']],
    [{ word: 'lone', exactCase: true }, []],
    [{ word: '10' }, ['full', 'intermediate', 'inner']],
    [{ word: '10.1.2.3' }, ['full', 'intermediate', 'inner']],
    [{ word: '10.3' }, []],
    [{ tokens: '3.10' }, ['full', 'intermediate', 'inner']],
    [{ phrase: '10.1.2.3 a=b' }, ['full', 'intermediate', 'inner']],
    [{ phrase: 'Lone "müller' }, ['full', 'intermediate', 'inner', 'outer']],
    [{ term: '10.1.2.3' }, ['full', 'intermediate', 'outer']],
    [{ term: '10.1.2' }, ['intermediate']],
    [{ term: '10*3' }, ['full', 'intermediate', 'outer']],
    [{ term: '1' }, ['full', 'intermediate', 'inner']],
    [{ term: 'a=b' }, ['full', 'intermediate', 'outer']],
    [{ word: 'müller' }, ['full', 'intermediate', 'inner', 'outer']],
    [{ word: 'x' }, ['full', 'intermediate', 'inner']],
    [{ word: 'y' }, ['full', 'intermediate']],
    // A term of the outer cut, but the words of a search are cut at it.
    [{ term: 'x%3ay' }, []],
    [{ word: 'p' }, ['full', 'intermediate', 'inner', 'outer']],
    [{ word: 'r-s' }, ['full', 'intermediate', 'inner']],
    // Of a text without terms only the text is asked.
    [{ phrase: ' "' }, WAYS],
  ]

  test('what is found follows from how the event was cut; waiting, sealed, and after the store was opened again', async () => {
    const events = segmented('Lone "MÜLLER" 10.1.2.3 a=b x%3Ay p%20q r-s')
    await put(get().store, events)
    const expectCases = async () => {
      for (const [kind, ways] of cases) {
        const filter = predicate(kind)
        const { store } = get()
        const raws = (keep: (how: string) => boolean) => events.map((e) => e.raw.toString()).filter((raw) => keep(raw.split(' ', 1)[0]!))
        const matches = (how: string) => (ways as readonly string[]).includes(how)
        expect({ kind, rows: await found(store, { filter }) }).toEqual({ kind, rows: raws(matches).sort() })
        const others = await found(store, { filter: predicate({ not: filter }) })
        expect({ kind, others }).toEqual({ kind, others: raws((how) => !matches(how)).sort() })
      }
    }
    await expectCases()
    await get().store.seal()
    await expectCases()
    await get().reopen()
    await expectCases()
  })

  test('metadata and indexed fields are found, however the text is cut; the lexicon holds what each event gives it', async () => {
    const { store } = get()
    await put(store, [
      event('A.b', 1, { segmentation: 'none', host: 'quiet', fields: { user: 'al' } }),
      event('C.d', 1, { segmentation: 'outer' }),
      event('E.f', 1, { segmentation: 'inner' }),
    ])
    for (const seal of [false, true]) {
      if (seal) await store.seal()
      expect(await found(store, { filter: predicate({ compare: ['host', '=', 'quiet'] }) })).toEqual(['A.b'])
      const batches = (await pages(store, query())).flat().map((p) => p.batch)
      expect(batches.flatMap((b) => texts(b, 'user')).sort()).toEqual(['al', null, null])
      const { terms } = await store.terms({ indexes: ['main'], allowed: ['*'], pattern: '*', limit: 10 })
      expect(terms.map((t) => t.term)).toEqual(['c.d', 'e', 'f'])
    }
  })

  test('a snapshot goes on with events that were sealed meanwhile as they were cut', async () => {
    const { store } = get()
    await put(store, [event('a.b', 1, { segmentation: 'outer' })])
    const { snapshot } = await store.open(query({ filter: predicate({ word: 'a' }) }))
    const { snapshot: whole } = await store.open(query({ filter: predicate({ term: 'a.b' }) }))
    await store.seal()
    const rows = async (s: typeof snapshot) => {
      const seen: unknown[] = []
      for (const task of await store.tasks(s, 1)) for await (const { batch } of store.scan(task)) seen.push(...texts(batch))
      return seen
    }
    expect([await rows(snapshot), await rows(whole)]).toEqual([[], ['a.b']])
  })
}

function sizeTests(get: () => EventStore): void {
  test('20,000 alternatives', async () => {
    await put(get(), [event('term19999 here'), event('term5'), event('x term7.exe y'), event('none of them')])
    await get().seal()
    const words = Array.from({ length: 20_000 }, (_, i) => predicate(i % 2 ? { word: `term${i}` } : { phrase: `term${i} or` }))
    const filter = predicate({ or: words })
    expect(await found(get(), { filter })).toEqual(['term19999 here', 'term5', 'x term7.exe y'])
    expect(await found(get(), { filter: predicate({ not: filter }) })).toEqual(['none of them'])
  })

  test('terms longer than an index can hold', async () => {
    const long = 'a'.repeat(40_000)
    await put(get(), [event(`${long}b x`), event(`${long}c x`), event(`É${'é'.repeat(30_000)} y`)])
    for (const seal of [false, true]) {
      if (seal) await get().seal()
      expect(await found(get(), { filter: predicate({ term: `${long}b` }) })).toEqual([`${long}b x`])
      expect(await found(get(), { filter: predicate({ word: `${long}*` }) })).toHaveLength(2)
      expect(await found(get(), { filter: predicate({ word: 'é'.repeat(30_001) }) })).toHaveLength(1)
    }
  })
}

function scopeTests(get: () => EventStore): void {
  test('time: earliest is in, latest is out, to the microsecond', async () => {
    await put(get(), [event('a', 10), event('b', 10.000001), event('c', 20.5), event('d', -5)])
    for (const seal of [false, true]) {
      if (seal) await get().seal()
      expect(await found(get(), { earliest: 10.000001, latest: 20.5 })).toEqual(['b'])
      expect(await found(get(), { earliest: 10, latest: 20.500001 })).toEqual(['a', 'b', 'c'])
      expect(await found(get(), { earliest: Number.NEGATIVE_INFINITY })).toHaveLength(4)
    }
  })

  test('indexes: patterns, those allowed, and internal ones by name only', async () => {
    const store = get()
    await store.createIndex('mail')
    for (const index of ['main', 'mail', '_internal']) await put(store, [event(index)], index)
    expect(await found(store, { indexes: ['*'] })).toEqual(['mail', 'main'])
    expect(await found(store, { indexes: ['_*', 'MAI*'] })).toEqual(['_internal', 'mail', 'main'])
    expect(await found(store, { indexes: ['*', '_internal'], allowed: ['main'] })).toEqual(['main'])
    expect(await found(store, { indexes: ['*', '_internal'], allowed: ['*'] })).toEqual(['mail', 'main'])
    expect(await found(store, { indexes: ['nosuch'] })).toEqual([])
    expect(await found(store, { indexes: ['*'], filter: predicate({ compare: ['index', '!=', 'main'] }) })).toEqual(['mail'])
  })

  test('an unknown index refuses each event, and lends no serials', async () => {
    const refused = await get().append('nosuch', [event('a'), event('b')], { index: 'nosuch', first: 0, count: 2 })
    expect(refused).toEqual({ stored: 0, repeated: 0, refused: [0, 1].map((item) => ({ item, reason: "unknown index 'nosuch'" })) })
    await expect(get().reserve('nosuch', 1)).rejects.toMatchObject({ code: 'unknown-index' })
    await expect(get().createIndex('No Such')).rejects.toMatchObject({ code: 'bad-name' })
  })
}

function serialTests(get: () => { store: EventStore; reopen(): Promise<void> }): void {
  test('a repeat is passed over, in the tail, sealed, and after the store was opened again', async () => {
    const { store, reopen } = get()
    const events = [event('a'), event('b'), event('c')]
    const receipt = await store.reserve('main', 3)
    expect(await store.append('main', events, receipt)).toEqual({ stored: 3, repeated: 0, refused: [] })
    expect(await store.append('main', events, receipt)).toEqual({ stored: 0, repeated: 3, refused: [] })
    await store.seal()
    expect(await store.append('main', events, receipt)).toMatchObject({ stored: 0, repeated: 3 })
    await reopen()
    expect(await get().store.append('main', events, receipt)).toMatchObject({ stored: 0, repeated: 3 })
    expect(await found(get().store)).toEqual(['a', 'b', 'c'])
  })

  test('two appends under one lease at once are one', async () => {
    const { store } = get()
    const receipt = await store.reserve('main', 2)
    const twice = await Promise.all([0, 1].map(() => store.append('main', [event('a'), event('b')], receipt)))
    expect(twice.map((t) => t.stored).sort()).toEqual([0, 2])
    expect(await found(store)).toEqual(['a', 'b'])
  })

  test('leases never overlap, also across a restart', async () => {
    const { store, reopen } = get()
    const leases = await Promise.all([5, 1, 100_000, 3].map((n) => store.reserve('main', n)))
    await reopen()
    leases.push(await get().store.reserve('main', 2))
    leases.sort((a, b) => a.first - b.first)
    for (let i = 1; i < leases.length; i++) expect(leases[i]!.first).toBeGreaterThanOrEqual(leases[i - 1]!.first + leases[i - 1]!.count)
  })

  test('a lease is for its index and its count; a time must be a number', async () => {
    const { store } = get()
    await expect(store.append('main', [event('a')], await store.reserve('summary', 1))).rejects.toMatchObject({ code: 'bad-receipt' })
    await expect(store.append('main', [event('a'), event('b')], await store.reserve('main', 1))).rejects.toMatchObject({
      code: 'bad-receipt',
    })
    expect(await put(store, [event('a', Number.NaN), event('b')])).toMatchObject({
      stored: 1,
      repeated: 0,
      refused: [{ item: 0, reason: expect.stringContaining('NaN is no time of an event') }],
    })
  })

  test('times that are taken come back, however far apart; others are refused', async () => {
    const { store } = get()
    const most = (2 ** 52 - 1) / 1e6
    const events = [
      event('ms', 1_700_000_000_000),
      event('first', -most),
      event('last', most),
      event('1601', -11_644_473_600),
      event('now'),
      event('indexed', 1, { indexTime: 2 ** 52 / 1e6 }),
    ]
    const { stored, refused } = await put(store, events)
    expect([stored, refused.map((r) => r.item)]).toEqual([3, [0, 3, 5]])
    for (const seal of [false, true]) {
      if (seal) await store.seal()
      const rows = (await pages(store, query({ earliest: Number.NEGATIVE_INFINITY }))).flat()
      const times = rows.flatMap(({ batch }) => texts(batch).map((raw, i) => [raw, texts(batch, '_time')[i]]))
      expect(Object.fromEntries(times)).toEqual({ first: -most, last: most, now: 1_700_000_000 })
    }
  })
}

function oddTextTests(get: () => { store: EventStore; reopen(): Promise<void> }): void {
  const bytesOf = (p: Page[][]) =>
    p
      .flat()
      .flatMap(({ batch }) =>
        [...rowsOf(batch)].map((r) =>
          Buffer.from(batch.bytes!()!.data.subarray(batch.bytes!()!.offsets[r]!, batch.bytes!()!.offsets[r + 1]!)),
        ),
      )

  test('bytes that are no UTF-8, NUL and empty events are kept as they came', async () => {
    const odd = [Buffer.from([0x61, 0xff, 0xfe, 0x20, 0xc3]), Buffer.from('nul\0inside x'), Buffer.alloc(0), Buffer.from('\ufeffbom É')]
    await put(
      get().store,
      odd.map((raw, i) => event(raw, 100 - i)),
    )
    for (const seal of [false, true]) {
      if (seal) await get().reopen()
      expect(bytesOf(await pages(get().store, query()))).toEqual(expect.arrayContaining(odd))
      expect(await found(get().store, { filter: predicate({ word: 'nul\0inside' }) })).toEqual(['nul\0inside x'])
      expect(await found(get().store, { filter: predicate({ word: 'é' }) })).toEqual(['\ufeffbom É'])
      expect(await found(get().store, { filter: predicate({ phrase: 'a\ufffd\ufffd' }) })).toHaveLength(1)
    }
  })

  test('text with quotes, stars and operators of full-text engines is text', async () => {
    await put(get().store, [event('say "near" AND (x OR y) NOT t:z ^a -b + it\'s c'), event('near')])
    await get().store.seal()
    for (const word of ['NEAR', 'AND', 'NOT', 't:z', '^a', '-b', "'", '"near"']) {
      expect({ word, rows: (await found(get().store, { filter: predicate({ phrase: word }) })).length }).toEqual({
        word,
        rows: word === 'NEAR' ? 2 : 1,
      })
    }
  })
}

function columnTests(get: () => EventStore): void {
  test('default fields, indexed fields, dates as written', async () => {
    const store = get()
    await put(store, [
      event('2024-02-29 23:30:00 +0100 a=1\nsecond line', 1_709_245_800.25, { zone: 60, fields: { user: 'al', tags: ['x', 'y'] } }),
      event('no date', 1, { source: 's2' }),
    ])
    for (const seal of [false, true]) {
      if (seal) await store.seal()
      const all = (await pages(store, query())).flat()
      const at = (name: string) => all.flatMap((p) => texts(p.batch, name))
      expect(at('_time')).toEqual([1_709_245_800.25, 1])
      expect(at('_indextime')).toEqual([1_700_000_100, 1_700_000_100])
      expect([at('host'), at('index'), at('splunk_server'), at('source')]).toEqual([
        ['web01', 'web01'],
        ['main', 'main'],
        ['headstand', 'headstand'],
        ['/var/log/app.log', 's2'],
      ])
      expect([at('linecount'), at('punct')]).toEqual([
        [2, 1],
        ['--_::_+_=', '_'],
      ])
      expect([at('user'), at('tags'), at('nosuch')]).toEqual([
        ['al', null],
        [['x', 'y'], null],
        [null, null],
      ])
      expect(
        ['date_year', 'date_month', 'date_mday', 'date_wday', 'date_hour', 'date_minute', 'date_second', 'date_zone'].map((n) => at(n)),
      ).toEqual(['2024', 'february', '29', 'thursday', '23', '30', '0', '60'].map((v) => [v, null]))
      expect(at('_cd')[1]).toMatch(/^0:\d+$/)
      expect(all[0]!.batch.names()).toEqual(expect.arrayContaining(['_raw', '_time', 'date_hour', 'linecount', 'punct', 'tags', 'user']))
    }
  })

  test('columns are made at the rows that are alive, and hold for a narrower batch', async () => {
    await put(get(), [event('a', 3), event('b', 2), event('c', 1)])
    await get().seal()
    const { batch } = (await pages(get(), query())).flat()[0]!
    const one = batch.narrow(Uint32Array.of(1))
    expect(texts(one)).toEqual([valueAt(batch.column('_raw'), 1)])
    expect(one.narrow(Uint32Array.of(1)).column('_raw')).toBe(one.column('_raw'))
  })
}

function descriptionTests(get: () => EventStore): void {
  const scope = { indexes: ['*'], allowed: ['*'], earliest: Number.NEGATIVE_INFINITY, latest: Number.POSITIVE_INFINITY }

  test('counts and spans', async () => {
    const store = get()
    await put(store, [event('abc', 10, { host: 'h1' }), event('de', 30, { host: 'h2' }), event('f', 20, { host: 'h1', source: 's2' })])
    for (const seal of [false, true]) {
      if (seal) await store.seal()
      const { indexes } = await store.describe(scope)
      expect(indexes.map((i) => [i.name, i.events])).toEqual([
        ['history', 0],
        ['main', 3],
        ['summary', 0],
      ])
      expect(indexes[1]).toMatchObject({
        rawBytes: 6,
        earliest: 10,
        latest: 30,
        sources: [
          { value: '/var/log/app.log', count: 2 },
          { value: 's2', count: 1 },
        ],
      })
      expect(indexes[1]!.hosts).toEqual([
        { value: 'h1', count: 2, earliest: 10, latest: 20, recent: 1_700_000_100 },
        { value: 'h2', count: 1, earliest: 30, latest: 30, recent: 1_700_000_100 },
      ])
      const [bucket, ...others] = indexes[1]!.buckets
      expect(bucket).toMatchObject({ events: 3, rawBytes: 6, hosts: 2, sources: 2, sourcetypes: 1, earliest: 10, latest: 30 })
      expect([others, indexes[1]!.damaged]).toEqual([[], []])
      expect((await store.describe({ ...scope, check: true })).indexes).toEqual(indexes)
      expect((await store.describe({ ...scope, earliest: 20, latest: 30 })).indexes[1]).toMatchObject({ events: 1, rawBytes: 1 })
    }
  })

  test('the lexicon, sealed or not', async () => {
    const store = get()
    await put(store, [event('Foo.bar foo')])
    for (const seal of [false, true]) {
      if (seal) await store.seal()
      const terms = async (pattern: string) => (await store.terms({ indexes: ['main'], allowed: ['*'], pattern, limit: 10 })).terms
      expect(await terms('fo*')).toEqual([
        { term: 'foo', blocks: 1 },
        { term: 'foo.bar', blocks: 1 },
      ])
      expect((await terms('*bar')).map((t) => t.term)).toEqual(['bar', 'foo.bar'])
      expect((await terms('bar')).map((t) => t.term)).toEqual(['bar'])
    }
  })
}

function removalTests(get: () => { store: EventStore; reopen(): Promise<void> }): void {
  test('removed events are gone, and stay gone when they are sent again', async () => {
    const { store, reopen } = get()
    const events = [event('keep one'), event('drop two'), event('drop three'), event('keep four')]
    const receipt = await store.reserve('main', 4)
    await store.append('main', events, receipt)
    expect(await store.remove({ query: query({ filter: predicate({ word: 'drop' }) }) })).toBe(2)
    expect(await store.remove({ query: query({ filter: predicate({ word: 'drop' }) }) })).toBe(0)
    expect(await store.append('main', events, receipt)).toMatchObject({ stored: 0 })
    await reopen()
    expect(await found(get().store)).toEqual(['keep four', 'keep one'])
    expect(await get().store.remove({ index: 'main', serials: [receipt.first, receipt.first + 1, 99] })).toBe(1)
    expect(await found(get().store)).toEqual(['keep four'])
  })

  test('a filter that the store cannot decide removes nothing', async () => {
    await put(get().store, [event('a')])
    await expect(get().store.remove({ query: query({ filter: predicate({ compare: ['user', '=', 'x'] }) }) })).rejects.toMatchObject({
      code: 'failed',
    })
  })
}
