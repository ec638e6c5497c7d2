import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { extractionIn, lookupFileIn, objectsIn, placeOf, stanzasIn } from '../../../knowledge/context'
import { packageFolder } from '../../../knowledge/package-folder'
import { loadKnowledge } from '../../../knowledge/snapshot'
import { macroTable } from '../../../macros/definition'

let root: string
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'headstand-knowledge-'))
  const files: Record<string, string> = {
    'apps/a/default/macros.conf': '[m]\ndefinition = a default\n[only_a]\ndefinition = a\n[get_web_data]\ndefinition = index=web',
    'apps/a/local/macros.conf': '[m]\ndefinition = a local',
    'apps/b/default/macros.conf': '[m]\ndefinition = b default\n[only_b]\ndefinition = b\n[gone]\ndefinition = x\ndisabled = 1',
    'apps/b/lookups/users.csv': 'user\nal\n',
    'apps/b/default/props.conf': 'TZ = UTC\n[st]\nKV_MODE = none\nEXTRACT-a = (?<a>.)',
    'apps/a/local/props.conf': '[st]\nKV_MODE = json',
    'apps/b/default/transforms.conf': '[default]\nMV_ADD = true\n[t]\nREGEX = x\n[u]\nMV_ADD = false',
    'apps/c/default/macros.conf': '[m]\ndefinition = c\n[shared_c(1)]\nargs = x\ndefinition = c $x$\n[hidden_c]\ndefinition = c',
    'apps/c/metadata/default.meta': '[]\nexport = none\n[macros/shared_c%281%29]\nexport = none',
    'apps/c/metadata/local.meta': '[macros/shared_c%281%29]\nexport = system',
    'apps/off/default/app.conf': '[install]\nstate = disabled',
    'apps/off/default/macros.conf': '[off]\ndefinition = x',
    'users/jo/a/local/macros.conf': '[m]\ndefinition = jo',
    'apps/readme.txt': 'no app',
  }
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true })
    writeFileSync(join(root, name), text)
  }
})
afterAll(() => rmSync(root, { recursive: true, force: true }))

const load = () =>
  loadKnowledge({
    appFolders: [join(root, 'apps')],
    usersFolder: join(root, 'users'),
    systemLayers: {
      defaults: { macros: '[m]\ndefinition = system\n[base]\ndefinition = system' },
      local: { macros: '[m]\ndefinition = system local' },
    },
  })
const definition = (name: string, context: Parameters<typeof objectsIn>[2]) => objectsIn(load(), 'macros', context).get(name)?.definition

test('global: system local, app locals, app defaults, system default; the first app wins', () => {
  expect(definition('m', 'global')).toBe('system local')
  expect(stanzasIn(load(), 'props', 'global').get('st')).toEqual({ KV_MODE: 'json', 'EXTRACT-a': '(?<a>.)' })
  expect(definition('base', 'global')).toBe('system')
  const apps = loadKnowledge({ appFolders: [join(root, 'apps')] })
  expect(objectsIn(apps, 'macros', 'global').get('m')?.definition).toBe('a local')
})

test.each([
  ['the user first', { app: 'a', user: 'jo' }, 'jo'],
  ['only his own', { app: 'a', user: 'al' }, 'a local'],
  ['only in that app', { app: 'b', user: 'jo' }, 'b default'],
  ['the app that is searched from', { app: 'c' }, 'c'],
  ['else the last of the other apps that export', { app: 'search' }, 'b default'],
])('app and user: %s', (_name, context, expected) => {
  expect(definition('m', context)).toBe(expected)
})

test('other apps show what they export; an app without metadata shows all', () => {
  const seen = (app: string) =>
    ['only_a', 'only_b', 'shared_c(1)', 'hidden_c', 'off', 'gone'].filter((n) => objectsIn(load(), 'macros', { app }).has(n))
  expect(seen('search')).toEqual(['only_a', 'only_b', 'shared_c(1)'])
  expect(seen('c')).toEqual(['only_a', 'only_b', 'shared_c(1)', 'hidden_c'])
  expect(objectsIn(load(), 'macros', { app: 'b' }, true).has('gone')).toBe(true)
})

test('the macros of the package lie under everything', () => {
  expect(definition('get_endpoint_data', { app: 'search' })).toBe('index=*')
  expect(definition('get_web_data', { app: 'search' })).toBe('index=web')
  expect(macroTable(objectsIn(load(), 'macros', { app: 'a' })).get('group_events(2)')).toMatchObject({ args: ['fields', 'span'] })
  expect(packageFolder()).toBe(join(__dirname, '..', '..', '..'))
})

test('extraction: [default] of props stays a stanza of its own, transforms inherit theirs', () => {
  const { props, transforms } = extractionIn(load(), { app: 'search' })
  expect(props).toEqual({ default: { TZ: 'UTC' }, st: { KV_MODE: 'none', 'EXTRACT-a': '(?<a>.)' } })
  expect(transforms).toEqual({ t: { MV_ADD: 'true', REGEX: 'x' }, u: { MV_ADD: 'false' } })
})

test('where a stanza is said, and where a lookup file lies', () => {
  expect(placeOf(load(), 'macros', 'only_b', { app: 'a' })).toEqual({ file: join(root, 'apps/b/default/macros.conf'), line: 3 })
  expect(lookupFileIn(load(), 'users.csv', { app: 'a' })).toBe(join(root, 'apps/b/lookups/users.csv'))
  expect(lookupFileIn(load(), 'none.csv', 'global')).toBeUndefined()
})

test('a snapshot is plain data with a version that follows its content', () => {
  const knowledge = load()
  expect(structuredClone(knowledge)).toEqual(knowledge)
  expect(load().version).toBe(knowledge.version)
  writeFileSync(join(root, 'apps/a/local/macros.conf'), '[m]\ndefinition = other')
  expect(load().version).not.toBe(knowledge.version)
  writeFileSync(join(root, 'apps/a/local/macros.conf'), '[m]\ndefinition = a local')
})

test('a folder that is not there is named', () => {
  expect(() => loadKnowledge({ appFolders: [join(root, 'nowhere')] })).toThrow('nowhere')
})
