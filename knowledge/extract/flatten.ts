import { isArray, isObject, type Json, jsonText, parseJson } from '../../spl/values/json'
import { elementsOf, elementText, parseXml, type XmlElement } from '../../spl/values/xml'
import type { Pair } from './auto-kv'

/**
 * Fields of a JSON text: `a.b` for members, `a{}` for elements, `a{}.b` for members of elements, in order; none where it is no JSON.
 * @source Search Reference, spath; props.conf.spec, KV_MODE = json
 */
export function jsonPairs(text: string): readonly Pair[] {
  const j = /^\s*[{[]/.test(text) ? parseJson(text) : undefined
  const pairs: Pair[] = []
  // DIFFERS: the whole event is read; Splunk looks at its first 5,000 characters.
  if (j !== undefined) addJson('', j, pairs)
  return pairs
}

function addJson(path: string, j: Json, into: Pair[]): void {
  if (isObject(j)) for (const [key, value] of j) addJson(path === '' ? key : `${path}.${key}`, value, into)
  else if (isArray(j)) for (const item of j) addJson(`${path}{}`, item, into)
  else if (path !== '') into.push([path, typeof j === 'string' ? j : jsonText(j)])
}

/** Fields of an XML text: `a.b` for elements that hold text, `a.b{@c}` for attributes. @source props.conf.spec, KV_MODE = xml */
export function xmlPairs(text: string): readonly Pair[] {
  const pairs: Pair[] = []
  const nodes = text.includes('<') ? parseXml(text) : undefined
  for (const e of nodes ? elementsOf(nodes) : []) addXml(e.name, e, pairs)
  return pairs
}

function addXml(path: string, e: XmlElement, into: Pair[]): void {
  for (const [name, value] of e.attributes) into.push([`${path}{@${name}}`, value])
  const inside = elementsOf(e.children)
  for (const child of inside) addXml(`${path}.${child.name}`, child, into)
  if (inside.length === 0) into.push([path, elementText(e)])
}
