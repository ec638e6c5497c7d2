import { evalFunction, text } from '../expressions/function'
import { addressBytes, addressText } from '../values/ip'

export default evalFunction({
  name: 'ipmask',
  summary: 'The bits of an address that a mask keeps; the mask may have holes.',
  source: 'Search Reference, Conversion functions, ipmask',
  params: [text, text],
  returns: 'text',
  examples: [
    ['ipmask("255.255.255.0","10.20.30.120")', '10.20.30.0'],
    ['ipmask("0.255.0.224","10.20.30.120")', '0.20.0.96'],
    ['ipmask("255.0.0.0","x")', null],
  ],
  call(mask, address) {
    const keep = addressBytes(mask)
    const bytes = addressBytes(address)
    return keep && bytes?.length === keep.length ? addressText(bytes.map((b, i) => b & keep[i]!)) : null
  },
})
