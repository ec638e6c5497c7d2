import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/**
 * The folder that the package was installed into: the first one upwards with the package's own package.json. Sources and bundles lie
 * at different depths in it.
 * @throws Error where the code was taken out of its package
 */
export function packageFolder(from = __dirname): string {
  for (let folder = from; ; folder = dirname(folder)) {
    const file = join(folder, 'package.json')
    if (existsSync(file) && (JSON.parse(readFileSync(file, 'utf8')) as { name?: unknown }).name === 'headstand') return folder
    if (dirname(folder) === folder) throw new Error(`The package folder of headstand was not found from ${from} upwards.`)
  }
}
