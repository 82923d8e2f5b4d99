/** What passes, as people read it: kinds of traffic, and of the internet the prefixes that it is about. */
import { addresses, type Box, boxes } from '../../headers/boxes.ts'
import { where } from '../../headers/condition.ts'
import { covers, type HeaderSet, intersect, isEmpty, union, unionOf } from '../../headers/header-set.ts'
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

/** A part of the internet, and the kinds of traffic that pass between all of it and somebody. */
export interface Outside {
  readonly prefixes: readonly Prefix[]
  readonly traffic: readonly string[]
}

/**
 * Headers by the part of the internet that they come from, or go to. `ours`: public addresses of the network itself,
 * which leave no gaps in the prefixes, as little as addresses do that nobody on the internet can have.
 */
export function byPrefixes(headers: HeaderSet, field: Field, ours: readonly Ip[]): Outside[] {
  const gaps = union(where({ [field]: NOWHERE }), where({ [field]: new Set(ours) }))
  const some = freed(headers, UNIMPORTANT)
  const filled = boxes(union(some, intersect(freed(some, levelsOf(field)), gaps)))
  const areas = [...Map.groupBy(filled, (box) => prefixesOf(box, field).join()).values()].map((all) => ({
    within: where({ [field]: prefixesOf(all[0] as Box, field) }),
    passing: unionOf(all.map(setOf)),
  }))
  const kinds = new Map(filled.flatMap(unitsOf).map((unit) => [trafficTexts([unit]).join(), setOf(unit)]))
  const parts = [...kinds].map(([text, set]) => {
    const all = unionOf(areas.filter(({ passing }) => covers(passing, set)).map(({ within }) => within))
    const prefixes = addresses(all, field).filter((p) => !isEmpty(intersect(some, where({ [field]: [p] }))))
    return { text, prefixes }
  })
  return [...Map.groupBy(parts, ({ prefixes }) => prefixes.join()).values()].flatMap((alike) => {
    const [{ prefixes } = { prefixes: [] }] = alike
    return prefixes.length > 0 ? [{ prefixes, traffic: alike.map(({ text }) => text) }] : []
  })
}

const prefixesOf = (box: Box, field: Field): readonly Prefix[] =>
  box[field] ?? [box.family === 4 ? ANYWHERE : ANYWHERE6]

/** A box as the kinds of traffic that it is made of: one range of protocols, ports and types each. */
function unitsOf({ family, protocols, destinationPorts, icmpTypes }: Box): Box[] {
  const each = <T>(all: readonly T[] | undefined): readonly (T | undefined)[] => all ?? [undefined]
  return each(protocols).flatMap((protocol) =>
    each(destinationPorts).flatMap((port) =>
      each(icmpTypes).map((type) => ({
        family,
        ...(protocol && { protocols: [protocol] }),
        ...(port && { destinationPorts: [port] }),
        ...(type && { icmpTypes: [type] }),
      })),
    ),
  )
}

/** All headers of a box, whatever their addresses. */
function setOf({ family, protocols, destinationPorts, icmpTypes }: Box): HeaderSet {
  const types = icmpTypes?.flatMap(({ from, to }) => Array.from({ length: to - from + 1 }, (_, i) => from + i))
  return where({
    family,
    ...(protocols && { protocols }),
    ...(destinationPorts && { destinationPorts }),
    ...(types && { icmp: types.map((type) => ({ type })) }),
  })
}
