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
  for (const arg of args) {
    frame.places = EXACT
    const v = arg.value(frame)
    if (v === null || typeof v === 'boolean') continue
    const { places } = frame
    for (const one of typeof v === 'object' ? v : [v]) {
      const candidate = { value: one, number: numberOfValue(one, arg), places: typeof one === 'number' ? places : placesOf(one) }
      if (!best || sign * compareCandidates(candidate, best) > 0) best = candidate
    }
  }
  frame.places = best?.places ?? EXACT
  return best?.value ?? null
}

function compareCandidates(a: Candidate, b: Candidate): number {
  const texts = Number(Number.isNaN(a.number)) - Number(Number.isNaN(b.number))
  if (texts !== 0) return texts
  return Number.isNaN(a.number) ? compareTexts(String(a.value), String(b.value)) : a.number - b.number
}
