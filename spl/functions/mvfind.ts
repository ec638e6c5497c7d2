import { evalFunction, regex, texts } from '../expressions/function'

export default evalFunction({
  name: 'mvfind',
  summary: 'The number, from 0, of the first value that a regular expression matches; null where none does.',
  source: 'Search Reference, Multivalue eval functions, mvfind',
  params: [texts, regex],
  returns: 'number',
  examples: [
    ['mvfind(split("ok,err42,err7",","),"err\\d+")', '1'],
    ['mvfind(split("ok,err42",","),"zzz")', null],
  ],
  call(values, pattern) {
    const i = values.findIndex((v) => pattern.test(v))
    return i < 0 ? null : i
  },
})
