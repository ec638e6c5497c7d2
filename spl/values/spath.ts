import { fieldText, parseJson } from './json'
import { jsonAt, type Path } from './json-path'
import { elementsOf, elementText, parseXml, type XmlElement, type XmlNode } from './xml'

/**
 * The texts that a path leads to in a text of JSON or XML, in order; none where the text is neither. JSON elements are counted
 * from 0, XML elements from 1. @source Search Reference, spath
 */
export function spathTexts(text: string, path: Path): readonly string[] {
  if (!/^\s*</.test(text)) {
    const j = parseJson(text)
    return j === undefined ? [] : jsonAt(j, path).flatMap((found) => fieldText(found) ?? [])
  }
  const nodes = parseXml(text)
  return nodes ? xmlTexts(nodes, path) : []
}

/** Elements that a key found stand together, so that a number picks among those of one parent. */
function xmlTexts(nodes: readonly XmlNode[], path: Path): readonly string[] {
  let groups: readonly (readonly XmlElement[])[] = [elementsOf(nodes)]
  let first = true
  for (const step of path) {
    if ('attribute' in step) return groups.flat().flatMap((e) => e.attributes.get(step.attribute) ?? [])
    // In XML `a.b` and `a.b{}` are the same.
    if ('all' in step) continue
    if ('index' in step) groups = groups.map((g) => g.slice(step.index - 1, step.index))
    else {
      const inside = first ? groups : groups.flat().map((e) => elementsOf(e.children))
      groups = inside.map((g) => g.filter((e) => e.name === step.key))
      first = false
    }
  }
  return first ? [] : groups.flat().map(elementText)
}
