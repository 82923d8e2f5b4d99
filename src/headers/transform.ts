/** Sets of headers with fields freed, fixed, overwritten, or with both ends swapped. */
import type { Ip } from '../ip/address.ts'
import { hostPrefix } from '../ip/prefix.ts'
import { ICMP, ICMPV6, type PortRange } from '../network/match.ts'
import { where } from './condition.ts'
import { type Diagram, mapKids } from './diagram.ts'
import { ranges } from './field-sets.ts'
import { LAST, LEAF, LEVEL, WORDS } from './fields.ts'
import { EVERYTHING, type HeaderSet, intersect, NOTHING, subtract, union, unionOf } from './header-set.ts'

/** All levels of a field. */
export const levelsOf = (field: keyof typeof LEVEL): readonly number[] =>
  field === 'source' || field === 'destination'
    ? Array.from({ length: WORDS }, (_, word) => LEVEL[field] + word)
    : [LEVEL[field]]

/** The headers that are in the set with some value of these fields, whatever theirs is. */
export function freed(set: HeaderSet, levels: readonly number[]): HeaderSet {
  const free = new Set(levels)
  const known = new Map<Diagram, Diagram>()
  const visit = (at: Diagram): Diagram => {
    if (at.level === LEAF) return at
    const found = known.get(at)
    if (found) return found
    const result = free.has(at.level)
      ? unionOf([...new Set(at.kids)].map((kid) => visit(kid) as HeaderSet))
      : mapKids(at, visit)
    known.set(at, result)
    return result
  }
  return visit(set) as HeaderSet
}

interface Values {
  readonly source: Ip
  readonly destination: Ip
  readonly sourcePort: number
  readonly destinationPort: number
}

/** All headers with this address or port. */
export const withValue = <F extends keyof Values>(field: F, value: Values[F]): HeaderSet =>
  typeof value === 'number'
    ? where({ [`${field}s`]: [{ from: value, to: value }] })
    : where({ [field]: [hostPrefix(value)] })

/** The part of the set with this address or port, and then with any other as well. */
export const fix = <F extends keyof Values>(set: HeaderSet, field: F, value: Values[F]): HeaderSet =>
  freed(intersect(set, withValue(field, value)), levelsOf(field))

/** What the headers become when an address or port of theirs is rewritten; those that have such a one. */
export const overwritten = <F extends keyof Values>(set: HeaderSet, field: F, value: Values[F]): HeaderSet =>
  intersect(freed(set, levelsOf(field)), withValue(field, value))

const SWAPPED_LEVELS: readonly number[] = [
  LEVEL.family,
  ...levelsOf('source'),
  ...levelsOf('destination'),
  LEVEL.protocol,
  LEVEL.sourcePort,
  LEVEL.destinationPort,
  LEVEL.icmpType,
  LEVEL.icmpCode,
  LEVEL.size,
]

/** The headers with source and destination, and their ports, swapped. */
export function swapped(set: HeaderSet): HeaderSet {
  const known = new Map<Diagram, HeaderSet>()
  const visit = (at: Diagram): HeaderSet => {
    if (at.level === LEAF) return at as HeaderSet
    const found = known.get(at)
    if (found) return found
    const level = SWAPPED_LEVELS[at.level] as number
    const branches = [...intervalsByKid(at)].map(([kid, wanted]) =>
      intersect(ranges(level, wanted) as HeaderSet, visit(kid)),
    )
    const result = unionOf(branches)
    known.set(at, result)
    return result
  }
  return visit(set)
}

/** The intervals of a node by where they lead; without those that lead to nothing. */
export function intervalsByKid({ level, starts, kids }: Diagram): Map<Diagram, PortRange[]> {
  const byKid = new Map<Diagram, PortRange[]>()
  kids.forEach((kid, i) => {
    if (kid === NOTHING) return
    const range = { from: starts[i] as number, to: (starts[i + 1] ?? (LAST[level] as number) + 1) - 1 }
    const known = byKid.get(kid)
    if (known) known.push(range)
    else byKid.set(kid, [range])
  })
  return byKid
}

/** What `replyTo` sets, whatever it answers: the types of echo replies, and a packet that may be fragmented. */
const REPLY_LEVELS = [LEVEL.icmpType, LEVEL.icmpCode, LEVEL.size]
const typed = (protocol: number, type: number): HeaderSet =>
  union(
    subtract(EVERYTHING, where({ protocols: [protocol] })),
    where({ protocols: [protocol], icmp: [{ type, code: 0 }] }),
  )
const REPLY = [typed(ICMP, 0), typed(ICMPV6, 129), where({ sizes: [{ from: 0, to: 0 }] })].reduce(intersect)

/** The answers to these headers (`replyTo`). */
export const repliesTo = (set: HeaderSet): HeaderSet => intersect(swapped(freed(set, REPLY_LEVELS)), REPLY)

/** The headers whose answers are in the set. */
export const repliedBy = (set: HeaderSet): HeaderSet => swapped(freed(intersect(set, REPLY), REPLY_LEVELS))
