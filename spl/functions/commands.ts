import { evalFunction, text } from '../expressions/function'
import { quoteEnd } from '../text/reader'
import { multivalue } from '../values/value'

export default evalFunction({
  name: 'commands',
  summary: 'The names of the commands of a search text, in order, without those of subsearches.',
  source: 'Search Reference, Multivalue eval functions, commands',
  params: [text],
  returns: 'any',
  examples: [
    ['commands("search foo | stats count | sort count")', ['search', 'stats', 'sort']],
    ['commands("| makeresults | append [search x | head 1]")', ['makeresults', 'append']],
    ['commands("error \\"a | b\\" | head")', ['search', 'head']],
  ],
  call(search) {
    const [first, ...more] = pipes(search)
    const names = more.map((stage) => /^\s*([^\s|[(]+)/.exec(stage)?.[1])
    // What is typed before the first pipe is searched for, with or without the word.
    return multivalue([...(first!.trim() === '' ? [] : ['search']), ...names.filter((n) => n !== undefined)])
  },
})

/** The parts between pipes that stand outside quotes and brackets. */
function pipes(search: string): string[] {
  const parts: string[] = []
  let start = 0
  let depth = 0
  for (let i = 0; i < search.length; i++) {
    const c = search[i]
    if (c === '"') i = Math.max(i, quoteEnd(search, i, search.length) - 1)
    else if (c === '[' || c === ']') depth += c === '[' ? 1 : -1
    else if (c === '|' && depth <= 0) {
      parts.push(search.slice(start, i))
      start = i + 1
    }
  }
  return [...parts, search.slice(start)]
}
