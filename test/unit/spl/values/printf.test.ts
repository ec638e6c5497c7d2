import { isFormat, printf } from '../../../../spl/values/printf'

const of = (x: number) => ({ text: String(x), number: x })
const text = (t: string) => ({ text: t, number: Number.NaN })
const missing = { text: null, number: Number.NaN }

// What C's printf gives (glibc 2.36), but `p`, whose capitals are Splunk's.
test.each([
  ['%d|%i', [of(-2), of(4.9)], '-2|4'],
  ['%5d|%-5d|%05d|%+d|% d', [of(42), of(42), of(-42), of(42), of(42)], '   42|42   |-0042|+42| 42'],
  ['%.3d|%6.3d|%06.3d', [of(7), of(7), of(7)], '007|   007|   007'],
  ['%x|%#x|%#X|%o|%#o|%#x', [of(255), of(255), of(255), of(8), of(8), of(0)], 'ff|0xff|0XFF|10|010|0'],
  ['%u', [of(-1)], '18446744073709551615'],
  ['%e|%.0e|%E', [of(12345.678), of(15000), of(0)], '1.234568e+04|2e+04|0.000000E+00'],
  ['%f|%.0f|%.2f', [of(1.5), of(2.5), of(-1.005)], '1.500000|2|-1.00'],
  ['%.0f|%.0f|%.1f|%.1f|%.2f', [of(0.5), of(3.5), of(0.25), of(0.35), of(0.125)], '0|4|0.2|0.3|0.12'],
  ['%.0e|%.1e|%.1e|%.2g', [of(25000), of(1.25), of(1.35), of(2.25)], '2e+04|1.2e+00|1.4e+00|2.2'],
  ['%.3f|%f', [of(1e21), of(0)], '1000000000000000000000.000|0.000000'],
  ['%g|%g|%g|%g|%g', [of(100000), of(1000000), of(0.0001), of(0.00001), of(1.5)], '100000|1e+06|0.0001|1e-05|1.5'],
  ['%#g|%G', [of(1.5), of(1e-10)], '1.50000|1E-10'],
  ['%a|%.0a|%A|%a|%a', [of(1), of(1.5), of(0.1), of(0), of(-3)], '0x1p+0|0x2p+0|0X1.999999999999AP-4|0x0p+0|-0x1.8p+1'],
  ["%'d|%'.2f|%'d", [of(1234567), of(1234.5), of(999)], '1,234,567|1,234.50|999'],
  ['%08.3f|%-8.1f|', [of(-3.142857), of(2.25)], '-003.143|2.2     |'],
  ['%#010x', [of(255)], '0x000000ff'],
  ['%5s|%-5s|%.2s|%5.1s|', [text('ab'), text('ab'), text('abc'), text('xyz')], '   ab|ab   |ab|    x|'],
  ['%c%c%3c', [of(65), text('Foo'), of(0x1d4b3)], 'AF  \u{1d4b3}'],
  ['%*d|%-*d|%*d|', [of(5), of(1), of(4), of(2), of(-3), of(7)], '    1|2   |7  |'],
  ['%.*f|%.*f', [of(1), of(1.26), of(-1), of(1.5)], '1.3|1.500000'],
  ['%s %d %5.1f', [missing, missing, missing], 'Null Null  Null'],
  ['%s-%s|', [text('a')], 'a-|'],
  ['100%%', [], '100%'],
  ['%s%%%s', [text('a'), text('b')], 'a%b'],
])('%s', (format, args, out) => {
  expect(isFormat(format)).toBe(true)
  expect(printf(format, args)).toBe(out)
})

test.each(['%n', '%C', '%1$s', '100%', '% q', '%S'])('%s is no format', (format) => expect(isFormat(format)).toBe(false))
