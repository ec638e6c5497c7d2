import { createHash } from 'node:crypto'
import { evalFunction, text } from '../expressions/function'

export default evalFunction({
  name: 'md5',
  summary: 'The MD5 hash of the UTF-8 bytes of a text, in hexadecimal digits.',
  source: 'Search Reference, Cryptographic functions, md5',
  params: [text],
  returns: 'text',
  examples: [['md5("")', 'd41d8cd98f00b204e9800998ecf8427e']],
  call: (text) => createHash('md5').update(text).digest('hex'),
})
