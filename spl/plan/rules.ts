import type { Rule } from './rule'
import sortThenHead from './rules/sort-then-head'

/** The rules in the order in which they are applied: an order on purpose, so a list. */
export const RULES: readonly Rule[] = [sortThenHead]
