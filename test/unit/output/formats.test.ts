import type { OutputFormat, Page } from '../../../output/format'
import csv from '../../../output/formats/csv'
import json from '../../../output/formats/json'
import jsonCols from '../../../output/formats/json_cols'
import jsonRows from '../../../output/formats/json_rows'
import ndjson from '../../../output/formats/ndjson'
import raw from '../../../output/formats/raw'
import table from '../../../output/formats/table'
import xml from '../../../output/formats/xml'
import type { Rows } from '../../../output/rows'

const rows: Rows = {
  fields: ['_time', 'host', 'user', 'note'],
  rows: [
    ['2026-10-08T13:49:18.000+00:00', 'web 1', ['ann', 'bob'], null],
    ['2026-10-08T13:49:17.000+00:00', 'a,"b"', [], ' x<&> '],
  ],
}
const empty: Rows = { fields: [], rows: [] }
const page = (table: Rows, more: Partial<Page> = {}): Page => ({ preview: false, offset: 0, messages: [], table, ...more })
const text = (format: OutputFormat, shown: Page) => [...format.document(shown)].join('')

async function streamed(format: OutputFormat, chunks: readonly Rows[], preview = false, columns?: readonly string[]): Promise<string> {
  async function* all() {
    yield* chunks
  }
  let out = ''
  for await (const pieces of format.chunks({ preview, chunks: all(), ...(columns && { columns }) }))
    for (const piece of pieces) out += piece
  return out
}

describe('json', () => {
  test('a page: fields as objects, absent cells left out, one line', () => {
    expect(text(json, page(rows, { offset: 7 }))).toBe(
      '{"preview":false,"init_offset":7,"messages":[],"fields":[{"name":"_time"},{"name":"host"},{"name":"user"},{"name":"note"}],"results":[' +
        '{"_time":"2026-10-08T13:49:18.000+00:00","host":"web 1","user":["ann","bob"]},' +
        '{"_time":"2026-10-08T13:49:17.000+00:00","host":"a,\\"b\\"","note":" x<&> "}],"highlighted":{}}',
    )
  })
  test('no rows', () => {
    expect(text(json, page(empty))).toBe('{"preview":false,"init_offset":0,"messages":[],"results":[]}')
  })
  test('post-processing and messages', () => {
    const shown = page(empty, { postProcessCount: 3, messages: [{ type: 'FATAL', text: 'no' }] })
    expect(text(json, shown)).toBe(
      '{"preview":false,"init_offset":0,"post_process_count":3,"messages":[{"type":"FATAL","text":"no"}],"results":[]}',
    )
  })
  test('a stream: the last row of the set is marked, across chunks of other fields', async () => {
    const chunks = [
      { fields: ['a'], rows: [['1'], ['2']] },
      { fields: ['b'], rows: [['3']] },
    ]
    expect(await streamed(json, chunks)).toBe(
      '{"preview":false,"offset":0,"result":{"a":"1"}}\n{"preview":false,"offset":1,"result":{"a":"2"}}\n' +
        '{"preview":false,"offset":2,"lastrow":true,"result":{"b":"3"}}\n',
    )
    expect(await streamed(json, [], true)).toBe('{"preview":true,"lastrow":true}\n')
  })
})

describe('json_rows and json_cols', () => {
  test('absent cells are null', () => {
    expect(text(jsonRows, page(rows))).toBe(
      '{"preview":false,"init_offset":0,"messages":[],"fields":["_time","host","user","note"],"rows":[' +
        '["2026-10-08T13:49:18.000+00:00","web 1",["ann","bob"],null],["2026-10-08T13:49:17.000+00:00","a,\\"b\\"",null," x<&> "]]}',
    )
    expect(
      text(
        jsonCols,
        page({
          fields: ['a', 'b'],
          rows: [
            ['1', 'x'],
            ['2', null],
          ],
        }),
      ),
    ).toBe('{"preview":false,"init_offset":0,"messages":[],"fields":["a","b"],"columns":[["1","2"],["x",null]]}')
  })
  test('no rows, and fields as objects', () => {
    expect(text(jsonRows, page(empty))).toBe('{"preview":false,"init_offset":0,"messages":[],"fields":[],"rows":[]}')
    expect(text(jsonCols, page(empty))).toBe('{"preview":false,"init_offset":0,"messages":[],"fields":[],"columns":[]}')
    expect(text(jsonRows, page({ fields: ['a'], rows: [] }, { metadata: true }))).toContain('"fields":[{"name":"a"}]')
  })
  test('a stream: one object a chunk', async () => {
    const chunks = [
      { fields: ['a'], rows: [['1'], ['2']] },
      { fields: ['b'], rows: [['3']] },
    ]
    expect(await streamed(jsonRows, chunks)).toBe(
      '{"preview":false,"init_offset":0,"messages":[],"fields":["a"],"rows":[["1"],["2"]]}\n' +
        '{"preview":false,"init_offset":2,"messages":[],"fields":["b"],"rows":[["3"]]}\n',
    )
  })
})

describe('xml', () => {
  test('a page', () => {
    const shown = page({ fields: ['host', 'user', '_raw'], rows: [['h\u0001', ['a', 'b'], 'x <1>\ny']] }, { offset: 4 })
    expect(text(xml, shown)).toBe(
      "<?xml version='1.0' encoding='UTF-8'?>\n<results preview='0'>\n<meta>\n<fieldOrder>\n<field>host</field>\n<field>user</field>\n<field>_raw</field>\n</fieldOrder>\n</meta>\n" +
        "\t<result offset='4'>\n\t\t<field k='host'>\n\t\t\t<value><text>h</text></value>\n\t\t</field>\n" +
        "\t\t<field k='user'>\n\t\t\t<value><text>a</text></value>\n\t\t\t<value><text>b</text></value>\n\t\t</field>\n" +
        "\t\t<field k='_raw'><v xml:space='preserve' trunc='0'>x &lt;1&gt;\ny</v></field>\n\t</result>\n</results>\n",
    )
  })
  test('nothing, and only a message', () => {
    expect(text(xml, page(empty))).toBe("<?xml version='1.0' encoding='UTF-8'?>\n<results preview='0'/>\n")
    expect(text(xml, page(empty, { messages: [{ type: 'FATAL', text: "Error in 'a' <b>" }] }))).toContain(
      '<messages>\n<msg type="FATAL">Error in \'a\' &lt;b&gt;</msg>\n</messages>\n</results>\n',
    )
  })
  test('a stream: one root element a chunk, offsets go on', async () => {
    const out = await streamed(
      xml,
      [
        { fields: ['a'], rows: [['1']] },
        { fields: ['a'], rows: [['2']] },
      ],
      true,
    )
    expect(out.match(/<results preview='1'>/g)).toHaveLength(2)
    expect(out).toContain("<result offset='1'>")
    expect(await streamed(xml, [])).toBe("<results preview='0'/>\n")
  })
  test("a field's name is escaped as an attribute", () => {
    expect(text(xml, page({ fields: ["a'<b>"], rows: [['1']] }))).toContain("<field k='a&apos;&lt;b&gt;'>")
  })
})

describe('csv, raw, ndjson and table', () => {
  test('csv quotes what a reader would cut, and names with an underscore in front', () => {
    expect(text(csv, page(rows))).toBe(
      '"_time",host,user,note\n2026-10-08T13:49:18.000+00:00,web 1,"ann\nbob",\n2026-10-08T13:49:17.000+00:00,"a,""b""",," x<&> "\n',
    )
    expect(text(csv, page(empty))).toBe('')
  })
  test('csv streamed: one head line, columns by name', async () => {
    const chunks = [
      { fields: ['a', 'b'], rows: [['1', '2']] },
      { fields: ['b', 'c'], rows: [['3', '4']] },
    ]
    expect(await streamed(csv, chunks, false, ['a', 'b', 'c'])).toBe('a,b,c\n1,2,\n,3,4\n')
  })
  test('raw: the events, else the values', () => {
    expect(
      text(
        raw,
        page({
          fields: ['host', '_raw'],
          rows: [
            ['h', 'one'],
            ['h', 'two\n2'],
          ],
        }),
      ),
    ).toBe('one\ntwo\n2\n')
    expect(
      text(
        raw,
        page({
          fields: ['a', 'b'],
          rows: [
            ['1', ['x', 'y']],
            [null, '2'],
          ],
        }),
      ),
    ).toBe('1 x y\n2\n')
  })
  test('ndjson', () => {
    expect(
      text(
        ndjson,
        page({
          fields: ['a', 'b'],
          rows: [
            ['1', null],
            ['2', ['x']],
          ],
        }),
      ),
    ).toBe('{"a":"1"}\n{"a":"2","b":["x"]}\n')
  })
  test('table: aligned, multivalues on lines, control characters shown', () => {
    expect(
      text(
        table,
        page({
          fields: ['name', 'n'],
          rows: [
            ['ann', ['1', '22']],
            ['b\u001b[2J', null],
          ],
        }),
      ),
    ).toBe('name      n\n--------  --\nann       1\n          22\nb\\x1b[2J\n')
    expect(text(table, page(empty))).toBe('')
  })
})
