import { createHash } from 'node:crypto'
import { evalFunction, text } from '../expressions/function'

export default evalFunction({
  name: 'sha1',
  summary: 'The SHA1 hash of the UTF-8 bytes of a text, in hexadecimal digits.',
  source: 'Search Reference, Cryptographic functions, sha1',
  params: [text],
  returns: 'text',
  examples: [['sha1("hello")', 'aaf4c61ddcc5e8a2dabede0f3b482cd9aea9434d']],
  call: (text) => createHash('sha1').update(text).digest('hex'),
})
