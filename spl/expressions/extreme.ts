import { compareTexts } from '../values/compare'
import { EXACT, placesOf } from '../values/number'
import type { Compiled, Frame, Scalar } from './compiled'
import { numberOfValue } from './number-like'

interface Candidate {
  /** As it was given: a number, or a text. */
  readonly value: string | number
  readonly number: number
  readonly places: number
}

/** The greatest (`sign` 1) or least (−1) of all values of the arguments; null where there is none. Leaves the place of a number in the frame. */
export function extreme(args: readonly Compiled[], frame: Frame, sign: 1 | -1): Scalar {
  let best: Candidate | undefined
  for (const candidate of args.flatMap((arg) => candidates(arg, frame))) {
    if (!best || sign * compareCandidates(candidate, best) > 0) best = candidate
  }
  frame.places = best?.places ?? EXACT
  return best?.value ?? null
}

function candidates(arg: Compiled, frame: Frame): readonly Candidate[] {
  const v = arg.value(frame)
  if (v === null || typeof v === 'boolean') return []
  if (typeof v === 'number') return [{ value: v, number: v, places: frame.places }]
  const texts = typeof v === 'string' ? [v] : v
  return texts.map((text) => ({ value: text, number: numberOfValue(text, arg), places: placesOf(text) }))
}

function compareCandidates(a: Candidate, b: Candidate): number {
  const texts = Number(Number.isNaN(a.number)) - Number(Number.isNaN(b.number))
  if (texts !== 0) return texts
  return Number.isNaN(a.number) ? compareTexts(String(a.value), String(b.value)) : a.number - b.number
}
