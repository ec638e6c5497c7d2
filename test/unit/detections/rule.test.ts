import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { readYaml } from '../../../detections/read-yaml'
import { isRuleFile, readRules } from '../../../detections/rule'
import { readConf } from '../../../knowledge/conf'
import { mergeConfs } from '../../../knowledge/layers'

const stanzas = (text: string, file: string) => mergeConfs([readConf(text, file)])
const read = (file: string, text: string) => readRules(file, text, stanzas)

test('a page of a catalogue, its search folded to one line', () => {
  const text = "id: '1.2'\ntitle: A rule\nlogic_format: Splunk\nlogic: >-\n  index=main x\n  | stats count\n"
  expect(read('a/b.yml', text)).toEqual([{ id: '1.2', title: 'A rule', file: 'a/b.yml', search: 'index=main x | stats count' }])
  expect(read('a/b.yml', 'logic: x\n')).toEqual([{ id: 'b', title: 'b', file: 'a/b.yml', search: 'x' }])
})

test('other YAML holds no rule', () => {
  expect(read('a.yml', 'name: x\n')).toEqual([])
  expect(read('a.yml', '- 1\n')).toEqual([])
  expect(read('a.yml', '')).toEqual([])
})

test('saved searches, but for those that are disabled or have no search', () => {
  const text =
    '[default]\nsearch = no\n[One]\nsearch = index=a \\\n| head 1\ndispatch.earliest_time = -24h\ndispatch.latest_time = now\n[Two]\nsearch = x\ndisabled = 1\n[Three]\ncron = x\n'
  expect(read('savedsearches.conf', text)).toEqual([
    { id: 'One', title: 'One', file: 'savedsearches.conf', search: 'index=a \n| head 1', earliest: '-24h', latest: 'now' },
  ])
})

test('a search alone', () => {
  expect(read('x/y.spl', 'index=a | head 1\n')).toEqual([{ id: 'y', title: 'y', file: 'x/y.spl', search: 'index=a | head 1' }])
})

test.each([
  ['logic_format: Sigma\nlogic: x\n', "a.yml: Not supported by Headstand: logic_format 'Sigma'."],
  ['logic: [1]\n', "a.yml: 'logic' is no text."],
  ["logic: 'x\n", "a.yml: Missing closing 'quote at line 2, column 1"],
  ['a: b: c\n', 'a.yml: Nested mappings are not allowed in compact mappings at line 1, column 4'],
])('%j is refused', (text, said) => {
  expect(() => read('a.yml', text)).toThrow(said)
})

test('a quoted scalar that goes on in column 1', () => {
  expect(readYaml("a: 'x\n| y\n\n| z'\nb: 1\n", 'f')).toEqual({ a: 'x | y\n| z', b: 1 })
  expect(readYaml('a: "x\n| y"\n', 'f')).toEqual({ a: 'x | y' })
})

test.each([
  ['a.yml', true],
  ['a.yaml', true],
  ['a.test.yml', false],
  ['a.test.yaml', false],
  ['a.spl', true],
  ['local/savedsearches.conf', true],
  ['props.conf', false],
  ['a.json', false],
])('%s holds rules: %s', (name, holds) => {
  expect(isRuleFile(name)).toBe(holds)
})

const root = join(__dirname, '..', '..', '..')
test('the seed rule is read as the one line that it is', () => {
  const file = join(root, 'data', 'rules', 'windows_ftp_exfiltration.yml')
  const [rule] = read(file, readFileSync(file, 'utf8'))
  expect(rule).toMatchObject({
    id: '5704.18099',
    title: 'Windows FTP Exfiltration',
    search:
      '`get_endpoint_data` `get_endpoint_data_sysmon` (TERM(EventCode=1) OR "EventID>1<") TERM(ftp) | regex process="(?i)ftp\\s+(.{1,})?\\-s\\:.{1,}\\.\\w{2,5}" | table _time, host, user process, process_*, signature_id, parent_* | bin span=1s | stats values(*) as * by _time, host',
  })
})

const corpus = join(root, '..', 'shared', 'corpus')
const filesBelow = (folder: string): readonly string[] =>
  readdirSync(folder).flatMap((name) => {
    const path = join(folder, name)
    return statSync(path).isDirectory() ? filesBelow(path) : /\.ya?ml$/.test(name) ? [path] : []
  })
const withCorpus = existsSync(corpus) ? test : test.skip
if (!existsSync(corpus)) console.log(`skipped: ${corpus} is not there`)

withCorpus('pages of the catalogues, those with scalars in column 1 among them', () => {
  const outdented = filesBelow(join(corpus, 'security_content')).filter((file) => /^\| /m.test(readFileSync(file, 'utf8')))
  expect(outdented.length).toBeGreaterThan(0)
  for (const file of outdented) expect(Object.keys(readYaml(readFileSync(file, 'utf8'), file) as object)).toContain('description')
  // Reading all of them takes seconds.
  const armory = filesBelow(join(corpus, 'armory')).filter((_, i) => i % 10 === 0)
  expect(armory.flatMap((file) => read(file, readFileSync(file, 'utf8'))).length).toBe(armory.length)
})
