/** Resources and headers in the form of Network Insights' answers. */
import { kindOfId } from '../../ec2/lookup.ts'
import { arnOf, type Resource } from '../../ec2/resource.ts'
import type { State } from '../../ec2/state.ts'
import { addresses, ports, protocols } from '../../headers/boxes.ts'
import type { HeaderSet } from '../../headers/header-set.ts'
import type { PathComponent } from '../../ec2/network-insights-analyst.ts'
import type { PortRange } from '../../network/match.ts'

export type Component = NonNullable<PathComponent['Component']>
export type Header = NonNullable<PathComponent['InboundHeader']>

/** A resource as a component; undefined where it is none of EC2's. What is gone has its id. */
export function componentOf(state: State, id: string | undefined): Component | undefined {
  const type = id === undefined ? undefined : kindOfId(id)
  if (!type || id === undefined) return undefined
  const record: Resource | undefined = state.get(type, id)
  if (!record) return { Id: id }
  const name = record.tags.Name ?? (record as { groupName?: string }).groupName
  return { Id: id, Arn: arnOf(record, type), ...(name && { Name: name }) }
}

/** Of a set with thousands of holes nobody reads more. */
const MOST_PREFIXES = 1000

const listed = (set: HeaderSet, field: 'source' | 'destination'): string[] =>
  addresses(set, field).toSorted().slice(0, MOST_PREFIXES)

/** A set of headers field by field. Protocols without ports have none. */
export function headerOf(set: HeaderSet): Header {
  const [protocol] = protocols(set)
  const [from, to] = [ports(set, 'sourcePort'), ports(set, 'destinationPort')]
  return {
    DestinationAddresses: listed(set, 'destination'),
    ...(to.length > 0 && { DestinationPortRanges: to.map(showRange) }),
    ...(protocol && { Protocol: `${protocol.from}` }),
    SourceAddresses: listed(set, 'source'),
    ...(from.length > 0 && { SourcePortRanges: from.map(showRange) }),
  }
}

/** What a header has become: the fields that differ only, as AWS shows a translation. */
export function changedHeader(before: HeaderSet, after: HeaderSet): Header {
  const was = headerOf(before)
  return Object.fromEntries(
    Object.entries(headerOf(after)).filter(
      ([field, value]) => JSON.stringify(value) !== JSON.stringify(was[field as keyof Header]),
    ),
  )
}

export const showRange = ({ from, to }: PortRange) => ({ From: from, To: to })

const NAMES: Readonly<Record<string, string>> = { '-1': 'all', '1': 'icmp', '6': 'tcp', '17': 'udp', '58': 'icmpv6' }

/** A protocol of a rule, as Network Insights names it. */
export const protocolName = (protocol: string): string => NAMES[protocol] ?? protocol
