import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Connection } from '../../../../storage/backends/sqlite/connection'

it('says that a statement does not compile to all who wait for it, and compiles it when it can', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'headstand-connection-'))
  const connection = await Connection.open(join(dir, 'a.db'), 'write')
  const asked = () => connection.all('SELECT x FROM t')
  const failures = await Promise.allSettled([asked(), asked(), connection.run('INSERT INTO t VALUES(1)')])
  expect(failures.map((f) => f.status)).toEqual(['rejected', 'rejected', 'rejected'])
  await expect(asked()).rejects.toMatchObject({ code: 'failed', message: expect.stringContaining('no such table: t') })
  await connection.exec('CREATE TABLE t(x)')
  expect(await asked()).toEqual([])
  await connection.close()
  await rm(dir, { recursive: true })
})
