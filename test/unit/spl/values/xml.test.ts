import { readPath } from '../../../../spl/values/json-path'
import { spathTexts } from '../../../../spl/values/spath'
import { elementsOf, elementText, parseXml } from '../../../../spl/values/xml'

const SYSMON = `<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System><Provider Name='Sysmon' Guid="{1}"/><EventID>1</EventID></System><EventData><Data Name='Image'>C:\\a &amp; b.exe</Data><Data Name='User'>x</Data></EventData></Event>`

test.each([
  [SYSMON, 'Event.System.EventID', ['1']],
  [SYSMON, 'Event.System.Provider{@Name}', ['Sysmon']],
  [SYSMON, 'Event.EventData.Data', ['C:\\a & b.exe', 'x']],
  [SYSMON, 'Event.EventData.Data{}', ['C:\\a & b.exe', 'x']],
  [SYSMON, 'Event.EventData.Data{2}', ['x']],
  [SYSMON, 'Event.EventData.Data{@Name}', ['Image', 'User']],
  [SYSMON, 'Event.EventData.Data{2}{@Name}', ['User']],
  [SYSMON, 'Event.System', [`<Provider Name='Sysmon' Guid="{1}"/><EventID>1</EventID>`]],
  [SYSMON, 'System.EventID', []],
  ['<?xml version="1.0"?>\n<!-- c --><a><![CDATA[<x>&amp;]]> y</a>', 'a', ['<x>&amp; y']],
  ['<a>&#65;&#x42;&nbsp;</a>', 'a', ['AB&nbsp;']],
  ['<a><b>1</b></a><a><b>2</b></a>', 'a.b', ['1', '2']],
  ['<a><g><l>1</l><l>2</l></g><g><l>3</l></g></a>', 'a.g.l{1}', ['1', '3']],
  ['{"a":[{"b":1},{"b":"x"}]}', 'a{}.b', ['1', 'x']],
  ['{"a":null,"b":true}', 'a', []],
  ['{"b":true}', 'b', ['true']],
  ['{"b":{"c": 1}}', 'b', ['{"c":1}']],
  ['nothing', 'a', []],
] as const)('%s: %s', (text, path, found) => expect(spathTexts(text, readPath(path))).toEqual(found))

test.each(['<a>', '<a></b>', '</a>', '<a', '<a b=c/>', '<a><![CDATA[x</a>', '<!-- x', 'text', '', '<a b="1" b2></a>'])(
  '%s is not well-formed',
  (text) => expect(parseXml(text)).toBeUndefined(),
)

test('depth does not matter', () => {
  const deep = 50_000
  const root = parseXml(`${'<a>'.repeat(deep)}x${'</a>'.repeat(deep)}`)
  expect(root).toHaveLength(1)
})

test('attributes are read with their references', () => {
  const [e] = elementsOf(parseXml(`<a b="x &quot;y&quot;" c:d='&lt;'>t</a>`)!)
  expect([...e!.attributes]).toEqual([
    ['b', 'x "y"'],
    ['c:d', '<'],
  ])
  expect(elementText(e!)).toBe('t')
})
