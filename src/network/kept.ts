/**
 * Keeps what was made, so that what is made of the same things is the same thing. A function that asks here stays pure:
 * only its cost changes.
 */

/** Answers what was last made for `of`, where that was of the same `inputs`, one by one; else what `make` gives. */
export type Keep<R> = (of: object, inputs: readonly unknown[], make: () => R) => R

/** As long as `of` is there, the latest result for it is kept. */
export function keeping<R>(): Keep<R> {
  const results = new WeakMap<object, { readonly inputs: readonly unknown[]; readonly result: R }>()
  return (of, inputs, make) => {
    const known = results.get(of)
    if (known && areSame(known.inputs, inputs)) return known.result
    const result = make()
    results.set(of, { inputs, result })
    return result
  }
}

/** Keeps lists: while its items are the same, a list is the same list. */
export function keepingList<T>(): (of: object, items: readonly T[]) => readonly T[] {
  const keep = keeping<readonly T[]>()
  return (of, items) => keep(of, items, () => items)
}

const areSame = (some: readonly unknown[], others: readonly unknown[]): boolean =>
  some.length === others.length && some.every((item, i) => item === others[i])
