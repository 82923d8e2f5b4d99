/**
 * A compile that follows the state: after a change, only the records that can be affected are compiled again.
 *
 * Invariants: `network` holds the facts that `compile` would find in the same records; a fact that stays the same stays
 * the same object. Nothing is said of what a record's `compile` reads: it is seen while it reads.
 */
import { allKinds } from '../ec2/kinds.ts'
import type { ResourceType, ResourceTypes } from '../ec2/resource.ts'
import type { Change, Draft, State } from '../ec2/state.ts'
import type { Difference, Fact, Network } from '../network/network.ts'
import { patched } from '../network/patch.ts'
import { assemble } from './assemble.ts'
import { factsOf } from './compile.ts'
import { internet } from './internet.ts'
import { fieldOf, noting, touched } from './reading.ts'

type Record = ResourceTypes[ResourceType]

/** A network, and how it differs from the one before. */
export interface Step {
  readonly network: Network
  readonly difference: Difference
}

/** One record as it was compiled. */
interface Compiled {
  readonly type: ResourceType
  readonly id: string
  /** Absent where there is none (any more). */
  readonly record: Record | undefined
  readonly facts: readonly Fact[]
  readonly reads: ReadonlySet<string>
}

export class IncrementalCompile {
  readonly #state: State
  readonly #compiled = new Map<string, Compiled>()
  /** Read → the records whose facts rest on it. */
  readonly #readers = new Map<string, Set<string>>()
  /** The fields that have been asked for, by type. */
  readonly #fields = new Map<string, Set<string>>()
  #network: Network

  /** Compiles everything there is. */
  constructor(state: State) {
    this.#state = state
    for (const { type } of allKinds())
      for (const record of state.all(type)) this.#keep(compiled(type, (record as Record).id, state))
    this.#network = assemble([...internet(), ...[...this.#compiled.values()].flatMap(({ facts }) => facts)])
  }

  get network(): Network {
    return this.#network
  }

  /** Follows changes that the state has accepted. */
  update(changes: readonly Change[]): Step {
    const again = this.#again(changes, this.#state)
    const step = this.#step(again)
    for (const one of again) this.#keep(one)
    this.#network = step.network
    return step
  }

  /** The network as it would be with a draft's changes; everything here stays as it is. */
  suppose(draft: Draft): Step {
    return this.#step(this.#again(draft.changes(), draft))
  }

  /** The records that the changes touch, compiled as the state is now. */
  #again(changes: readonly Change[], state: State): Compiled[] {
    const concerned = new Map<string, { readonly type: ResourceType; readonly id: string }>()
    for (const { type, id, record } of changes) {
      concerned.set(keyOf(type, id), { type, id })
      const before = this.#compiled.get(keyOf(type, id))?.record
      for (const read of touched(type, id, [before, record], this.#fields.get(type) ?? []))
        for (const key of this.#readers.get(read) ?? []) concerned.set(key, this.#compiled.get(key) as Compiled)
    }
    return [...concerned.values()].map(({ type, id }) =>
      withKnownFacts(compiled(type, id, state), this.#compiled.get(keyOf(type, id))?.facts ?? []),
    )
  }

  #step(again: readonly Compiled[]): Step {
    const before = again.flatMap(({ type, id }) => this.#compiled.get(keyOf(type, id))?.facts ?? [])
    const after = new Set(again.flatMap(({ facts }) => facts))
    const known = new Set(before)
    const difference = {
      removed: before.filter((fact) => !after.has(fact)),
      added: [...after].filter((fact) => !known.has(fact)),
    }
    return { network: patched(this.#network, difference), difference }
  }

  #keep(one: Compiled): void {
    const key = keyOf(one.type, one.id)
    for (const read of this.#compiled.get(key)?.reads ?? []) if (!one.reads.has(read)) this.#forget(read, key)
    for (const read of one.reads) this.#note(read, key)
    if (one.record) this.#compiled.set(key, one)
    else this.#compiled.delete(key)
  }

  #note(read: string, key: string): void {
    const readers = this.#readers.get(read)
    if (readers) readers.add(key)
    else {
      this.#readers.set(read, new Set([key]))
      const [type, field] = fieldOf(read) ?? []
      if (type !== undefined && field !== undefined)
        this.#fields.set(type, (this.#fields.get(type) ?? new Set()).add(field))
    }
  }

  #forget(read: string, key: string): void {
    const readers = this.#readers.get(read)
    readers?.delete(key)
    if (readers?.size === 0) this.#readers.delete(read)
  }
}

const keyOf = (type: ResourceType, id: string): string => `${type} ${id}`

function compiled(type: ResourceType, id: string, state: State): Compiled {
  const record = state.get(type, id)
  if (!record) return { type, id, record, facts: [], reads: new Set() }
  const reads = new Set<string>()
  return { type, id, record, facts: factsOf(type, record, noting(state, reads)), reads }
}

/** Facts that say the same as before are the same objects as before. */
function withKnownFacts(one: Compiled, before: readonly Fact[]): Compiled {
  if (before.length === 0) return one
  const known = new Map(before.map((fact) => [JSON.stringify(fact), fact]))
  return { ...one, facts: one.facts.map((fact) => known.get(JSON.stringify(fact)) ?? fact) }
}
