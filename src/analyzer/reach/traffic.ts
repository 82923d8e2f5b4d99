/** What passes, as people read it: kinds of traffic, and of the internet the prefixes that it is about. */
import { type Box, boxes } from '../../headers/boxes.ts'
import { where } from '../../headers/condition.ts'
import { type HeaderSet, intersect, isEmpty, union } from '../../headers/header-set.ts'
import { freed, levelsOf } from '../../headers/transform.ts'
import { NOWHERE } from '../../forward/worldwide.ts'
import type { Ip } from '../../ip/address.ts'
import { ANYWHERE, ANYWHERE6, type Prefix } from '../../ip/prefix.ts'
import { trafficTexts } from '../fix/opening-text.ts'

type Field = 'source' | 'destination'

/** Ports that senders choose, codes and sizes distinguish nothing that a table shows. */
const UNIMPORTANT = [...levelsOf('sourcePort'), ...levelsOf('icmpCode'), ...levelsOf('size')]
const ADDRESSES = [...levelsOf('source'), ...levelsOf('destination')]

const texts = new WeakMap<HeaderSet, readonly string[]>()

/** `TCP port 22`, `ping`, `everything`; whatever the addresses are. */
export function trafficOf(headers: HeaderSet): readonly string[] {
  const known = texts.get(headers) ?? trafficTexts(boxes(freed(headers, [...UNIMPORTANT, ...ADDRESSES])))
  texts.set(headers, known)
  return known
}

/** A part of the internet, and what passes between it and somebody. */
export interface Outside {
  readonly prefixes: readonly Prefix[]
  readonly headers: HeaderSet
}

/**
 * Headers by the part of the internet that they come from, or go to. `ours`: public addresses of the network itself,
 * which leave no gaps in the prefixes, as little as addresses do that nobody on the internet can have.
 */
export function byPrefixes(headers: HeaderSet, field: Field, ours: readonly Ip[]): Outside[] {
  const gaps = union(where({ [field]: NOWHERE }), where({ [field]: new Set(ours) }))
  const some = freed(headers, UNIMPORTANT)
  const filled = union(some, intersect(freed(some, levelsOf(field)), gaps))
  const groups = Map.groupBy(boxes(filled), (box) => prefixesOf(box, field).join())
  return [...groups.values()].flatMap((all) => {
    const [first] = all as [Box]
    const prefixes = prefixesOf(first, field).filter((p) => !isEmpty(intersect(some, where({ [field]: [p] }))))
    const part = intersect(some, where({ [field]: prefixesOf(first, field) }))
    return prefixes.length > 0 ? [{ prefixes, headers: only(part, all) }] : []
  })
}

const prefixesOf = (box: Box, field: Field): readonly Prefix[] =>
  box[field] ?? [box.family === 4 ? ANYWHERE : ANYWHERE6]

/** The part of a set in some of its boxes. */
const only = (headers: HeaderSet, all: readonly Box[]): HeaderSet =>
  all.reduce((sum, box) => union(sum, intersect(headers, setOf(box))), where({ protocols: [] }))

function setOf({ family, protocols, destinationPorts, icmpTypes }: Box): HeaderSet {
  const types = icmpTypes?.flatMap(({ from, to }) =>
    Array.from({ length: to - from + 1 }, (_, i) => ({ type: from + i })),
  )
  return where({
    family,
    ...(protocols && { protocols }),
    ...(destinationPorts && { destinationPorts }),
    ...(types && { icmp: types }),
  })
}
