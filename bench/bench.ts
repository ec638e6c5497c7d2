import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { packageFolder } from '../knowledge/package-folder'
import { EngineHead } from '../search/engine-head'
import { type DataSet, type Form, json, real, synthetic } from './data-set'
import { Duck } from './duck'
import type { Result } from './measure'
import { Ours } from './ours'

/** One row of the table, or some that are measured together. */
export interface Row {
  readonly name: string
  /** Takes so long that it is run only when it is named. */
  readonly asked?: true
  readonly measure: (bench: Bench) => Promise<readonly Result[]>
}

/** Real events lie beside the repository where they are there at all. */
const REAL = ['shared', 'truth', 'otrf-200k.ndjson.gz']

/** What the rows share: data, a store of it, who answers searches. Made when first asked for. */
export class Bench {
  readonly root = packageFolder()
  private readonly data = join(this.root, 'node_modules', '.cache', 'headstand', 'bench')
  private readonly temporary = mkdtempSync(join(tmpdir(), 'headstand-bench-'))
  private readonly open: (() => Promise<void> | void)[] = []
  private stores: Promise<string> | undefined
  private alone: Promise<Ours> | undefined
  private served: Promise<EngineHead> | undefined
  private duck: Promise<Duck> | undefined

  constructor(
    readonly size: number,
    /** Runs of what takes less than a second. */
    readonly runs: number,
    readonly say: (text: string) => void,
  ) {}

  events(form: Form = 'xml'): Promise<DataSet> {
    return synthetic(this.data, this.root, { form, count: this.size })
  }
  json(): Promise<DataSet> {
    return json(this.data, this.root, this.size)
  }
  real(): Promise<DataSet> | undefined {
    return real(this.data, join(this.root, '..', ...REAL), this.size < 500_000 ? this.size : Number.POSITIVE_INFINITY)
  }
  /** A path that is removed at the end. */
  path(name: string): string {
    return join(this.temporary, name)
  }
  /** A process for one measurement of what stays in memory. */
  async fresh<T>(job: (ours: Ours) => Promise<T>): Promise<T> {
    const ours = new Ours(this.root)
    return job(ours).finally(() => ours.end())
  }

  /** The folder of a store with the synthetic events. */
  store(): Promise<string> {
    this.stores ??= this.fill()
    return this.stores
  }
  private async fill(): Promise<string> {
    const db = this.path('store')
    const data = await this.events()
    this.say('store of the events')
    await this.fresh((ours) => ours.order({ do: 'ingest', db, data }))
    return db
  }
  private async copy(name: string): Promise<string> {
    const to = this.path(name)
    cpSync(await this.store(), to, { recursive: true })
    return to
  }
  /** One process, one thread. */
  ours(): Promise<{ readonly ours: Ours; readonly db: string }> {
    this.alone ??= this.start()
    return this.alone.then((ours) => ({ ours, db: this.path('store-alone') }))
  }
  private async start(): Promise<Ours> {
    const db = await this.copy('store-alone')
    const ours = new Ours(this.root)
    this.open.push(() => ours.end())
    await ours.order({ do: 'open', db })
    return ours
  }
  /** What `serve` has: an engine process with workers. */
  engine(): Promise<EngineHead> {
    this.served ??= this.copy('store-served').then((db) => this.serving(db))
    return this.served
  }
  /** The same over a store of one's own. */
  async serving(db: string): Promise<EngineHead> {
    const head = await EngineHead.start({ db, program: join(this.root, 'dist', 'engine.js'), log: this.say })
    this.open.push(() => head.close())
    return head
  }
  duckdb(): Promise<Duck> {
    this.duck ??= this.load()
    return this.duck
  }
  private async load(): Promise<Duck> {
    const data = await this.events()
    this.say('DuckDB loads the events')
    const duck = await Duck.load(data)
    this.open.push(() => duck.close())
    return duck
  }

  async close(): Promise<void> {
    for (const end of this.open) await end()
    rmSync(this.temporary, { recursive: true, force: true })
  }
}
