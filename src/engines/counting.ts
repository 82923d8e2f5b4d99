/** Sums of what facts have decided, as both engines tell them. */
import { type Origin, originKey } from '../network/origin.ts'

/** Packets that one rule of a resource has judged. */
export interface Counter {
  readonly resource: string
  /** The rule's name as in an `Origin`; absent for what the resource does as a whole. */
  readonly rule?: string
  readonly passed: number
  readonly dropped: number
  /** Of all of them. */
  readonly bytes: number
}

interface Counting {
  add(origin: Origin, outcome: 'pass' | 'stop', by: { readonly packets: number; readonly bytes: number }): void
  /** Those of one resource; groups that have stopped a packet together have each stopped it. */
  of(resource: string): Counter[]
  clear(): void
}

export function counting(): Counting {
  const counters = new Map<string, Counter>()
  return {
    add(origin, outcome, { packets, bytes }) {
      const key = originKey(origin)
      const { resource, rule } = origin
      const before = counters.get(key) ?? { resource, ...(rule && { rule }), passed: 0, dropped: 0, bytes: 0 }
      counters.set(key, {
        ...before,
        passed: before.passed + (outcome === 'pass' ? packets : 0),
        dropped: before.dropped + (outcome === 'stop' ? packets : 0),
        bytes: before.bytes + bytes,
      })
    },
    of(resource) {
      const mine = [...counters.values()].filter((one) => one.resource.split(',').includes(resource))
      return [...Map.groupBy(mine, ({ rule = '' }) => rule).values()].map((some) => sumOf(resource, some))
    },
    clear: () => counters.clear(),
  }
}

function sumOf(resource: string, some: readonly Counter[]): Counter {
  const total = (of: (one: Counter) => number) => some.reduce((sum, one) => sum + of(one), 0)
  const rule = some[0]?.rule
  return {
    resource,
    ...(rule && { rule }),
    passed: total(({ passed }) => passed),
    dropped: total(({ dropped }) => dropped),
    bytes: total(({ bytes }) => bytes),
  }
}
