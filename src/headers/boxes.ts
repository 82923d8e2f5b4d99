/** Sets as people read them: disjoint boxes of prefixes and ranges, and what one field alone can be. */
import type { Family } from '../ip/address.ts'
import type { Prefix } from '../ip/prefix.ts'
import { type PortRange, TCP, UDP } from '../network/match.ts'
import { isAll, prefixesOf, rangesByKid } from './address-ranges.ts'
import { where } from './condition.ts'
import type { Diagram } from './diagram.ts'
import type { AddressField } from './field-sets.ts'
import { FAMILIES, familyValue, LEAF, LEVEL } from './fields.ts'
import { type HeaderSet, intersect } from './header-set.ts'
import { freed, intervalsByKid, levelsOf } from './transform.ts'

/** All headers whose fields are in these ranges (inclusive) and prefixes; a field that is absent may be anything. */
export interface Box {
  readonly family: Family
  readonly protocols?: readonly PortRange[]
  readonly destinationPorts?: readonly PortRange[]
  readonly sourcePorts?: readonly PortRange[]
  readonly icmpTypes?: readonly PortRange[]
  readonly icmpCodes?: readonly PortRange[]
  /** Bytes of packets that may not be fragmented; 0 is all others. */
  readonly sizes?: readonly PortRange[]
  readonly destination?: readonly Prefix[]
  readonly source?: readonly Prefix[]
}

/** In the order of the levels, below the addresses. */
const FIELDS = [
  [LEVEL.protocol, 'protocols'],
  [LEVEL.destinationPort, 'destinationPorts'],
  [LEVEL.sourcePort, 'sourcePorts'],
  [LEVEL.icmpType, 'icmpTypes'],
  [LEVEL.icmpCode, 'icmpCodes'],
  [LEVEL.size, 'sizes'],
] as const
const ADDRESSES = ['destination', 'source'] as const

/** Boxes that have no header in common and make up the set; the first `limit` of them. */
export function boxes(set: HeaderSet, limit = Number.POSITIVE_INFINITY): Box[] {
  const found: Box[] = []
  for (const family of FAMILIES) {
    for (const box of boxesFrom(ofFamily(set, family), 0, { family })) {
      if (found.length >= limit) return found
      found.push(box)
    }
  }
  return found
}

/** The set below its first level. */
function ofFamily(set: Diagram, family: Family): Diagram {
  return set.level === LEVEL.family ? (set.kids[familyValue(family)] as Diagram) : set
}

function* boxesFrom(at: Diagram, next: number, box: Box): Generator<Box> {
  const address = ADDRESSES[next]
  const field = FIELDS[next - ADDRESSES.length]
  if (at.level === LEAF) {
    if (at.value > 0) yield box
  } else if (field) {
    const [level, name] = field
    if (at.level !== level) yield* boxesFrom(at, next + 1, box)
    else for (const [kid, ranges] of intervalsByKid(at)) yield* boxesFrom(kid, next + 1, { ...box, [name]: ranges })
  } else if (address) {
    const { family } = box
    for (const [kid, ranges] of rangesByKid(at, address, family)) {
      const free = isAll(ranges, family)
      yield* boxesFrom(kid, next + 1, free ? box : { ...box, [address]: prefixesOf(ranges, family) })
    }
  }
}

const allBut = (...fields: (keyof typeof LEVEL)[]): readonly number[] =>
  (Object.keys(LEVEL) as (keyof typeof LEVEL)[]).filter((field) => !fields.includes(field)).flatMap(levelsOf)

/** The addresses that headers of the set have: the fewest prefixes, IPv4 first. */
export function addresses(set: HeaderSet, field: AddressField): Prefix[] {
  const projected = freed(set, allBut('family', field))
  return FAMILIES.flatMap((family) =>
    [...rangesByKid(ofFamily(projected, family), field, family).values()].flatMap((r) => prefixesOf(r, family)),
  )
}

/** The ports that TCP and UDP headers of the set have. */
export const ports = (set: HeaderSet, field: 'sourcePort' | 'destinationPort'): PortRange[] =>
  valuesAt(freed(intersect(set, where({ protocols: [TCP, UDP] })), allBut(field)), LEVEL[field], 65535)

/** The protocols that headers of the set have, as ranges of IANA numbers. */
export const protocols = (set: HeaderSet): PortRange[] => valuesAt(freed(set, allBut('protocol')), LEVEL.protocol, 255)

function valuesAt(projected: Diagram, level: number, to: number): PortRange[] {
  if (projected.level === LEAF) return projected.value > 0 ? [{ from: 0, to }] : []
  return projected.level === level ? [...intervalsByKid(projected).values()].flat() : []
}
