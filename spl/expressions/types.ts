import { nearest } from '../text/problem'
import { fail } from '../text/problems'
import { type BinaryOperator, chain, type Expression, type StaticType } from './expression'
import type { EvalFunction } from './function'

export type Functions = ReadonlyMap<string, EvalFunction>

/**
 * What is wrong with an expression before the first row: unknown functions, arguments that cannot fit, literals of the wrong type.
 * @returns the static type of the whole
 * @throws SplProblem of phase `parse`, at the node
 * @source measured type checks of 10.4 (language reference §4.2)
 */
export function checkExpression(e: Expression, functions: Functions, who: string): StaticType {
  if ('text' in e) return 'text'
  if ('number' in e) return 'number'
  if ('field' in e) return 'any'
  if ('not' in e) return boolean('NOT', e.not, functions, who)
  if ('negate' in e) {
    const t = checkExpression(e.negate, functions, who)
    if (t === 'text' || t === 'boolean' || t === 'null') throw typeError(who, "'-' only takes numbers.", e)
    return 'number'
  }
  return 'call' in e ? checkCall(e, functions, who) : checkOperator(e, functions, who)
}

const typeError = (who: string, text: string, e: Expression) => fail('eval-type', { who, text }, e.span)

function boolean(op: string, e: Expression, functions: Functions, who: string): 'boolean' {
  const t = checkExpression(e, functions, who)
  if (t !== 'boolean' && t !== 'any') throw typeError(who, `'${op}' only takes boolean arguments.`, e)
  return 'boolean'
}

function checkCall(e: Expression & { call: string; args: readonly Expression[] }, functions: Functions, who: string): StaticType {
  const f = functions.get(e.call)
  if (!f) throw fail('eval-function', { who, name: e.call, nearest: nearest(e.call, functions.keys()) }, e.span)
  const types = e.args.map((a) => checkExpression(a, functions, who))
  if (!f.accepts(e.args, types)) throw fail('eval-arguments', { who, name: e.call }, e.span)
  return f.typed(types)
}

const LOGICAL: readonly BinaryOperator[] = ['AND', 'OR', 'XOR']
const ARITHMETIC: readonly BinaryOperator[] = ['-', '*', '/', '%']

function checkOperator(
  e: Expression & { op: BinaryOperator; left: Expression; right: Expression },
  functions: Functions,
  who: string,
): StaticType {
  if (LOGICAL.includes(e.op)) {
    for (const part of chain(e)) boolean(e.op, part, functions, who)
    return 'boolean'
  }
  const left = checkExpression(e.left, functions, who)
  const right = checkExpression(e.right, functions, who)
  const sides = [left, right]
  if (ARITHMETIC.includes(e.op)) {
    if (sides.some((t) => t !== 'number' && t !== 'any')) throw typeError(who, `'${e.op}' only takes numbers.`, e)
    return 'number'
  }
  if (e.op === '+') return checkPlus(sides, who, e)
  if (e.op === '.') {
    if (sides.some((t) => t === 'null' || t === 'boolean')) throw typeError(who, "The '.' operator only takes strings and numbers.", e)
    return 'text'
  }
  if (differ(left, right)) throw typeError(who, `The '${e.op === '=' ? '==' : e.op}' operator received different types.`, e)
  return 'boolean'
}

function checkPlus(sides: readonly StaticType[], who: string, e: Expression): StaticType {
  const both = new Set(sides)
  if (both.has('null') || both.has('boolean') || (both.has('text') && both.has('number')))
    throw typeError(who, "'+' only takes two strings or two numbers.", e)
  return both.has('text') ? 'text' : both.has('number') ? 'number' : 'any'
}

const differ = (a: StaticType, b: StaticType) => a !== b && a !== 'any' && b !== 'any'
