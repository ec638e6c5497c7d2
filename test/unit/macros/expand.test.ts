import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readConf, stanzasOf } from '../../../knowledge/conf'
import { withDefaults } from '../../../knowledge/layers'
import { macroTable } from '../../../macros/definition'
import { macroEvaluator } from '../../../macros/evaluate'
import { expandMacros, piecesOf } from '../../../macros/expand'
import { readCatalogue } from '../../../search/catalogue'
import type { EvalFunction } from '../../../spl/expressions/function'
import { byName } from '../../../spl/language'
import { SplProblem } from '../../../spl/text/problem'
import { originOf, span } from '../../../spl/text/source'
import { UTC } from '../../../spl/values/time/zone'

const functions = byName(readCatalogue('functions').map((e) => e.definition as EvalFunction))
const evaluate = macroEvaluator(functions, { now: 0, random: () => 0, zone: UTC })
const tableOf = (conf: string) => macroTable(withDefaults(stanzasOf(readConf(conf))))

const MACROS = tableOf(`
[hosts]
definition = (host=a OR host=b)
[nested]
definition = index=x \`hosts\`
[nothing]
definition =
[tail]
definition = | stats count
[find(1)]
args = what
definition = "say $what$" $what$ $other$ $
[two(2)]
args = a, b-2
definition = <$a$|$b-2$>
[loop]
definition = \`loop\`
[double]
definition = \`double\`\`double\`
[broken]
definition = \`hosts
[upper(1)]
iseval = 1
args = x
definition = if("$x$" == "a", "is " . x, "no")
[number]
iseval = 1
definition = 1+1
[unread]
iseval = 1
definition = if(
[positive(1)]
args = n
validation = n > 0
errormsg = n must be positive.
definition = head $n$
[worded(1)]
args = n
validation = if(isnum(n), null(), "not a number: " . n)
definition = head $n$
[odd(1)]
args = n
validation = n >
definition = head $n$
[undefined]
args = x
[noargs(1)]
definition = x
[few(2)]
args = a
definition = x
[twice(2)]
args = a, a
definition = x
[oddname(1)]
args = a b
definition = x
`)

const expand = (text: string) => expandMacros(text, MACROS, evaluate)

function failure(text: string) {
  try {
    expand(text)
  } catch (e) {
    if (e instanceof SplProblem) return e.problem
    throw e
  }
  throw new Error(`no problem: ${text}`)
}

test.each([
  ['index=main', 'index=main'],
  ['`hosts` x', '(host=a OR host=b) x'],
  ['`nested`', 'index=x (host=a OR host=b)'],
  ['a `nothing` b', 'a  b'],
  ['table x`tail``nothing`', 'table x| stats count'],
  ['append [search `hosts`]', 'append [search (host=a OR host=b)]'],
  ['"`hosts`" `hosts`', '"`hosts`" (host=a OR host=b)'],
  ['"a\\"`hosts`"', '"a\\"`hosts`"'],
  ['"open `hosts`', '"open `hosts`'],
  ['`find(x)`', '"say x" x $other$ $'],
  ['`find("x, y")`', '"say x, y" x, y $other$ $'],
  ['`find("a \\"b\\" \\d")`', '"say a "b" \\d" a "b" \\d $other$ $'],
  ['`find(what=x)`', '"say x" x $other$ $'],
  ['`find("a=b")`', '"say a=b" a=b $other$ $'],
  ['`two(1, 2)`', '<1|2>'],
  ['`two( 1,"2")`', '<1|2>'],
  ['`two(b-2=1, a="x,y")`', '<x,y|1>'],
  ['`two(f(a, b), (c, d))`', '<f(a, b)|(c, d)>'],
  ['`two("a" OR "b", )`', '<"a" OR "b"|>'],
  ['`two(a ```, not` one``` , b)`', '<a|b>'],
  ['`upper(a)` `upper(b)`', 'is a no'],
  ['`positive(3)`', 'head 3'],
  ['`worded(3)`', 'head 3'],
  ['a```x```b', 'a b'],
  ['a ```x\n| y``` b', 'a   b'],
  ['"a```x```b"', '"a```x```b"'],
])('%s', (text, expected) => {
  expect(expand(text).text).toBe(expected)
})

test.each([
  ['x `no_such`', 'macro-not-found', "The search specifies a macro 'no_such' that cannot be found."],
  ['`two(1)`', 'macro-not-found', "a macro 'two(1)' that"],
  ['`hosts', 'macro-unclosed', 'Missing a closing tick mark for macro expansion.'],
  ['``', 'macro-empty', 'You must provide a macro expression.'],
  ['` `', 'macro-empty', ''],
  ['`(a)`', 'macro-no-name', "The macro expression '(a)' is invalid. A macro name is required."],
  ['`find(a`', 'macro-paren', "The macro expression 'find(a' is invalid. Expected closing ')'."],
  ['`two(a=1, 2)`', 'macro-mixed', "'two(a=1, 2)' is invalid. All arguments must be named or none can be named."],
  ['`two(x="a, b" OR y="c", )`', 'macro-mixed', ''],
  ['`two(a=1, c=2)`', 'macro-arguments', 'The argument list does not match the definition.'],
  ['`two(a=1, a=2)`', 'macro-arguments', ''],
  ['`ho.sts`', 'macro-name', "The name 'ho.sts' is invalid."],
  ['`few(a,b)`', 'macro-argument-count', "The argument list for macro 'few(2)' is invalid. Expected 2 elements."],
  ['`twice(a,b)`', 'macro-argument-repeated', "'twice(2)' is invalid. It contains repeated names."],
  ['`noargs(a)`', 'macro-argument-missing', "The argument list for macro 'noargs(1)' is missing."],
  ['`oddname(a)`', 'macro-name', "The name 'a b' is invalid."],
  ['`undefined`', 'macro-no-definition', "Unable to find a definition for macro 'undefined'."],
  ['`number`', 'macro-iseval', "The definition of macro 'number' is expected to be an eval expression that returns a string."],
  ['`unread`', 'macro-iseval', "macro 'unread'"],
  ['`positive(0)`', 'macro-validation', "Encountered the following error while validating macro 'positive(1)': n must be positive."],
  ['`worded(x)`', 'macro-validation', "'worded(1)': not a number: x."],
  ['`odd(1)`', 'macro-validation-invalid', "The validation expression is invalid: 'n >'."],
  ['`loop`', 'macro-depth', 'Reached maximum recursion depth (100) while expanding macros.'],
  [
    '`find((a) b)`',
    'macro-paren-argument',
    "Error for macro argument expression '(a) b'. Arguments that start with '(' must end with ')'.",
  ],
  ['`find(a(b)`', 'macro-argument-parens', "Macro argument expression 'a(b' has mismatched parens."],
  ['`find(a)b)`', 'macro-argument-parens', ''],
  ['`find("a)` | where x="y"', 'macro-argument-quotes', 'Mismatched quotes and/or parenthesis.'],
  ['x ```never closed', 'comment-open', 'Missing comment closing tickmarks.'],
  ['`broken`', 'macro-unclosed', ''],
])('refuses %s: %s', (text, code, message) => {
  const problem = failure(text)
  expect(problem).toMatchObject({ code, phase: 'parse', message: expect.stringContaining(message) })
})

test('a problem stands at the outermost call', () => {
  expect(failure('index=x `broken` y').span).toEqual({ start: 8, end: 16 })
  expect(failure('index=x `number`').span).toEqual({ start: 8, end: 16 })
})

test('the nearest macro is named: another number of arguments first', () => {
  expect(failure('`nestd`').hint).toBe("Did you mean 'nested'?")
  expect(failure('`two(1)`').hint).toBe("Did you mean 'two(2)'?")
})

test('a macro that calls itself twice ends in the message of depth or size, soon', () => {
  expect(['macro-depth', 'macro-size']).toContain(failure('`double`').code)
  const wide = tableOf(
    `[m0]\ndefinition =\n${Array.from({ length: 60 }, (_, i) => `[m${i + 1}]\ndefinition = \`m${i}\`\`m${i}\``).join('\n')}`,
  )
  expect(() => expandMacros('`m60`', wide, evaluate)).toThrow('call each other too often')
})

test('each character knows where it was typed', () => {
  const typed = 'x `nested` ```c``` y'
  const source = expand(typed)
  expect(source.text).toBe('x index=x (host=a OR host=b)   y')
  const where = (part: string) => {
    const at = source.text.indexOf(part)
    const { start, end } = originOf(source, span(at, at + part.length))
    return typed.slice(start, end)
  }
  expect(where('x ')).toBe('x ')
  expect(where('host=b')).toBe('`nested`')
  expect(where(')   y')).toBe('`nested` ```c``` y')
  expect(source.origin(source.text.length)).toEqual({ start: typed.length, end: typed.length + 1 })
})

test('pieces cover the text', () => {
  const text = 'a `b` "`c`" ```d```'
  expect([...piecesOf(text)].map((p) => [p.kind, text.slice(p.span.start, p.span.end)])).toEqual([
    ['text', 'a '],
    ['call', '`b`'],
    ['text', ' "`c`" '],
    ['comment', '```d```'],
  ])
})

test('a very long search takes time in proportion to its length', () => {
  const text = `search ${'(Image="*\\\\a.exe" OR `hosts`) OR '.repeat(10_000)} x`
  expect(text.length).toBeGreaterThan(300_000)
  const started = performance.now()
  expect(expand(text).text).toContain('host=b')
  expect(performance.now() - started).toBeLessThan(500)
})

describe('macros.conf of the package', () => {
  const file = join(__dirname, '..', '..', '..', 'macros', 'macros.conf')
  const conf = readConf(readFileSync(file, 'utf8'), file)
  const table = macroTable(withDefaults(stanzasOf(conf)))

  test('has no line that cannot be read, and no macro that cannot be used', () => {
    expect(conf.faults).toEqual([])
    expect([...table.values()].filter((m) => 'code' in m)).toEqual([])
  })

  test('every macro expands', () => {
    for (const macro of table.values()) {
      if ('code' in macro) continue
      const call = macro.args.length > 0 ? `${macro.key.replace(/\(.*/, '')}(${macro.args.join(',')})` : macro.key
      expect(expandMacros(`\`${call}\``, table, evaluate).text).not.toContain('`')
    }
  })

  test('the seed rule, and a tail glued to its last command', () => {
    const rule =
      '`get_endpoint_data` `get_endpoint_data_sysmon` (TERM(EventCode=1) OR "EventID>1<") TERM(ftp) | regex process="(?i)ftp\\s+(.{1,})?\\-s\\:.{1,}\\.\\w{2,5}" ' +
      '| table _time, host, user process, process_*, signature_id, parent_* | bin span=1s | stats values(*) as * by _time, host `hec_collect`'
    const { text } = expandMacros(rule, table, evaluate)
    expect(text).toMatch(/^index=\* \(source="XmlWinEventLog:Microsoft-Windows-Sysmon\/Operational" OR source="WinEventLog:/)
    expect(text.endsWith('by _time, host ')).toBe(true)
    expect(expandMacros('table x`group_events("user, src_ip",10min)`', table, evaluate).text).toBe(
      'table x| eval _ev=_time | bin _time span=10min \n  | stats values(*) as * min(_ev) as start_time max(_ev) as end_time count as event_count by _time, user, src_ip',
    )
  })
})
