/** Header filters of a path over sets: what of some headers a filter leaves, and which part of it left nothing. */
import type { PathFilter, PathProtocol } from '../../ec2/network-insights-analyst.ts'
import type { SymbolicHeaders } from '../../forward/set-domain.ts'
import { where } from '../../headers/condition.ts'
import { type HeaderSet, isEmpty } from '../../headers/header-set.ts'
import { hostPrefix } from '../../ip/prefix.ts'
import { ICMP, TCP, UDP } from '../../network/match.ts'
import { preimage } from './preimage.ts'

export const NUMBERS: Readonly<Record<PathProtocol, number>> = { tcp: TCP, udp: UDP, icmp: ICMP }

/** The parts of a filter, as the names of explanation codes end. */
export type FilterPart = 'SOURCE_ADDRESS' | 'SOURCE_PORT_RANGE' | 'DESTINATION_ADDRESS' | 'DESTINATION_PORT_RANGE'

/** The headers that are now as the filter says, or the part that left nothing of them. */
export function filtered(
  headers: SymbolicHeaders,
  filter: PathFilter,
  protocol: PathProtocol,
): { readonly kept: SymbolicHeaders } | { readonly failed: FilterPart } {
  let kept = headers
  for (const [part, set] of partsOf(filter, protocol)) {
    const initial = preimage(kept, set)
    if (isEmpty(initial)) return { failed: part }
    kept = { ...kept, initial }
  }
  return { kept }
}

/** ICMP has no ports: a filter of them says nothing about it. */
function partsOf(filter: PathFilter, protocol: PathProtocol): (readonly [FilterPart, HeaderSet])[] {
  const { sourceAddress, sourcePorts, destinationAddress, destinationPorts } = filter
  const hasPorts = protocol !== 'icmp'
  const parts: (readonly [FilterPart, HeaderSet])[] = []
  if (destinationAddress) parts.push(['DESTINATION_ADDRESS', where({ destination: [hostPrefix(destinationAddress)] })])
  if (sourceAddress) parts.push(['SOURCE_ADDRESS', where({ source: [hostPrefix(sourceAddress)] })])
  if (destinationPorts && hasPorts)
    parts.push(['DESTINATION_PORT_RANGE', where({ destinationPorts: [destinationPorts] })])
  if (sourcePorts && hasPorts) parts.push(['SOURCE_PORT_RANGE', where({ sourcePorts: [sourcePorts] })])
  return parts
}
