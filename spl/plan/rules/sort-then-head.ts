import type { Rule } from '../rule'

/** A stage that orders rows keeps no more of them than the next one lets through. */
const rule: Rule = {
  name: 'sort-then-head',
  summary: 'A sort before a head keeps only as many rows as the head lets through.',
  apply(stages, language, decided) {
    return stages.map((s, i) => {
      const next = stages[i + 1]
      const limit = next && language.bind(next).atMost()
      const shorter = limit ? language.bind(s).keepFirst(limit) : undefined
      if (!shorter) return s
      decided(`${s.command} keeps ${limit} rows`)
      return shorter
    })
  },
}
export default rule
