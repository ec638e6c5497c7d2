/** A piece of a time format: text, or a variable without its `%` (`Y`, `:z`, `Ez`, `N`) with the digits asked for. */
export type FormatPiece = { readonly literal: string } | { readonly variable: string; readonly width: number | undefined }

/**
 * Variables that stand for others. `%x` and `%X` are those of US English, where the documentation has `7/13/2019` and `9:30:00`
 * as examples, which we write with leading zeros; `%D`, `%R` and `%h` are POSIX.
 */
const COMPOSED: Readonly<Record<string, string>> = {
  T: '%H:%M:%S',
  F: '%Y-%m-%d',
  D: '%m/%d/%y',
  R: '%H:%M',
  h: '%b',
  c: '%a %b %e %H:%M:%S %Y',
  '+': '%a %b %e %H:%M:%S %Z %Y',
  x: '%m/%d/%Y',
  X: '%H:%M:%S',
  n: '\n',
  t: '\t',
}

const COMPOSED_VARIABLE = /%(%|[TFDRhcxXnt+])/g
const VARIABLE = /%(?:([1-9]?)([NQ])|(:{1,3}z|Ez|[YyCGgVUmbBdejaAwHkIlMSpfszZ])|%)/g

/** Cuts a strftime/strptime format; what is no variable of ours stays as it was typed. */
export function piecesOf(format: string): FormatPiece[] {
  const plain = format.replace(COMPOSED_VARIABLE, (whole, name: string) => COMPOSED[name] ?? whole)
  const pieces: FormatPiece[] = []
  let literal = ''
  let done = 0
  for (const match of plain.matchAll(VARIABLE)) {
    const [whole, width, subsecond, other] = match
    const variable = subsecond ?? other
    literal += plain.slice(done, match.index) + (variable ? '' : '%')
    done = match.index + whole.length
    if (!variable) continue
    if (literal) pieces.push({ literal })
    literal = ''
    pieces.push({ variable, width: width ? Number(width) : undefined })
  }
  literal += plain.slice(done)
  if (literal) pieces.push({ literal })
  return pieces
}
