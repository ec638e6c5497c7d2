import { TermSet } from '../../../spl/segments/term-set'
import { compareTexts } from '../../../spl/values/compare'
import { wildcard } from '../../../spl/values/wildcard'
import type { Lexicon, TermQuery } from '../../event-store'
import type { IndexFile } from './catalogue'
import type { Connection } from './connection'
import type { TailRow } from './tail'

/**
 * The terms of some files that fit a pattern. Terms of removed events stay until their block goes.
 * @param reading does a job with a file that is there still
 */
export async function lexicon(
  files: readonly IndexFile[],
  reading: (f: IndexFile, job: (connection: Connection) => Promise<void>) => Promise<void>,
  query: TermQuery,
  signal?: AbortSignal,
): Promise<Lexicon> {
  const counts = new Map<string, number>()
  const add = (term: string, blocks: number) => counts.set(term, (counts.get(term) ?? 0) + blocks)
  for (const f of files) {
    signal?.throwIfAborted()
    await reading(f, async (connection) => {
      const sealed = await sealedTerms(connection, query)
      const loose = await looseTerms(connection, query.pattern)
      for (const r of sealed) add(r.term, r.doc)
      for (const term of loose) add(term, 1)
    })
  }
  const terms = [...counts].map(([term, blocks]) => ({ term, blocks })).sort((a, b) => compareTexts(a.term, b.term))
  return { kind: 'exact', terms: terms.slice(0, query.limit) }
}

/**
 * The beginning up to the first `*` is a range of the lexicon; the rest is tested term by term. Where nothing is left to test, the first terms
 * of each file are enough.
 */
async function sealedTerms(connection: Connection, { pattern, limit }: TermQuery): Promise<{ term: string; doc: number }[]> {
  const test = wildcard(pattern)
  if (test.plain) return connection.all('SELECT term, doc FROM vocab WHERE term = ?', pattern)
  const star = pattern.indexOf('*')
  const prefix = pattern.slice(0, star)
  const rows = await connection.all<{ term: string; doc: number }>(
    'SELECT term, doc FROM vocab WHERE term >= ? AND term < ? ORDER BY term LIMIT ?',
    prefix,
    `${prefix}\u{10ffff}`,
    star === pattern.length - 1 ? limit : -1,
  )
  return rows.filter((r) => test.test(r.term))
}

async function looseTerms(connection: Connection, pattern: string): Promise<string[]> {
  const test = wildcard(pattern)
  const set = new TermSet()
  const rows = await connection.all<Pick<TailRow, 'raw' | 'segmentation'>>('SELECT raw, segmentation FROM tail')
  for (const { raw, segmentation } of rows) set.add(raw, 0, raw.length, segmentation ?? 'full')
  const out: string[] = []
  set.each((term) => {
    if (test.test(term)) out.push(term)
  })
  return out
}
