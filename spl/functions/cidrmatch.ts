import { evalFunction, orNull, text, texts } from '../expressions/function'
import { cidr } from '../values/ip'
import { remembered } from '../values/time/memo'

const network = remembered((subnet) => cidr(subnet) ?? null)

export default evalFunction({
  name: 'cidrmatch',
  summary: 'Whether an address is in a network, of IPv4 or IPv6; false where either cannot be read.',
  source: 'Search Reference, Comparison and Conditional functions, cidrmatch',
  params: [orNull(text), orNull(texts)],
  returns: 'boolean',
  examples: [
    ['tostring(cidrmatch("123.132.32.0/25","123.132.32.5"))', 'True'],
    ['tostring(cidrmatch("2001:db8::/32","2001:db9::1"))', 'False'],
    ['tostring(cidrmatch("10.0.0.0/8","not-an-ip"))', 'False'],
  ],
  call: (subnet, addresses) => (subnet !== null && addresses?.some((a) => network(subnet)?.contains(a))) ?? false,
})
