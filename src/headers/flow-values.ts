/** One header as the values of its fields, level by level, and back. */
import { familyOf } from '../ip/address.ts'
import type { Flow } from '../network/flow.ts'
import { ICMP, ICMPV6, TCP, UDP } from '../network/match.ts'
import { addressOf, FAMILIES, familyValue, LAST, LEVEL, WORDS, wordsOf } from './fields.ts'

/** Ports mean something with these. */
export const hasPorts = (protocol: number): boolean => protocol === TCP || protocol === UDP
/** Types and codes mean something with these. */
export const hasTypes = (protocol: number): boolean => protocol === ICMP || protocol === ICMPV6

/** One value for each level; 0 where the field means nothing. The family is the destination's. */
export function valuesOf(flow: Flow): readonly number[] {
  const { protocol, icmp } = flow
  const ports = hasPorts(protocol) ? [flow.destinationPort ?? 0, flow.sourcePort ?? 0] : [0, 0]
  const types = hasTypes(protocol) ? [icmp?.type ?? 0, icmp?.code ?? 0] : [0, 0]
  return [
    familyValue(familyOf(flow.destination)),
    ...wordsOf(flow.destination),
    ...wordsOf(flow.source),
    protocol,
    ...ports,
    ...types,
    sizeOf(flow),
  ]
}

/** Bytes of a packet that may not be fragmented; 0 for all others, which fit everywhere. */
function sizeOf({ length = 0, dontFragment = false }: Flow): number {
  return dontFragment ? Math.min(length, LAST[LEVEL.size] as number) : 0
}

export function flowOf(values: readonly number[]): Flow {
  const at = (level: number) => values[level] as number
  const family = FAMILIES[at(LEVEL.family)] as 4 | 6
  const protocol = at(LEVEL.protocol)
  return {
    protocol,
    source: addressOf(values.slice(LEVEL.source, LEVEL.source + WORDS), family),
    destination: addressOf(values.slice(LEVEL.destination, LEVEL.destination + WORDS), family),
    ...(hasPorts(protocol) && { sourcePort: at(LEVEL.sourcePort), destinationPort: at(LEVEL.destinationPort) }),
    ...(hasTypes(protocol) && { icmp: { type: at(LEVEL.icmpType), code: at(LEVEL.icmpCode) } }),
    ...(at(LEVEL.size) > 0 && { length: at(LEVEL.size), dontFragment: true }),
  }
}
