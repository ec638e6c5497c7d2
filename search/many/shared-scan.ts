import { availableParallelism } from 'node:os'
import { decodeBatch } from '../../spl/batch/codec'
import { dictionaries } from '../../spl/batch/dictionary'
import type { Environment } from '../../spl/run/environment'
import type { EventReader, ManyQueries, StoreQuery } from '../../storage/event-store'
import type { SearchKnowledge } from '../search-knowledge'
import { Feed } from './feed'
import type { Found, FoundRows } from './found-rows'
import { type Finding, Helper } from './helper'
import type { HelperStart } from './helper-worker'
import { PageFilter, type Said } from './page-filter'
import { type Pages, readPages } from './pages'
import { type SharedPages, WORDS } from './shared-pages'

/** One search that takes part. */
export interface Participant {
  readonly query: StoreQuery
  readonly env: Environment
  /** It must read its events by itself: something went another way than when it is alone. */
  leave(): void
}
interface Fed extends Participant {
  readonly feed: Feed
  /** Whether any rows came to it. */
  reached: boolean
}
/** What helpers need beside the searches; absent: all is done in this thread. */
export type HelpWith = Pick<HelperStart, 'place' | 'knowledge' | 'app' | 'user'>

/** Milliseconds after which others get a turn. */
const TURN = 8
/** Searches, and chunks of pages, from which on another thread is worth its start. */
const SEARCHES = 16
const CHUNKS = 4
const HELPERS = Math.min(3, availableParallelism() - 1)
/** Milliseconds between two looks at whether anybody still reads. */
const LOOK = 50

/**
 * Reads the events of several searches once: each page is decompressed and its fields are extracted for all of them. Sealed pages are read
 * by this thread and its helpers, some at a time, and handed on in the order of events.
 */
export class SharedScan {
  private readonly fed: readonly Fed[]
  private readonly all: Uint32Array
  private readonly filter: PageFilter
  private readonly unify = dictionaries()
  private readonly closed: Uint8Array
  private readonly helpers: readonly Helper[]
  /** What was read and not yet handed on, by chunk. */
  private readonly read = new Map<number, readonly Found[]>()
  private rows: FoundRows | undefined
  private turned = performance.now()
  private unplaced = false
  private failure: Error | undefined
  private heard: (() => void) | undefined

  constructor(
    private readonly reader: EventReader,
    participants: readonly Participant[],
    knowledge: SearchKnowledge,
    help?: HelpWith,
  ) {
    this.fed = participants.map((p) => ({ ...p, feed: new Feed(), reached: false }))
    this.all = Uint32Array.from(this.fed.keys())
    this.closed = new Uint8Array(new SharedArrayBuffer(this.fed.length))
    // First, so that they get ready meanwhile.
    this.helpers = help && this.fed.length >= SEARCHES ? this.started(help) : []
    this.filter = new PageFilter(
      this.fed.map((p) => p.query.filter),
      knowledge,
      this.fed[0]!.env,
      {
        open: (search) => !this.fed[search]!.feed.closed,
        keep: (search, batch) => this.rows!.keep(search, batch),
        said: (search, said) => this.said(search, said),
        dismiss: (search) => this.dismiss(search),
        unplaced: () => this.hearUnplaced(),
      },
    )
  }

  /** What each participant reads, in their order. */
  get feeds(): readonly Feed[] {
    return this.fed.map((p) => p.feed)
  }

  /** Resolves when every search has had what it is to have; an error ends those that still read. */
  async run(): Promise<void> {
    try {
      const found = await this.reader.openMany!(this.fed.map((p) => p.query))
      try {
        await this.readAll(found)
      } finally {
        await this.reader.release(found.snapshot)
      }
      for (const { feed } of this.fed) feed.end()
    } catch (e) {
      for (const { feed } of this.fed) feed.fail(e)
    } finally {
      this.help(undefined)
      await Promise.all(this.helpers.map((h) => h.ended))
    }
  }
  private async readAll({ loose, sealed }: ManyQueries): Promise<void> {
    const chunks = sealed.map(({ task, asking }, i) => ({ task, asking, after: sealed[i + 1]?.task.latest ?? Number.NEGATIVE_INFINITY }))
    const shared = { chunks, words: new Int32Array(new SharedArrayBuffer(WORDS.count * 4)) }
    this.help(chunks.length >= CHUNKS ? shared : undefined)
    try {
      // Rows of what comes after them may be later.
      for (const task of loose) await this.give(await this.pages({ task, asking: undefined, after: Number.POSITIVE_INFINITY }))
      await this.readSealed(shared)
    } finally {
      Atomics.store(shared.words, WORDS.stop, 1)
    }
  }
  private async readSealed({ chunks, words }: SharedPages): Promise<void> {
    for (let taken = 0; taken < chunks.length && !this.over; ) {
      const chunk = Atomics.add(words, WORDS.next, 1)
      if (chunk < chunks.length) this.read.set(chunk, await this.pages(chunks[chunk]!))
      else if (!this.read.has(taken)) await this.hearing()
      if (this.failure) throw this.failure
      for (let found = this.read.get(taken); found; found = this.read.get(taken)) {
        this.read.delete(taken)
        await this.give(found)
        Atomics.store(words, WORDS.taken, ++taken)
        Atomics.notify(words, WORDS.taken)
      }
    }
  }
  private async pages(pages: Pages): Promise<readonly Found[]> {
    const found: Found[] = []
    const { reader, filter, unify, all } = this
    await readPages(pages, {
      reader,
      filter,
      unify,
      all,
      into: (rows) => {
        this.rows = rows
      },
      found: (f) => void found.push(f),
      stops: () => this.turn(),
    })
    return found
  }
  private turn(): boolean | Promise<boolean> {
    if (performance.now() - this.turned < TURN) return this.over
    return new Promise<void>((resolve) => setImmediate(resolve)).then(() => {
      this.turned = performance.now()
      return this.over
    })
  }
  /** Nobody reads any more. */
  private get over(): boolean {
    return this.fed.every(({ feed }) => feed.closed)
  }

  /** Hands over what was found, to each search in its order; resolves when all have done with it. */
  private async give(found: readonly Found[]): Promise<void> {
    const lists = new Map<number, Found[]>()
    for (const f of found) {
      const list = lists.get(f.search)
      if (list) list.push(f)
      else lists.set(f.search, [f])
    }
    await Promise.all([...lists].map(([search, list]) => this.giveTo(search, list)))
    for (const [search, { feed }] of this.fed.entries()) if (feed.closed) this.closed[search] = 1
  }
  private async giveTo(search: number, list: readonly Found[]): Promise<void> {
    const p = this.fed[search]!
    p.reached = true
    if (this.unplaced) this.dismiss(search)
    for (const { batch, next, rows } of list) if (!p.feed.closed) await p.feed.push({ batch, next, scanned: rows })
  }

  private said(search: number, said: Said): void {
    if (said === 'fails') this.dismiss(search)
    else for (const problem of said) this.fed[search]!.env.report(problem)
  }
  private hearUnplaced(): void {
    this.unplaced = true
    for (const [search, p] of this.fed.entries()) if (p.reached) this.dismiss(search)
  }
  private dismiss(search: number): void {
    const p = this.fed[search]!
    p.leave()
    p.feed.end()
  }

  private started({ place, knowledge, app, user }: HelpWith): readonly Helper[] {
    const { now, zone, seed, range, batchRows, regexMilliseconds, memoryBytes, host } = this.fed[0]!.env
    const start: HelperStart = {
      place,
      knowledge,
      app,
      user,
      timeZone: zone.name,
      serverName: host.serverName,
      env: { now, seed, range, batchRows, regexMilliseconds, memoryBytes },
      searches: this.fed.map(({ query: { filter, demand } }) => ({ filter, demand })),
      closed: this.closed,
    }
    const failed = (e: Error) => {
      this.failure = e
      this.heard?.()
    }
    return Array.from({ length: HELPERS }).flatMap(() => Helper.start(start, (m) => this.hear(m), failed) ?? [])
  }
  private begun = false
  private help(pages: SharedPages | undefined): void {
    if (!this.begun) for (const h of this.helpers) h.begin(pages)
    this.begun = true
  }
  private hear(m: Finding): void {
    if ('chunk' in m) {
      const found = m.found.map(({ search, batch, next, rows }) => ({ search, batch: decodeBatch(batch), next, rows }))
      this.read.set(m.chunk, found)
    } else if ('said' in m) this.said(m.search, m.said)
    else if ('dismissed' in m) this.dismiss(m.dismissed)
    else this.hearUnplaced()
    this.heard?.()
  }
  /** Resolves when a helper has said something, or after a moment. */
  private hearing(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, LOOK)
      this.heard = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }
}
