import { keptPipeline, keptPlan } from '../../../search/kept-plans'
import { loadLanguage } from '../../../search/load-language'
import { LocalHead } from '../../../search/local-head'
import { searchRequest } from '../../support/search-request'

const language = loadLanguage()

it('keeps what was asked for lately, and no long texts', () => {
  const text = (i: number) => `search a${i} | stats count`
  const first = keptPipeline(text(0), language)
  expect(keptPipeline(text(0), language)).toBe(first)
  expect(keptPlan(first.stages, language)).toBe(keptPlan(first.stages, language))
  for (let i = 1; i < 256; i++) keptPipeline(text(i), language)
  expect(keptPipeline(text(0), language)).toBe(first)
  for (let i = 1; i < 257; i++) keptPipeline(text(i), language)
  expect(keptPipeline(text(0), language)).not.toBe(first)
  expect(keptPipeline(text(0), language)).toEqual(first)
  const long = `search ${'a '.repeat(3000)}`
  expect(keptPipeline(long, language)).not.toBe(keptPipeline(long, language))
})

it('searches of one text that run at a time do not meet', async () => {
  const head = new LocalHead({ limits: { batchRows: 7 } })
  const event = (i: number) => ({
    index: 'main',
    time: 1_700_000_000 + i,
    host: 'h',
    source: 's',
    sourcetype: 't',
    raw: `n=${i} user=u${i % 5}`,
  })
  await head.ingest(Array.from({ length: 300 }, (_, i) => event(i)))
  const texts = [
    'search n=* | streamstats count as k by user | dedup user k | rex "user=u(?<d>[0-9])" | where d>1 | head 40 | table n k d',
    'search n=* | eventstats avg(n) as m by user | regex user="[13]$" | stats sum(m) values(n) by user | sort - user',
  ]
  const answer = async (text: string) => {
    const job = await head.start(searchRequest(text, { earliest: '0', latest: '1800000000' }))
    expect((await job.finished()).state).toBe('DONE')
    return job.rows({ kind: 'results', offset: 0, count: 0 })
  }
  for (const text of texts) {
    const alone = await answer(text)
    expect(alone.rows.length).toBeGreaterThan(1)
    for (const rows of await Promise.all([1, 2, 3, 4].map(() => answer(text)))) expect(rows).toEqual(alone)
  }
  await head.close()
})
