type Grown = Int32Array | Float64Array | Uint8Array | Uint16Array | Uint32Array

/** A longer array with the same beginning: room for `need`, at least twice as much as before. */
export function grow<A extends Grown>(a: A, need: number): A {
  const made = new (a.constructor as new (n: number) => A)(Math.max(need + 1, a.length * 2))
  made.set(a)
  return made
}
