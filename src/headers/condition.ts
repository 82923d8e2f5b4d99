/** Sets from what people write: conditions, flows, and the matches of rules. */
import type { Family, Ip } from '../ip/address.ts'
import type { Flow } from '../network/flow.ts'
import { ICMP, ICMPV6, type Match, type PortRange, TCP, UDP } from '../network/match.ts'
import { type Diagram, Intervals } from './diagram.ts'
import { type Addresses, addressed, type AddressField, byFamily, point, ranges } from './field-sets.ts'
import { familyValue, isAddressLevel, isLastWord, LAST, LEVEL } from './fields.ts'
import { hasPorts, hasTypes, valuesOf } from './flow-values.ts'
import { EVERYTHING, type HeaderSet, NOTHING } from './header-set.ts'
import { united } from './operations.ts'

/** Every part that is present must hold, and of each part one of its entries. Ranges are inclusive. */
export interface Condition {
  readonly family?: Family
  /** IANA numbers, or ranges of them. */
  readonly protocols?: readonly (number | PortRange)[]
  readonly source?: Addresses
  readonly destination?: Addresses
  /** Only TCP and UDP have ports. */
  readonly sourcePorts?: readonly PortRange[]
  readonly destinationPorts?: readonly PortRange[]
  /** Only ICMP and ICMPv6 have types; a type without a code means every code of it. */
  readonly icmp?: readonly { readonly type: number; readonly code?: number }[]
  /** Bytes of packets that may not be fragmented; all others have 0. */
  readonly sizes?: readonly PortRange[]
}

/** The headers that a condition describes; all of them where it has no part. Built from the last field to the first. */
export function where(condition: Condition): HeaderSet {
  const { source, destination, sizes } = condition
  return byFamily((family) => {
    if (condition.family && condition.family !== family) return NOTHING
    let set = ofProtocols(condition, sizes ? ranges(LEVEL.size, sizes) : EVERYTHING)
    if (source) set = addressed('source', source, family, set)
    if (destination) set = addressed('destination', destination, family, set)
    return set
  }) as HeaderSet
}

/** Ports and types mean something with few protocols; whoever names them means these. */
function ofProtocols({ protocols, sourcePorts, destinationPorts, icmp }: Condition, below: Diagram): Diagram {
  const wanted = protocols?.map((n) => (typeof n === 'number' ? { from: n, to: n } : n))
  if (!sourcePorts && !destinationPorts && !icmp) return wanted ? ranges(LEVEL.protocol, wanted, below) : below
  if ((sourcePorts || destinationPorts) && icmp) return NOTHING
  let set = icmp ? icmp.map((one) => typed(one, below)).reduce(united, NOTHING) : below
  if (sourcePorts) set = ranges(LEVEL.sourcePort, sourcePorts, set)
  if (destinationPorts) set = ranges(LEVEL.destinationPort, destinationPorts, set)
  const meant = (icmp ? [ICMP, ICMPV6] : [TCP, UDP])
    .filter((n) => !wanted || wanted.some(({ from, to }) => n >= from && n <= to))
    .map((n) => ({ from: n, to: n }))
  return ranges(LEVEL.protocol, meant, set)
}

const typed = ({ type, code }: { readonly type: number; readonly code?: number }, below: Diagram): Diagram =>
  point(LEVEL.icmpType, type, code === undefined ? below : point(LEVEL.icmpCode, code, below))

/** The set of this one header. */
export function ofFlow(flow: Flow): HeaderSet {
  const values = valuesOf(flow)
  const family = values[LEVEL.family]
  let set: Diagram = EVERYTHING
  for (let level = values.length - 1; level >= 0; level--) {
    if (isAsked(level, family === familyValue(4), flow.protocol)) set = point(level, values[level] as number, set)
  }
  return set as HeaderSet
}

/** Whether a field means something in such a header. */
function isAsked(level: number, isFour: boolean, protocol: number): boolean {
  if (level === LEVEL.destinationPort || level === LEVEL.sourcePort) return hasPorts(protocol)
  if (level === LEVEL.icmpType || level === LEVEL.icmpCode) return hasTypes(protocol)
  return !isFour || !isAddressLevel(level) || isLastWord(level)
}

/**
 * The headers that a rule matches. Its ports restrict TCP and UDP only, its type ICMP and ICMPv6 only, whatever its
 * protocol. `remote` is the address that it looks at, `members` the addresses of the set that it names, if it does.
 */
export function ofMatch(match: Match, remote: AddressField, members: ReadonlySet<Ip> | undefined): HeaderSet {
  const far = 'prefix' in match.remote ? [match.remote.prefix] : members
  if (!far) return NOTHING
  const { protocol, ports, icmp } = match
  const withPorts = ports ? ranges(LEVEL.destinationPort, [ports]) : EVERYTHING
  const withTypes = icmp ? typed(icmp, EVERYTHING) : EVERYTHING
  const below = (n: number) => (hasPorts(n) ? withPorts : hasTypes(n) ? withTypes : EVERYTHING)
  const traffic = protocol === undefined ? eachProtocol(below) : point(LEVEL.protocol, protocol, below(protocol))
  return byFamily((family) => addressed(remote, far, family, traffic)) as HeaderSet
}

function eachProtocol(below: (protocol: number) => Diagram): Diagram {
  const out = new Intervals()
  for (let protocol = 0; protocol <= (LAST[LEVEL.protocol] as number); protocol++) out.add(protocol, below(protocol))
  return out.toNode(LEVEL.protocol)
}
