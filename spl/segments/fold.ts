/**
 * Case folding of terms and of what is searched for. A text folds to the same whether it is folded whole or term by term, which
 * `toLowerCase` alone does not give: its final sigma depends on what follows.
 */
export function fold(text: string): string {
  const low = text.toLowerCase()
  return low.includes('ς') ? low.replaceAll('ς', 'σ') : low
}

let lastText = ''
let lastFolded = ''
/** `fold` that remembers the last text: the words of one search ask for the same event one after another. */
export function foldedText(text: string): string {
  if (text !== lastText) {
    lastFolded = fold(text)
    lastText = text
  }
  return lastFolded
}
