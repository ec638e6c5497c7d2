/**
 * A time, zone or modifier that cannot be read; `at` is the place in the text.
 * `realtime`: a well-formed `rt…` term, so that callers can refuse it as such.
 * The caller makes the problem from it: `Invalid value "-30x" for time term 'earliest'`.
 */
export class BadTime extends Error {
  override readonly name = 'BadTime'
  constructor(
    message: string,
    readonly at: number,
    readonly kind: 'malformed' | 'realtime' = 'malformed',
  ) {
    super(message)
  }
}
