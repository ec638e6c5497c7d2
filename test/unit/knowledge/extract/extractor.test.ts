import { autoPairs } from '../../../../knowledge/extract/auto-kv'
import { extractor } from '../../../../knowledge/extract/extractor'
import { jsonPairs, xmlPairs } from '../../../../knowledge/extract/flatten'
import { rowsOf } from '../../../../spl/batch/batch'
import { at, blockOf, context, knowledgeOf, shippedKnowledge, type TestEvent, tailOf } from './support'

/** Fields of one event of sourcetype `st`. */
function fields(event: string | TestEvent, names: readonly string[], props: string, transforms = '') {
  const e = typeof event === 'string' ? { raw: event } : event
  const b = extractor(knowledgeOf(props, transforms), context())(blockOf([e]))
  return Object.fromEntries(names.map((n) => [n, at(b, n)]))
}
const report = (transform: string, raw: string, names: readonly string[]) =>
  fields(raw, names, '[st]\nKV_MODE = none\nREPORT-x = t', `[t]\n${transform}`)

describe('key=value pairs', () => {
  test.each<[string, string, readonly (readonly [string, string])[]]>([
    [
      'blanks, commas, semicolons and ampersands part them',
      'a=1, b=two;c=3.5&d=x e=y',
      [
        ['a', '1'],
        ['b', 'two'],
        ['c', '3.5'],
        ['d', 'x'],
        ['e', 'y'],
      ],
    ],
    [
      'quotes keep blanks and are dropped',
      'msg="hello big world" n=1',
      [
        ['msg', 'hello big world'],
        ['n', '1'],
      ],
    ],
    ['a colon is no separator', 'foo: bar a=1', [['a', '1']]],
    ['an empty value is none', 'a= b="" c=2', [['c', '2']]],
    [
      'keys are cleaned',
      'a.b=1 x-y=2',
      [
        ['a_b', '1'],
        ['x_y', '2'],
      ],
    ],
    [
      'what a value holds is no pair',
      'url=http://h/p?x=1&y=2 z="q=3"',
      [
        ['url', 'http://h/p?x=1'],
        ['y', '2'],
        ['z', 'q=3'],
      ],
    ],
  ])('%s', (_why, text, wanted) => expect(autoPairs(text, false)).toEqual(wanted))

  test('escapes count when asked for', () => {
    expect(autoPairs('a="x \\"y\\" \\\\z" b=1', true)).toEqual([
      ['a', 'x "y" \\z'],
      ['b', '1'],
    ])
    expect(autoPairs('a="x \\"y\\"', false)[0]).toEqual(['a', 'x \\'])
  })
  test('at most 100 names, in the first 10,240 characters', () => {
    const many = Array.from({ length: 120 }, (_v, i) => `k${i}=v`).join(' ')
    expect(autoPairs(many, false)).toHaveLength(100)
    expect(autoPairs(`${'x'.repeat(10_240)} a=1`, false)).toEqual([])
  })
})

describe('documents', () => {
  test('JSON by paths', () => {
    expect(jsonPairs('{"a":{"b":1.50},"c":[1,"x"],"e":[{"f":true},{"f":null}]}')).toEqual([
      ['a.b', '1.50'],
      ['c{}', '1'],
      ['c{}', 'x'],
      ['e{}.f', 'true'],
      ['e{}.f', 'null'],
    ])
    expect(jsonPairs('a {"b":1}')).toEqual([])
  })
  test('XML by paths', () => {
    expect(xmlPairs('<a x="1"><b>t</b><b y="2">u</b></a>')).toEqual([
      ['a{@x}', '1'],
      ['a.b', 't'],
      ['a.b{@y}', '2'],
      ['a.b', 'u'],
    ])
  })
  test('an event that is JSON is flattened without being asked', () => {
    expect(fields('{"c":[1,2],"e":{"f":"p"}}', ['c{}', 'e.f'], '')).toEqual({ 'c{}': ['1', '2'], 'e.f': 'p' })
    expect(fields('{"c":1}', ['c'], '[st]\nAUTO_KV_JSON = false')).toEqual({ c: null })
    expect(fields('<a><b>1</b><b>2</b></a>', ['a.b'], '[st]\nKV_MODE = xml')).toEqual({ 'a.b': ['1', '2'] })
  })
})

/** The strings that are made of the bytes of events when a field is asked for, and its values. */
function stringsOf(raws: readonly string[], name: string): readonly [strings: readonly string[], values: readonly unknown[]] {
  const block = blockOf(raws.map((raw) => ({ raw })))
  const data = block.bytes!()!.data as Buffer & Record<'utf8Slice' | 'latin1Slice', (start: number, end: number) => string>
  const strings: string[] = []
  for (const slice of ['utf8Slice', 'latin1Slice'] as const) {
    const own = data[slice]
    data[slice] = (start, end) => {
      strings.push(own.call(data, start, end))
      return strings.at(-1)!
    }
  }
  const extracted = extractor(knowledgeOf(''), context())(block)
  return [strings, raws.map((_raw, row) => at(extracted, name, row))]
}

describe('strings are made of values only', () => {
  test('in JSON', () => {
    const raws = ['{"a":{"b":1.50},"c":"x"}', '{"b":1}', '{"a":{"b":"é"}}', '{"a":{"b":[2]}}', '{"a":{"b":"\\u0041"}}', '{"a":{"b":1.50}}']
    expect(stringsOf(raws, 'a.b')).toEqual([
      ['1.50', 'é', '"\\u0041"'],
      ['1.50', null, 'é', null, 'A', '1.50'],
    ])
  })
  test('in pairs, where only the end of a key is like it', () => {
    const raws = ['x="a=9" _a=1,b=2', 'b=1', 'c a="x y"', 'ba=1 A=3', 'a=1']
    expect(stringsOf(raws, 'a')).toEqual([
      ['_a', '1', 'a', 'x y', 'ba', 'a'],
      ['1', null, 'x y', null, '1'],
    ])
  })
})

describe('EXTRACT and REPORT', () => {
  test('EXTRACT: the first match, lines on their own, another field as its text', () => {
    const props = '[st]\nKV_MODE = none\nEXTRACT-a = ^u (?<user>\\S+)$\nEXTRACT-b = (?<domain>[^\\\\]+)\\\\(?<name>.+) in user'
    expect(fields('x\nu D\\n\nu E\\m', ['user', 'domain', 'name'], props)).toEqual({ user: 'D\\n', domain: 'D', name: 'n' })
  })
  test('FORMAT: dynamic names, several fields, text around groups', () => {
    expect(report('REGEX = (\\w+)<(\\w+)>\nFORMAT = $1::$2', 'a<1> b<2> a<3>', ['a', 'b'])).toEqual({ a: '1', b: '2' })
    expect(report('REGEX = (\\d+)-(\\d+)\nFORMAT = x::$2 y::"$1 to $2"', '1-2 3-4', ['x', 'y'])).toEqual({ x: '2', y: '1 to 2' })
  })
  test('MV_ADD keeps later values, of earlier steps too', () => {
    expect(report('REGEX = a(\\d)\nFORMAT = a::$1\nMV_ADD = true', 'a1 a2', ['a'])).toEqual({ a: ['1', '2'] })
    const props = '[st]\nKV_MODE = none\nREPORT-x = t, u'
    expect(
      fields('a1 b2', ['f'], props, '[t]\nREGEX = a(\\d)\nFORMAT = f::$1\n[u]\nREGEX = b(\\d)\nFORMAT = f::$1\nMV_ADD = true'),
    ).toEqual({ f: ['1', '2'] })
    expect(fields('a1 b2', ['f'], props, '[t]\nREGEX = a(\\d)\nFORMAT = f::$1\n[u]\nREGEX = b(\\d)\nFORMAT = f::$1')).toEqual({ f: '1' })
  })
  test('_KEY_ and _VAL_ groups, CLEAN_KEYS, KEEP_EMPTY_VALS', () => {
    expect(report('REGEX = (?<_KEY_1>[\\w .]+):(?<_VAL_1>\\w*);', '_1a b:x;c:;', ['a_b', 'c'])).toEqual({ a_b: 'x', c: null })
    expect(
      report('REGEX = (?<_KEY_1>[\\w .]+):(?<_VAL_1>\\w*);\nCLEAN_KEYS = false\nKEEP_EMPTY_VALS = true', 'a b:x;c:;', ['a b', 'c']),
    ).toEqual({ 'a b': 'x', c: '' })
  })
  test('DELIMS with and without FIELDS', () => {
    expect(report('DELIMS = ",", "="', 'a=1,b="x, y",c', ['a', 'b', 'c'])).toEqual({ a: '1', b: 'x, y', c: null })
    expect(report('DELIMS = "|;"\nFIELDS = "x", y', '1||3;4', ['x', 'y'])).toEqual({ x: '1', y: null })
  })
  test('modular regexes', () => {
    const transforms = '[int]\nREGEX = \\d+\n[pair]\nREGEX = (?<a>[[int]])\\.(?<b>[[int]])\n[t]\nREGEX = v=[[pair:v_]] n=[[int:n]]'
    expect(fields('v=1.2 n=3', ['v_a', 'v_b', 'n'], '[st]\nKV_MODE = none\nREPORT-x = t', transforms)).toEqual({
      v_a: '1',
      v_b: '2',
      n: '3',
    })
  })
  test('SOURCE_KEY reads what an earlier step found', () => {
    const transforms = '[t]\nREGEX = \\[(.*)\\]\nFORMAT = inner::$1\n[u]\nSOURCE_KEY = inner\nREGEX = (\\w)=(\\w)\nFORMAT = $1::$2'
    expect(fields('x=9 [x=1 y=2]', ['x', 'y'], '[st]\nKV_MODE = none\nREPORT-x = t, u', transforms)).toEqual({ x: '1', y: '2' })
  })
  test('automatic pairs do not overwrite; indexed fields stay', () => {
    expect(fields('a=1 b=2', ['a', 'b'], '[st]\nEXTRACT-x = (?<a>b)')).toEqual({ a: 'b', b: '2' })
    expect(fields({ raw: 'a=1 host=x', fields: { a: 'indexed' } }, ['a', 'host'], '')).toEqual({ a: 'indexed', host: 'h' })
  })
})

describe('aliases and calculated fields', () => {
  test('AS takes the place, ASNEW fills; all see the same fields', () => {
    const props = '[st]\nFIELDALIAS-x = a AS b, b AS c, gone AS d, a ASNEW e f ASNEW g'
    expect(fields('a=1 b=2 d=4 e=5 f=6', ['a', 'b', 'c', 'd', 'e', 'g'], props)).toEqual({
      a: '1',
      b: '1',
      c: '2',
      d: null,
      e: '5',
      g: '6',
    })
  })
  test('several ASNEW fill row by row', () => {
    const b = extractor(
      knowledgeOf('[st]\nFIELDALIAS-x = a ASNEW z, b ASNEW z'),
      context(),
    )(tailOf([{ raw: 'a=1 b=2' }, { raw: 'b=3' }, { raw: 'z=4 a=5' }, { raw: '-' }]))
    expect([0, 1, 2, 3].map((i) => at(b, 'z', i))).toEqual(['1', '3', '4', null])
  })
  test('EVAL: in parallel, over aliases, overwriting, null takes away', () => {
    const props = '[st]\nFIELDALIAS-x = a AS n\nEVAL-a = n . "!"\nEVAL-b = a . "?"\nEVAL-c = null()\nEVAL-k = 1'
    expect(fields('a=x c=1', ['a', 'b', 'c', 'k'], props)).toEqual({ a: 'x!', b: 'x?', c: null, k: 1 })
  })
  test('an EVAL that cannot be read is passed over and said', () => {
    const c = context()
    const b = extractor(knowledgeOf('[st]\nEVAL-a = 1 +\nEVAL-b = nosuch(1)'), c)(blockOf([{ raw: 'a=1 b=2' }]))
    expect([at(b, 'a'), at(b, 'b')]).toEqual(['1', '2'])
    expect(c.reported.map((p) => [p.code, p.severity])).toEqual([
      ['knowledge-skipped', 'warn'],
      ['knowledge-skipped', 'warn'],
    ])
    expect(c.reported[1]!.message).toContain('props.conf [st] EVAL-b')
  })
})

describe('what is refused', () => {
  test('a lookup: when a field of its is asked for', () => {
    const c = context()
    const b = extractor(knowledgeOf('[st]\nLOOKUP-x = users id OUTPUT name AS who, dept'), c)(blockOf([{ raw: 'id=1' }]))
    expect(at(b, 'id')).toBe('1')
    expect(() => b.column('who')).toThrow('Not supported by Headstand: props.conf [st] LOOKUP-x')
    expect(b.names()).not.toContain('dept')
    expect(c.reported).toMatchObject([{ code: 'not-supported-setup', severity: 'warn' }])
  })
  test('KV_MODE = multi', () => {
    expect(() => fields('a=1', ['a'], '[st]\nKV_MODE = multi')).toThrow('props.conf [st] KV_MODE = multi')
  })
})

test('a field is made for the rows that are alive, and then good for narrower batches', () => {
  const b = extractor(
    knowledgeOf('[st]\nKV_MODE = none\nREPORT-x = t', '[t]\nREGEX = a=(\\w+)\nFORMAT = a::$1'),
    context(),
  )(blockOf([{ raw: 'a=1' }, { raw: 'a=2' }, { raw: 'b' }]))
  const second = b.narrow(Uint32Array.of(1))
  expect(at(second, 'a', 1)).toBe('2')
  expect(second.column('a')).toMatchObject({ codes: Int32Array.of(-1, 0, -1) })
  const all = b.column('a')
  expect(b.narrow(Uint32Array.of(0)).column('a')).toBe(all)
  expect([...rowsOf(b)]).toEqual([0, 1, 2])
  expect(b.narrow(Uint32Array.of(2)).column('nothing')).toBeUndefined()
})

describe('the shipped add-ons', () => {
  const xml = `<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System><Provider Name='Microsoft-Windows-Sysmon' Guid='{g}'/><EventID>1</EventID><Version>5</Version><Level>4</Level><Computer>host1.example</Computer><Security UserID='S-1-5-18'/></System><EventData><Data Name='UtcTime'>2024-01-01 00:00:00.000</Data><Data Name='Image'>C:\\Windows\\System32\\ftp.exe</Data><Data Name='CommandLine'>ftp -s:&quot;a&amp;b.txt&quot;</Data><Data Name='User'>CORP\\ann</Data><Data Name='Hashes'>MD5=00FF,SHA256=AB</Data><Data Name='ParentImage'>C:\\Windows\\explorer.exe</Data></EventData></Event>`
  const text = `01/01/2024 12:00:00 AM\nLogName=Microsoft-Windows-Sysmon/Operational\nEventCode=1\nComputerName=host1.example\nUser=NOT_TRANSLATED\nRecordNumber=7\nMessage=Process Create:\nUtcTime: 2024-01-01 00:00:00.000\nImage: C:\\Windows\\System32\\ftp.exe\nCommandLine: ftp -s:"a&b.txt"\nUser: CORP\\ann\nHashes: MD5=00FF,SHA256=AB\nParentImage: C:\\Windows\\explorer.exe`
  const names =
    'EventID EventCode signature_id Computer dvc dest Image CommandLine process process_path process_name process_exec User user MD5 SHA256 process_hash parent_process_name parent_process_path signature action vendor_product UtcTime'.split(
      ' ',
    )
  const of = (e: TestEvent) => {
    const b = extractor(shippedKnowledge(), context())(blockOf([e]))
    return Object.fromEntries(names.map((n) => [n, at(b, n)]))
  }
  test('both forms of a Sysmon event have the same fields', () => {
    const fromXml = of({ raw: xml, sourcetype: 'xmlwineventlog', source: 'XmlWinEventLog:Microsoft-Windows-Sysmon/Operational' })
    expect(fromXml).toMatchObject({
      EventCode: '1',
      process: 'ftp -s:"a&b.txt"',
      process_name: 'ftp.exe',
      user: 'ann',
      dest: 'host1.example',
      MD5: '00FF',
      signature: 'Process creation',
      parent_process_name: 'explorer.exe',
      vendor_product: 'Microsoft Sysmon',
    })
    expect(of({ raw: text, sourcetype: 'WinEventLog', source: 'WinEventLog:Microsoft-Windows-Sysmon/Operational' })).toEqual(fromXml)
    const keyed = text.replace(/^(\w+): /gm, '$1=').replace('User=NOT_TRANSLATED\n', '')
    expect(of({ raw: keyed, sourcetype: 'WinEventLog', source: 'WinEventLog:Microsoft-Windows-Sysmon/Operational' })).toEqual(fromXml)
  })
  test('nothing in them is passed over', () => {
    const c = context()
    const extract = extractor(shippedKnowledge(), c)
    for (const channel of ['Microsoft-Windows-Sysmon/Operational', 'Security', 'System', 'Application']) {
      for (const form of ['WinEventLog', 'XmlWinEventLog'])
        extract(blockOf([{ raw: 'x', sourcetype: form, source: `${form}:${channel}` }])).names()
    }
    expect(c.reported).toEqual([])
  })
})
