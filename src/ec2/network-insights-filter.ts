/** Header filters of a path: parsed from the wire once, and shown again. */
import { familyOf, type Ip, parseIp } from '../ip/address.ts'
import type { PortRange } from '../network/match.ts'
import type { Input } from '../protocol/types.ts'
import { invalidCombination, invalidParameter, unsupported } from './errors.ts'
import type { PathFilter } from './network-insights-analyst.ts'
import type { FilterValue } from './resource.ts'

type Wish = Input<'CreateNetworkInsightsPath'>
type WireFilter = NonNullable<Wish['FilterAtSource']>
type WireRange = NonNullable<WireFilter['SourcePortRange']>

/** What a call says of headers: by filters, or in the older form by single parameters, which exclude each other. */
export function parseFilters(wish: Wish): { readonly atSource: PathFilter; readonly atDestination: PathFilter } {
  const { FilterAtSource, FilterAtDestination, SourceIp, DestinationIp, DestinationPort } = wish
  if (FilterAtSource && (SourceIp !== undefined || DestinationPort !== undefined))
    throw invalidCombination('FilterAtSource cannot be used with SourceIp or DestinationPort')
  if (FilterAtDestination && DestinationIp !== undefined)
    throw invalidCombination('FilterAtDestination cannot be used with DestinationIp')
  const source = addressOf(SourceIp, 'SourceIp')
  const destination = addressOf(DestinationIp, 'DestinationIp')
  return {
    atSource: FilterAtSource
      ? parseFilter(FilterAtSource, 'FilterAtSource')
      : {
          ...(source && { sourceAddress: source }),
          ...(DestinationPort !== undefined && { destinationPorts: onePort(DestinationPort) }),
        },
    atDestination: FilterAtDestination
      ? parseFilter(FilterAtDestination, 'FilterAtDestination')
      : { ...(destination && { destinationAddress: destination }) },
  }
}

function parseFilter(wire: WireFilter, at: string): PathFilter {
  const sourceAddress = addressOf(wire.SourceAddress, `${at}.SourceAddress`)
  const destinationAddress = addressOf(wire.DestinationAddress, `${at}.DestinationAddress`)
  return {
    ...(sourceAddress && { sourceAddress }),
    ...(wire.SourcePortRange && { sourcePorts: rangeOf(wire.SourcePortRange, `${at}.SourcePortRange`) }),
    ...(destinationAddress && { destinationAddress }),
    ...(wire.DestinationPortRange && {
      destinationPorts: rangeOf(wire.DestinationPortRange, `${at}.DestinationPortRange`),
    }),
  }
}

function addressOf(text: string | undefined, parameter: string): Ip | undefined {
  if (text === undefined) return undefined
  const address = parseIp(text)
  if (!address) throw invalidParameter(text, parameter, 'It must be an IPv4 address.')
  if (familyOf(address) === 6) throw unsupported('IPv6 addresses in network insights paths are not supported yet.')
  return address
}

const isPort = (port: number | undefined): port is number => port !== undefined && port >= 0 && port <= 65535

function rangeOf({ FromPort, ToPort }: WireRange, parameter: string): PortRange {
  const to = ToPort ?? FromPort
  if (!isPort(FromPort) || !isPort(to) || FromPort > to)
    throw invalidParameter(`${FromPort ?? ''}-${to ?? ''}`, parameter, 'It must be a range of ports, 0 to 65535.')
  return { from: FromPort, to }
}

function onePort(port: number): PortRange {
  if (!isPort(port)) throw invalidParameter(port, 'DestinationPort', 'It must be a port, 0 to 65535.')
  return { from: port, to: port }
}

/** As the wire has it; absent where nothing is asked. */
export const showFilter = (filter: PathFilter) =>
  Object.keys(filter).length === 0
    ? undefined
    : {
        SourceAddress: filter.sourceAddress,
        SourcePortRange: showRange(filter.sourcePorts),
        DestinationAddress: filter.destinationAddress,
        DestinationPortRange: showRange(filter.destinationPorts),
      }

const showRange = (range: PortRange | undefined) => range && { FromPort: range.from, ToPort: range.to }

/** The filters of Describe that look at one of a path's two header filters, by `filter-at-source` and its like. */
export const headerFilters = <R>(
  name: string,
  read: (record: R) => PathFilter,
): Record<string, (record: R) => FilterValue> => ({
  [`${name}.source-address`]: (r) => read(r).sourceAddress,
  [`${name}.source-port-range`]: (r) => rangeText(read(r).sourcePorts),
  [`${name}.destination-address`]: (r) => read(r).destinationAddress,
  [`${name}.destination-port-range`]: (r) => rangeText(read(r).destinationPorts),
})

/** AWS does not say how it writes a range here (unverified): `22-80`, and `22` alone where it is one port. */
const rangeText = (range: PortRange | undefined): FilterValue =>
  range && (range.from === range.to ? [`${range.from}`, `${range.from}-${range.to}`] : `${range.from}-${range.to}`)
