/** Pseudo-random choices from a printed seed: the same seed gives the same run, on every machine. */

export interface Random {
  /** An integer from 0 to `below` - 1. */
  below(below: number): number
  chance(probability: number): boolean
  pick<T>(items: readonly T[]): T
  /** One of the values, as often as its weight says. */
  weighted<T>(choices: readonly (readonly [number, T])[]): T
}

/** Mulberry32: 32 bits of state, enough for test data. */
export function random(seed: number): Random {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
  const below = (n: number) => Math.floor(next() * n)
  return {
    below,
    chance: (probability) => next() < probability,
    pick: (items) => items[below(items.length)] as (typeof items)[number],
    weighted(choices) {
      let at = next() * choices.reduce((sum, [weight]) => sum + weight, 0)
      for (const [weight, value] of choices) {
        at -= weight
        if (at < 0) return value
      }
      return (choices.at(-1) as (typeof choices)[number])[1]
    },
  }
}
