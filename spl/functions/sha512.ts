import { createHash } from 'node:crypto'
import { evalFunction, text } from '../expressions/function'

export default evalFunction({
  name: 'sha512',
  summary: 'The SHA512 hash of the UTF-8 bytes of a text, in hexadecimal digits.',
  source: 'Search Reference, Cryptographic functions, sha512',
  params: [text],
  returns: 'text',
  examples: [
    [
      'sha512("hello")',
      '9b71d224bd62f3785d96d46ad3ea3d73319bfbc2890caadae2dff72519673ca72323c3d99ba5c11d7c7acc6e14b8c5da0c4663475c2e5c3adef46f73bcdec043',
    ],
  ],
  call: (text) => createHash('sha512').update(text).digest('hex'),
})
