import sortThenHead from './rules/sort-then-head'
import type { Rule } from './rule'

/** The rules in the order in which they are applied: an order on purpose, so a list. */
export const RULES: readonly Rule[] = [sortThenHead]
