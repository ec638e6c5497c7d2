import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { sourceFiles } from '../../scripts/reference/gaps'

const root = join(__dirname, '..', '..')
const text = readFileSync(join(root, 'docs', 'differences.md'), 'utf8')
/** Each with a title in bold, and at its end the file where it comes about, if it is one place. */
const entries = text.split(/\n(?=- |## |\n)/).filter((part) => part.startsWith('- **'))

const count = (files: readonly string[]) =>
  Object.fromEntries([...new Set(files)].sort().map((file) => [file, files.filter((f) => f === file).length]))

test('every known difference of the source stands in docs/differences.md, once, and none that is gone', () => {
  const marked = sourceFiles(root).flatMap((file) => (readFileSync(join(root, file), 'utf8').match(/DIFFERS:/g) ?? []).map(() => file))
  const named = entries.flatMap((entry) => /`([\w./-]+\.ts)`$/.exec(entry.trimEnd())?.[1] ?? [])
  expect(marked.length).toBeGreaterThan(0)
  expect(count(named)).toEqual(count(marked))
})

test('every entry has a title of its own', () => {
  const titles = entries.map((entry) => /^- \*\*(.+?)\*\*/s.exec(entry)?.[1])
  expect(titles).not.toContain(undefined)
  expect(new Set(titles).size).toBe(titles.length)
})
