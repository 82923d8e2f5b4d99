/**
 * A map that is a value: a change makes a new version beside the old, at the cost of the change alone.
 *
 * The version used last holds the data; every other one holds how it differs, and from which version (Baker's trick).
 * So reading one version is reading a plain map, and going back to an older one costs the changes in between.
 */

/** Key → new value, or undefined where the key goes. */
export type MapChange<K, V> = readonly [key: K, value: V | undefined]

interface Difference<K extends string, V> {
  readonly changes: readonly MapChange<K, V>[]
  readonly from: PersistentMap<K, V>
}

/** Iteration is in the order of keys, whatever changes led here. */
export class PersistentMap<K extends string, V> implements ReadonlyMap<K, V> {
  #data: Map<K, V> | undefined
  #difference: Difference<K, V> | undefined
  #keys: readonly K[] | undefined

  /** The map is the version's own from now on. */
  constructor(data: Map<K, V>) {
    this.#data = data
  }

  get(key: K): V | undefined {
    return (this.#data ?? this.#recalled()).get(key)
  }

  has(key: K): boolean {
    return (this.#data ?? this.#recalled()).has(key)
  }

  get size(): number {
    return (this.#data ?? this.#recalled()).size
  }

  /** This map with changes; this version stays as it is. */
  with(changes: readonly MapChange<K, V>[]): PersistentMap<K, V> {
    if (changes.length === 0) return this
    const data = this.#data ?? this.#recalled()
    const next = new PersistentMap(data)
    this.#leave(next, changed(data, changes))
    return next
  }

  *entries(): MapIterator<[K, V]> {
    // Another version may be read meanwhile: each value is looked up when its turn has come.
    for (const key of this.#sorted()) yield [key, this.get(key) as V]
  }

  keys(): MapIterator<K> {
    return this.#sorted().values()
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

  #sorted(): readonly K[] {
    this.#keys ??= [...(this.#data ?? this.#recalled()).keys()].sort()
    return this.#keys
  }

  #leave(next: PersistentMap<K, V>, changes: readonly MapChange<K, V>[]): void {
    this.#data = undefined
    this.#difference = { changes, from: next }
  }

  /** Brings the data here from the version that holds it, version by version. */
  #recalled(): Map<K, V> {
    const way: PersistentMap<K, V>[] = []
    let at: PersistentMap<K, V> = this
    for (; at.#difference; at = at.#difference.from) way.push(at)
    const data = at.#data as Map<K, V>
    for (const version of way.reverse()) {
      const { changes, from } = version.#difference as Difference<K, V>
      from.#leave(version, changed(data, changes))
      version.#data = data
      version.#difference = undefined
    }
    return data
  }
}

/** Carries out changes; the answer undoes them. */
function changed<K, V>(data: Map<K, V>, changes: readonly MapChange<K, V>[]): MapChange<K, V>[] {
  const undo = changes.map(([key, value]): MapChange<K, V> => {
    const before = data.get(key)
    if (value === undefined) data.delete(key)
    else data.set(key, value)
    return [key, before]
  })
  return undo.reverse()
}
