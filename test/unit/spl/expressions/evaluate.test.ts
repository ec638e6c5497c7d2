import { evaluate, type Fields, LAYOUTS, refusal } from '../../../support/evaluate'

type Row = readonly [expression: string, fields: Fields, result: string | null | readonly string[]]
const frame = (text: string) => `Error in 'EvalCommand': ${text}`

describe.each(LAYOUTS)('with fields in a %s column', (layout) => {
  const table = (rows: readonly Row[]) =>
    test.each(rows)('%s of %j', (expression, fields, result) => expect(evaluate(expression, fields, layout)).toEqual(result))

  describe('a missing operand makes the result null', () => {
    table([
      ['nosuch+1', {}, null],
      ['nosuch."x"', {}, null],
      ['"x".nosuch', {}, null],
      ['len(nosuch)', {}, null],
      ['upper(nosuch)', {}, null],
      ['mvcount(nosuch)', {}, null],
      ['mvfilter(nosuch="x")', {}, null],
      ['a.nosuch', { a: 'x' }, null],
      ['round(a,b)', { a: '1.5' }, null],
      ['-a', { a: 'x' }, null],
    ])
  })

  describe('some functions look at nullness', () => {
    table([
      ['tostring(a)', { a: null }, 'Null'],
      ['printf("%s",a)', { a: null }, 'Null'],
      ['typeof(a)', { a: null }, 'Invalid'],
      ['coalesce(a,"x")', { a: '' }, ''],
      ['coalesce(a,b)', { a: null, b: 'B' }, 'B'],
      ['if(isnull(a),"null","set")', { a: '' }, 'set'],
      ['if(isnull(a),"null","set")', { a: null }, 'null'],
      ['case(a=="x","a",1==1,"b")', { a: null }, 'b'],
      ['nullif(a,b)', { a: '1', b: '2' }, '1'],
      ['nullif(a,b)', { a: '1', b: '1.0' }, null],
      ['max(a,"abc")', { a: null }, 'abc'],
      ['mvappend(a,"x")', { a: null }, 'x'],
      ['json_array(a)', { a: null }, '[null]'],
    ])
  })

  describe('a comparison with a missing side is false, and NOT makes it true', () => {
    table([
      ['if(a==a,"y","n")', { a: null }, 'n'],
      ['if(a!="x","y","n")', { a: null }, 'n'],
      ['if(NOT a!=a,"y","n")', { a: null }, 'y'],
      ['if(a<5 OR a>=5,"y","n")', { a: null }, 'n'],
    ])
  })

  describe('+ adds numbers and joins texts', () => {
    table([
      ['a+1', { a: '1' }, '2'],
      ['a+1', { a: 1 }, '2'],
      ['a+1', { a: 'x' }, null],
      ['a+"2"', { a: 1 }, '12'],
      ['"2"+a', { a: '1' }, '21'],
      ['a+b', { a: '1', b: '2' }, '3'],
      ['a+b', { a: '1', b: 'x' }, '1x'],
      ['a.b', { a: 1, b: 2 }, '12'],
      ['a." ".b', { a: 'Ada', b: 'Lovelace' }, 'Ada Lovelace'],
      ['a."x"', { a: '' }, 'x'],
      ['a.1.50', { a: 'v' }, 'v1.50'],
    ])
  })

  describe('comparisons', () => {
    table([
      ['if(a>9,"y","n")', { a: '10' }, 'y'],
      ['if(a>b,"y","n")', { a: '10', b: '9' }, 'y'],
      ['if(a>"9","y","n")', { a: '10' }, 'n'],
      ['if(a=1,"y","n")', { a: '1.0' }, 'y'],
      ['if(a="1","y","n")', { a: '1.0' }, 'n'],
      ['if(a="ABC","y","n")', { a: 'abc' }, 'n'],
      ['if(a>5,"y","n")', { a: 'x' }, 'y'],
      ['if(a>b,"y","n")', { a: 'x', b: '10' }, 'y'],
      ['if(a>0,"y","n")', { a: '1.2' }, 'y'],
      ['if(a=" 5","y","n")', { a: ' 5' }, 'y'],
      ['if(a=5,"y","n")', { a: ' 5' }, 'n'],
    ])
  })

  describe('a multivalue compares as its values do', () => {
    table([
      ['if(a="y","y","n")', { a: ['x', 'y'] }, 'y'],
      ['if(a!="x","y","n")', { a: ['x', 'y'] }, 'y'],
      ['if(a!="x","y","n")', { a: ['x', 'x'] }, 'n'],
      ['if(a>8,"y","n")', { a: ['7', '9'] }, 'y'],
      ['if(like(a,"b%"),"y","n")', { a: ['a1', 'b1'] }, 'y'],
      ['if(match(a,"^b"),"y","n")', { a: ['a1', 'b1'] }, 'y'],
      ['a+1', { a: ['1', '2'] }, null],
      ['len(a)', { a: ['x', 'y'] }, null],
      ['len(a)', { a: ['xyz'] }, '3'],
      ['upper(a)', { a: ['x', 'y'] }, ['X', 'Y']],
      ['mvcount(a)', { a: ['x', 'y'] }, '2'],
    ])
  })

  describe('a bound field is each value in turn', () => {
    table([
      ['mvmap(a,a*10)', { a: ['1', '2'] }, ['10', '20']],
      ['mvmap(a,a*b)', { a: ['1', '2'], b: '3' }, ['3', '6']],
      ['mvmap(a,a.":".b)', { a: ['1', '2'], b: 'x' }, ['1:x', '2:x']],
      ['mvmap(a,if(a>1,a,null()))', { a: ['1', '2', '3'] }, ['2', '3']],
      ['mvmap(a,a*10)', { a: '7' }, '70'],
      ['mvmap(mvindex(a,1,2),a+1)', { a: ['1', '2', '3'] }, ['3', '4']],
      ['mvmap(a,mvjoin(mvmap(b,a.b),"-"))', { a: ['1', '2'], b: ['x', 'y'] }, ['1x-1y', '2x-2y']],
      ['mvmap(a,b.upper(a))', { a: ['p', 'q'], b: 'x' }, ['xP', 'xQ']],
      ['mvfilter(match(a,"^b") OR a="c")', { a: ['a', 'bb', 'c'] }, ['bb', 'c']],
      ['mvfilter(a>1)', { a: ['1', '2'] }, '2'],
      ['mvfilter(!isnull(a))', { a: ['1', '2'] }, ['1', '2']],
      ['mvcount(mvmap(a,a)).":".mvcount(a)', { a: ['1', '2'] }, '2:2'],
    ])
  })

  describe('numbers are texts and texts numbers as the field has them', () => {
    table([
      ['typeof(a)', { a: '42' }, 'Number'],
      ['typeof(a)', { a: '4x' }, 'String'],
      ['if(isnum(a),"y","n")', { a: '42' }, 'y'],
      ['if(isnum(a) AND isstr(a),"y","n")', { a: 'NaN' }, 'y'],
      ['if(isint(a),"y","n")', { a: '7' }, 'y'],
      ['tonumber(a)', { a: '007' }, '7'],
      ['tonumber(a)', { a: ' 5' }, null],
      ['tonumber(a)', { a: '1.50' }, '1.50'],
      ['tostring(a,"duration")', { a: '615' }, '00:10:15'],
      ['min(a,b)', { a: '10', b: '9' }, '9'],
      ['max(a,b)', { a: '10', b: 'x' }, 'x'],
      ['min(a)', { a: ['3', '12', '2'] }, '2'],
      ['sum(a,b,c)', { a: '5.0', b: '9' }, '14'],
      ['avg(a,b,c)', { a: '5.0', b: '9' }, '7'],
      ['json_object("k",a,"l",b)', { a: '1.50', b: '{"x":[1]}' }, '{"k":1.50,"l":{"x":[1]}}'],
    ])
  })
})

describe('precision', () => {
  test.each([
    ['8.250*0.2', '2'],
    ['8.250*0.20', '1.7'],
    ['8.250*0.200', '1.65'],
    ['8.250*exact(0.2)', '1.650'],
    ['0.1+0.2', '0.3'],
    ['123.0+4.567', '127.6'],
    ['pow(2.5,2)', '6.3'],
    ['pow(2,0.5)', '1'],
    ['atan(0.50)', '0.46'],
    ['atan2(0.50,0.75)', '0.59'],
    ['atanh(0.500)', '0.549'],
    ['cos(pi())', '-1.00000000000'],
    ['pi()', '3.14159265359'],
    ['1.00*1111', '1111'],
    ['sigfig(1.00*1111)', '1110'],
    ['4/2', '2'],
    ['10/4', '2.5'],
    ['1/3', '0.3333333333333333'],
    ['round(10,2)', '10.00'],
    ['round(3,3)', '3.000'],
    ['round(3.5)', '4'],
    ['round(10.5)', '11'],
    ['round(-4.5)', '-4'],
    ['round(-4.51)', '-5'],
    ['round(0.001,2)', '0.00'],
    ['round(2.5)*1.25', '3.75'],
    ['round(1.005,2)', '1.01'],
    ['sqrt(4)', '2'],
    ['pow(2,53)-1', '9007199254740991'],
    ['7%3', '1'],
    ['-7%3', '-1'],
    ['1.50', '1.50'],
    ['abs(-1.50)', '1.50'],
    ['floor(-1.23)', '-2'],
    ['ceiling(-1.23)', '-1'],
    ['exact(0.1+0.2)', '0.30000000000000004'],
    ['len("1.50")+1', '5'],
  ])('%s is %s', (expression, result) => expect(evaluate(expression)).toBe(result))

  test.each(['sqrt(-1)', 'ln(0)', 'log(-1)', 'acos(2)', '1/0', '5%0', 'exp(1000)'])('%s leaves the field unset', (expression) =>
    expect(evaluate(expression)).toBeNull(),
  )

  test('a place travels through a field', () => {
    expect(evaluate('a*b', { a: '8.250', b: '0.2' })).toBe('2')
    expect(evaluate('if(1==1,a,b)*2', { a: '0.30', b: '1' })).toBe('0.60')
  })
})

describe('precedence', () => {
  test.each([
    ['1+2*3', '7'],
    ['(1+2)*3', '9'],
    ['10-4-3', '3'],
    ['100/10/5', '2'],
    ['-2+5', '3'],
    ['1 . 2', '12'],
    ['if(1==2 or 1==1 and 2==2,"y","n")', 'y'],
    ['if(1==1 XOR 2==2,"y","n")', 'n'],
    ['if(NOT (1==1 OR 1==2),"y","n")', 'n'],
    ['if(NOT 1==2 AND 1==1,"y","n")', 'y'],
    ['if("a"."b"=="ab","y","n")', 'y'],
    ['if(2 IN (1,2) AND "foo" LIKE "f%","y","n")', 'y'],
    ['LEN("abc")', '3'],
  ])('%s is %s', (expression, result) => expect(evaluate(expression)).toBe(result))
})

describe('refused before the first row', () => {
  test.each([
    ['"1"+1', "Type checking failed. '+' only takes two strings or two numbers."],
    ['"a"-"b"', "Type checking failed. '-' only takes numbers."],
    ['"a"*"b"', "Type checking failed. '*' only takes numbers."],
    ['"a"%2', "Type checking failed. '%' only takes numbers."],
    ['"x".null()', "Type checking failed. The '.' operator only takes strings and numbers."],
    ['if(null()=="",1,2)', "Type checking failed. The '==' operator received different types."],
    ['if("a" AND 1==1,1,2)', "Type checking failed. 'AND' only takes boolean arguments."],
    ['if(strftime(1,"%H")>5,1,2)', "Type checking failed. The '>' operator received different types."],
    ['if(round(a,1)="1.0",1,2)', "Type checking failed. The '==' operator received different types."],
    ['isnull(x)', 'Fields cannot be assigned a boolean result. Instead, try if([bool expr], [expr], [expr]).'],
    ['nosuchfunction(1)', "The 'nosuchfunction' function is unsupported or undefined."],
    ['1+', 'The expression is malformed. A term is missing.'],
    ['2*', 'The expression is malformed. The factor is missing.'],
    ['if(1==1 AND,1,2)', "The expression is malformed. An 'AND' term is missing."],
    ['if(a==,1,2)', 'The expression is malformed. A comparison term is missing.'],
    ['len("a"', 'The expression is malformed. Expected ).'],
    ['if(1==1 "a","b")', 'The expression is malformed. Expected ).'],
    ['5abc', 'The number 5abc is invalid.'],
    ['match(x,"[a")', 'Regex: missing terminating ] for character class'],
    ['spath(x,"a{b}")', 'Invalid JSON path: a{b}'],
  ])('%s', (expression, message) => expect(refusal(expression)).toBe(frame(message)))

  test.each([
    'upper(null())',
    'mvcount(null())',
    'sqrt("x")',
    'len(5)',
    'upper(5)',
    'md5(5)',
    'min()',
    'sigfig(1.2,3)',
    'mvfilter(true())',
    'mvfilter(a=b)',
    'if(1==1,2)',
    'if("x",1,2)',
    'case(1==1)',
    'case()',
    'sum(1,2,"3")',
    'tonumber("seven")',
    'tonumber("9",8)',
    'tostring("x","hex")',
    'tostring(5,"nosuch")',
    'round(1,-1)',
    'in(1)',
    'json_object("a")',
    'json_set("{}","a")',
    'json_set("{}","a{x}",1)',
    'printf("%n",1)',
    'now(1)',
    'mvmap("x",1)',
    'pi(3)',
  ])('%s', (expression) => {
    const name = /^\w+/.exec(expression)![0]
    expect(refusal(expression)).toBe(frame(`The arguments to the '${name}' function are invalid.`))
  })
})

describe('texts', () => {
  test.each([
    [String.raw`"say \"hi\""`, 'say "hi"'],
    [String.raw`"C:\\w"`, String.raw`C:\w`],
    [String.raw`len("a\tb")`, '3'],
    [String.raw`"\s\d"`, String.raw`\s\d`],
    [String.raw`replace("CORP\\alice","(.*)\\\(.+)$","\2")`, 'alice'],
    ['len("𝒳y")', '2'],
    ['substr("𝒳yz",2,1)', 'y'],
    ['substr("hello",-10,7)', 'he'],
    ['substr("hello",9)."|"', '|'],
    ['trim("  x\t")', 'x'],
    ['urldecode("%E2%82%AC%20+")', '€ +'],
    ['mvjoin(split("a,,b",","),"|")', 'a||b'],
  ])('%s is %s', (expression, result) => expect(evaluate(expression)).toBe(result))
})

test('a pattern from data that does not compile makes the call null', () => {
  expect(evaluate('replace("x",a,"y")', { a: '[' })).toBeNull()
  expect(evaluate('replace("x",a,"y")', { a: 'x' })).toBe('y')
})

test('an expression that is nested too deep is refused', () => {
  expect(refusal(`${'('.repeat(1000)}1${')'.repeat(1000)}`)).toBe('Not supported by Headstand: an expression nested more than 250 deep.')
  expect(refusal(Array.from({ length: 2000 }, () => '1').join('+'))).toBe('Not supported by Headstand: more than 1000 operators in a row.')
  expect(evaluate(`${'('.repeat(200)}1${')'.repeat(200)}`)).toBe('1')
})

test('a long chain of ORs does not nest', () => {
  const chain = Array.from({ length: 6_000 }, (_, i) => `a=${i}`).join(' OR ')
  expect(evaluate(`if(${chain},"y","n")`, { a: '5999' })).toBe('y')
})
