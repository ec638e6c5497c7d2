import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { IncomingEvent, SearchRequest } from '../../../search/head'
import { LocalHead } from '../../../search/local-head'
import { implied } from '../../../search/read'

const truth = join(__dirname, '..', '..', '..', '..', 'shared', 'truth')
const there = existsSync(join(truth, 'rules.json'))
if (!there) console.log('skipped: the truth files are not there')

interface TruthRule {
  readonly title: string
  readonly spl: string
  readonly expected_events: number
}

const request = (spl: string): SearchRequest => ({
  search: implied(spl),
  owner: 'admin',
  app: 'search',
  indexesAllowed: ['*'],
  indexesDefault: ['main'],
  ttlSeconds: 60,
  maxCount: Number.MAX_SAFE_INTEGER,
  maxTimeSeconds: 0,
  preview: false,
  origin: 'test',
  echo: {},
})

;(there ? test : test.skip)('rules of a catalogue over real events: each finds what its evaluators say', async () => {
  const { rules } = JSON.parse(readFileSync(join(truth, 'rules.json'), 'utf8')) as { rules: readonly TruthRule[] }
  const lines = readFileSync(join(truth, 'events.ndjson'), 'utf8').trim().split('\n')
  const events = lines.map((line): IncomingEvent => {
    const { time, host, source, sourcetype, raw } = JSON.parse(line) as IncomingEvent
    return { index: 'main', time, host, source, sourcetype, raw }
  })
  const head = new LocalHead({})
  try {
    await head.ingest(events)
    const results = await head.many(rules.map((r) => request(r.spl)))
    const wrong = rules.flatMap((r, i) =>
      results[i]!.resultCount === r.expected_events ? [] : [{ title: r.title, expected: r.expected_events, got: results[i] }],
    )
    expect(wrong).toEqual([])
    expect(rules.length).toBeGreaterThan(1000)
  } finally {
    await head.close()
  }
})
