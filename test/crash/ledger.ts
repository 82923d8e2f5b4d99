/**
 * What the server has acknowledged, as facts: what has to be there after a crash, and what may be there.
 *
 * Invariants: calls that change the same fact are never under way at once (`Locks`); a fact falls with its owners.
 */

/** One thing that a read shows: `subnet-1` is `vpc-1 10.1.0.0/24`. */
export interface Fact {
  readonly key: string
  readonly value: string
  /** Facts without which this one is gone, as a subnet's route table association without its subnet. */
  readonly owners: readonly string[]
}

export type Facts = ReadonlyMap<string, Fact>

/** What a call does to a fact: sets it, removes it, or leaves open what becomes of it. */
export type Effect =
  | { readonly to: 'set'; readonly fact: Fact }
  | { readonly to: 'remove' | 'open'; readonly key: string }

export const fact = (key: string, value: string, owners: readonly string[] = []): Fact => ({ key, value, owners })
export const set = (some: Fact): Effect => ({ to: 'set', fact: some })
export const remove = (key: string): Effect => ({ to: 'remove', key })
export const open = (key: string): Effect => ({ to: 'open', key })

/** A call that was sent and never answered. */
interface Doubt {
  /** What it was, for messages. */
  readonly name: string
  readonly effects: readonly Effect[]
}

export interface Ledger {
  /** What is expected, doubts aside. */
  readonly facts: Facts
  /** An answered call. */
  acknowledge(effects: readonly Effect[]): void
  /** A call without an answer: what it would have done, as far as that is known without one. */
  doubt(name: string, effects: readonly Effect[]): void
  /** How what is seen differs from what has to be there. Then what is seen is what is expected. */
  compare(seen: Facts): string[]
}

export function ledger(): Ledger {
  let facts = new Map<string, Fact>()
  const gone = new Set<string>()
  let doubts: Doubt[] = []

  function acknowledge(effects: readonly Effect[]): void {
    for (const effect of effects) {
      if (effect.to === 'set') {
        facts.set(effect.fact.key, effect.fact)
        gone.delete(effect.fact.key)
      } else {
        facts.delete(effect.key)
        if (effect.to === 'remove') gone.add(effect.key)
      }
    }
  }

  return {
    get facts() {
      return facts
    },
    acknowledge,
    doubt: (name, effects) => void doubts.push({ name, effects }),
    compare(seen) {
      const { problems, settled } = judgeDoubts(doubts, facts, seen)
      for (const { key, value, owners } of facts.values()) {
        if (settled.has(key) || owners.some((owner) => !isThere(seen, owner))) continue
        const now = seen.get(key)?.value
        if (now !== value) problems.push(`${key} was acknowledged as "${value}" and is ${quoted(now)}`)
      }
      for (const key of gone)
        if (!settled.has(key) && seen.has(key))
          problems.push(`${key} was acknowledged as removed and is ${quoted(seen.get(key)?.value)}`)
      facts = new Map(seen)
      gone.clear()
      doubts = []
      return problems
    },
  }
}

const quoted = (value: string | undefined): string => (value === undefined ? 'not there' : `"${value}"`)

/** Whether a fact is there with all that it depends on. */
const isThere = (seen: Facts, key: string): boolean =>
  seen.get(key)?.owners.every((owner) => isThere(seen, owner)) ?? false

/** A call without an answer has happened whole, or not at all; the facts that it names are no others' to judge. */
function judgeDoubts(doubts: readonly Doubt[], before: Facts, seen: Facts) {
  const problems: string[] = []
  const settled = new Set<string>()
  for (const { name, effects } of doubts) {
    const done = effects.filter((effect) => effect.to !== 'open' && isDone(effect, seen))
    const undone = effects.filter((effect) => effect.to !== 'open' && isUndone(effect, before, seen))
    const known = effects.filter(({ to }) => to !== 'open')
    if (done.length < known.length && undone.length < known.length)
      problems.push(`${name}, which had no answer, is half there: ${done.length} of ${known.length} changes`)
    for (const effect of effects) settled.add(keyOf(effect))
  }
  return { problems, settled }
}

const keyOf = (effect: Effect): string => (effect.to === 'set' ? effect.fact.key : effect.key)

function isDone(effect: Effect, seen: Facts): boolean {
  if (effect.to !== 'set') return !seen.has(effect.key)
  const { key, value, owners } = effect.fact
  return seen.get(key)?.value === value || owners.some((owner) => !isThere(seen, owner))
}

function isUndone(effect: Effect, before: Facts, seen: Facts): boolean {
  const earlier = before.get(keyOf(effect))
  if (earlier?.owners.some((owner) => !isThere(seen, owner))) return true
  // What was to be removed may have come by itself since, as a gateway that has become available.
  if (earlier === undefined && effect.to === 'remove') return true
  return seen.get(keyOf(effect))?.value === earlier?.value
}

/** Who works on what: a call that changes a thing has it for itself, calls that only name it share it. */
export function locks() {
  /** How many share it; -1 where one has it for itself. */
  const held = new Map<string, number>()
  return {
    /** Takes all, or nothing; answers what gives them back. */
    take(changed: readonly string[], shared: readonly string[]): (() => void) | undefined {
      const alone = new Set(changed)
      const others = new Set(shared.filter((id) => !alone.has(id)))
      if ([...alone].some((id) => held.has(id)) || [...others].some((id) => held.get(id) === -1)) return undefined
      for (const id of alone) held.set(id, -1)
      for (const id of others) held.set(id, (held.get(id) ?? 0) + 1)
      return () => {
        for (const id of alone) held.delete(id)
        for (const id of others) {
          const left = (held.get(id) ?? 1) - 1
          if (left > 0) held.set(id, left)
          else held.delete(id)
        }
      }
    },
  }
}
