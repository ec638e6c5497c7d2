/** `make`, but each key's answer is kept; the store is emptied when full, so that texts from data cannot fill the memory. */
export function remembered<V>(make: (key: string) => V, limit = 500): (key: string) => V {
  const known = new Map<string, V>()
  return (key) => {
    const before = known.get(key)
    if (before !== undefined) return before
    if (known.size >= limit) known.clear()
    const made = make(key)
    known.set(key, made)
    return made
  }
}
