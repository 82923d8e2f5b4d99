/** Maps whose values are made when they are asked for. */

/** `make` gives the value of a key, or undefined where there is none; it is asked each time. */
export class DerivedMap<K, V> implements ReadonlyMap<K, V> {
  readonly #keys: () => Iterable<K>
  readonly #make: (key: K) => V | undefined

  constructor(keys: () => Iterable<K>, make: (key: K) => V | undefined) {
    this.#keys = keys
    this.#make = make
  }

  get(key: K): V | undefined {
    return this.#make(key)
  }

  has(key: K): boolean {
    return this.#make(key) !== undefined
  }

  get size(): number {
    return [...this.entries()].length
  }

  *entries(): MapIterator<[K, V]> {
    for (const key of this.#keys()) {
      const value = this.#make(key)
      if (value !== undefined) yield [key, value]
    }
  }

  *keys(): MapIterator<K> {
    for (const [key] of this.entries()) yield key
  }

  *values(): MapIterator<V> {
    for (const [, value] of this.entries()) yield value
  }

  [Symbol.iterator](): MapIterator<[K, V]> {
    return this.entries()
  }

  forEach(visit: (value: V, key: K, map: ReadonlyMap<K, V>) => void): void {
    for (const [key, value] of this.entries()) visit(value, key, this)
  }
}

/** The map with every value turned into another. */
export const derived = <K, A, B>(map: ReadonlyMap<K, A>, turn: (value: A) => B): ReadonlyMap<K, B> =>
  new DerivedMap(
    () => map.keys(),
    (key) => {
      const value = map.get(key)
      return value === undefined ? undefined : turn(value)
    },
  )

/** `make`, once for each value for as long as that is there. */
export function keptBy<A extends object, B extends object>(make: (value: A) => B): (value: A) => B {
  const memo = new WeakMap<A, B>()
  return (value) => {
    const known = memo.get(value) ?? make(value)
    memo.set(value, known)
    return known
  }
}
