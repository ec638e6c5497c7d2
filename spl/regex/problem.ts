/**
 * A pattern that does not compile, or holds something that is valid in PCRE2 but not translated.
 * `message` is PCRE2's wording where PCRE2 refuses it too; `at` counts UTF-16 units from the start of the pattern.
 * @source pcre2api(3), "compile errors" (10.42)
 */
export class RegexProblem extends Error {
  override readonly name = 'RegexProblem'
  constructor(
    message: string,
    readonly at: number,
    /** False where PCRE2 would take the pattern and this translator does not. */
    readonly supported = true,
  ) {
    super(message)
  }
}

/** A construct that PCRE2 has and JavaScript cannot be made to do. */
export const unsupported = (what: string, at: number) => new RegexProblem(`${what} is not supported by Headstand`, at, false)
