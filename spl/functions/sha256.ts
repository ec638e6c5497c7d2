import { createHash } from 'node:crypto'
import { evalFunction, text } from '../expressions/function'

export default evalFunction({
  name: 'sha256',
  summary: 'The SHA256 hash of the UTF-8 bytes of a text, in hexadecimal digits.',
  source: 'Search Reference, Cryptographic functions, sha256',
  params: [text],
  returns: 'text',
  examples: [['sha256("abc")', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad']],
  call: (text) => createHash('sha256').update(text).digest('hex'),
})
