import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import type { DataSet } from './data-set'

/** DuckDB over the same texts, held in its memory, on two threads. */
export class Duck {
  private constructor(private readonly connection: DuckDBConnection) {}

  static async load(data: DataSet): Promise<Duck> {
    const connection = await (await DuckDBInstance.create(':memory:', { threads: '2' })).connect()
    await connection.run(
      `CREATE TABLE events AS SELECT raw FROM read_csv('${data.raw.replaceAll("'", "''")}', columns={'raw': 'VARCHAR'}, delim='\u0001', quote='', escape='', header=false, auto_detect=false)`,
    )
    const duck = new Duck(connection)
    const [[count]] = (await duck.rows('SELECT count(*)::INT FROM events')) as [[number]]
    if (count !== data.events) throw new Error(`DuckDB read ${count} of ${data.events} events`)
    return duck
  }
  async rows(sql: string): Promise<readonly (readonly unknown[])[]> {
    return (await this.connection.runAndReadAll(sql)).getRows()
  }
  close(): void {
    this.connection.closeSync()
  }
}
