import { textIn } from '../expressions/compiled'
import { lazyFunction } from '../expressions/function'
import { isFormat, printf } from '../values/printf'

export default lazyFunction({
  name: 'printf',
  summary: 'A text made by a format: %d %i %u %o %x %X %p %e %f %g %a %c %s %z with flags, width and precision.',
  source: 'Search Reference, Conversion functions, printf; null prints Null: measured on 10.4',
  usage: 'printf(str, any...)',
  returns: 'text',
  examples: [
    ['printf("%04d",1)', '0001'],
    ['printf("%+4d",1)', '  +1'],
    ['printf("%\'d",12345)', '12,345'],
    ['printf("%#x",1)', '0x1'],
    ['printf("%x,%X,%p",10,10,10)', 'a,A,A'],
    ['printf("%o",255)', '377'],
    ['printf("%.2e",5139)', '5.14e+03'],
    ['printf("%.2g,%.2g",pi(),123)', '3.1,1.2e+02'],
    ['printf("%.*f",1,1.23)', '1.2'],
    ['printf("%*d",5,123)', '  123'],
    ['printf("%*.*e",9,2,pi())', ' 3.14e+00'],
    ['printf("%c,%c",65,"Foo")', 'A,F'],
    ['printf("%s%z","foo","bar")', 'foobar'],
    ['printf("%.3A",pi())', '0X1.922P+1'],
    ['printf("100%%")', '100%'],
    ['printf("%s",nosuch)', 'Null'],
  ],
  accepts: ([format], [type]) => (format && 'text' in format ? isFormat(format.text) : type === 'text' || type === 'any'),
  call([format, ...args], frame) {
    const form = textIn(format!, frame)
    if (typeof form !== 'string' || !isFormat(form)) return null
    const printed = args.map((arg) => {
      const v = textIn(arg, frame)
      return { text: Array.isArray(v) ? v.join(' ') : v === null ? null : String(v), number: arg.number(frame) }
    })
    return printf(form, printed)
  },
})
