import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { IncomingEvent } from '../../search/head'
import { LocalHead } from '../../search/local-head'
import { column, ran, request, startHead } from './engine-head'

jest.setTimeout(60_000)

const folder = mkdtempSync(join(tmpdir(), 'headstand-test-'))
afterAll(() => rmSync(folder, { recursive: true }))

const WAYS = ['full', 'inner', 'outer', 'none', 'odd']
function app(): string {
  const dir = mkdtempSync(join(folder, 'app-'))
  mkdirSync(join(dir, 'default'))
  writeFileSync(join(dir, 'default', 'props.conf'), WAYS.map((way) => `[cut_${way}]\nSEGMENTATION = ${way}\n`).join(''))
  writeFileSync(join(dir, 'default', 'segmenters.conf'), '[odd]\nLOOKAHEAD = 5\n')
  return dir
}
/** One of each sourcetype, and another for whose sake no search is decided by what all events have in common. */
const events: IncomingEvent[] = WAYS.flatMap((way) =>
  ['ip=10.1.2.3 lone', 'other=1'].map((raw) => ({
    index: 'main',
    time: 1_700_000_000,
    host: 'h',
    source: 's',
    sourcetype: `cut_${way}`,
    raw,
  })),
)
const searches: [string, string[]][] = [
  ['10.1.2.3', ['full', 'inner', 'odd']],
  ['TERM(ip=10.1.2.3)', ['full', 'odd', 'outer']],
  ['lone', ['full', 'inner', 'odd', 'outer']],
  // The value's terms are asked of the index …
  ['ip=10.1.2.3', ['full', 'inner', 'odd']],
  // … also where the store cannot decide alone.
  ['(ip=10.1.2.3 OR nosuch=1)', ['full', 'inner', 'odd']],
  ['(lone OR nosuch=1)', ['full', 'inner', 'odd', 'outer']],
  ['other!=1 NOT lone', []],
  ['other=* NOT TERM(other=1)', ['inner', 'none']],
  ['ip=*', ['full', 'inner', 'none', 'odd', 'outer']],
  ['sourcetype=cut_none ip=*', ['none']],
  // After a pipe it is the text that counts.
  ['sourcetype=cut_none | search lone', ['none']],
  ['sourcetype=cut_none | search ip=10.1.2.3', ['none']],
]
const asked = (search: string) => `search ${search} | dedup sourcetype | sort sourcetype`
const wanted = searches.map(([search, ways]) => [search, ways.map((way) => `cut_${way}`)])

test('SEGMENTATION of an app’s props.conf decides what searches find, waiting or sealed', async () => {
  const options = { db: join(folder, 'db'), appFolders: [app()] }
  const head = await startHead(options)
  await head.ingest(events)
  const answers = async (h: typeof head) => {
    const found: unknown[] = []
    for (const [search] of searches) found.push([search, await column((await ran(h, asked(search))).job, 'sourcetype')])
    return found
  }
  const lexicon = async (h: typeof head) => {
    const { job } = await ran(h, '| walklex index=main type=term | where in(term, "ip", "ip=10.1.2.3", "lone") | sort term')
    return [await column(job, 'term'), await column(job, 'count')]
  }
  const terms = [
    ['ip', 'ip=10.1.2.3', 'lone'],
    ['3', '3', '4'],
  ]
  expect(await answers(head)).toEqual(wanted)
  expect(await lexicon(head)).toEqual(terms)
  await head.close()
  const again = await startHead(options)
  expect(await answers(again)).toEqual(wanted)
  expect(await lexicon(again)).toEqual(terms)
  await again.close()
})

test('many searches over one scan find the same, and a segmenter that is not supported is named', async () => {
  const lines: string[] = []
  for (const store of [{}, { blockEvents: 1 }]) {
    const head = new LocalHead({ appFolders: [app()], log: (text) => lines.push(text), store })
    await head.ingest(events)
    const results = await head.many(
      searches.map(([search]) => request(asked(search))),
      { rows: 10 },
    )
    const found = results.map((r, i) => [searches[i]![0], r.rows.rows.map((row) => row[r.rows.fields.indexOf('sourcetype')])])
    expect(found).toEqual(wanted)
    await head.close()
  }
  expect(lines).toEqual(
    Array(2).fill(expect.stringMatching(/^props\.conf \[cut_odd\] SEGMENTATION = odd: segmenters\.conf \[odd\] cuts otherwise/)),
  )
})
