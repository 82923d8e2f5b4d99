/** Network insights path: a question about reachability that is kept, and may be analyzed again and again (2.1). */
import type { Input, Output } from '../protocol/types.ts'
import { ApiError, invalidParameter, missingParameter } from './errors.ts'
import { find, remove, visible } from './lookup.ts'
import type { PathEnd, PathFilter, PathProtocol } from './network-insights-analyst.ts'
import { pathEnd } from './network-insights-end.ts'
import { headerFilters, parseFilters, showFilter } from './network-insights-filter.ts'
import { quota } from './quotas.ts'
import { arnOf, type Context, defineKind, type Handlers, newResource, type Resource } from './resource.ts'
import { select } from './select.ts'
import { showTags, tagsFor } from './tags.ts'

export interface NetworkInsightsPath extends Resource {
  readonly state: 'available'
  readonly source: PathEnd
  readonly destination?: PathEnd
  readonly protocol: PathProtocol
  readonly atSource: PathFilter
  readonly atDestination: PathFilter
  /** Whether the call named single addresses and a port, as it did before there were filters: they are shown so. */
  readonly isPlain: boolean
  readonly createTime: number
}

declare module './resource.ts' {
  interface ResourceTypes {
    'network-insights-path': NetworkInsightsPath
  }
}

export const networkInsightsPath = defineKind({
  type: 'network-insights-path',
  idPrefix: 'nip',
  noun: 'network insights path ID',
  codes: { notFound: 'InvalidNetworkInsightsPathId.NotFound', malformed: 'InvalidNetworkInsightsPathId.Malformed' },
  references: {},
  lifecycle: {},
  filters: {
    source: (p) => [p.source.id, p.source.arn],
    destination: (p) => p.destination && [p.destination.id, p.destination.arn],
    protocol: (p) => p.protocol,
    ...headerFilters<NetworkInsightsPath>('filter-at-source', (p) => p.atSource),
    ...headerFilters<NetworkInsightsPath>('filter-at-destination', (p) => p.atDestination),
  },
})

export const networkInsightsPathActions: Handlers = {
  CreateNetworkInsightsPath(input, context) {
    const tags = tagsFor('network-insights-path', input.TagSpecifications)
    const ends = endsOf(context, input)
    checkQuota(context)
    const made = context.state.put('network-insights-path', {
      ...newResource(context, networkInsightsPath, 'available', tags),
      state: 'available',
      ...ends,
      protocol: protocolOf(input.Protocol),
      ...parseFilters(input),
      isPlain: !input.FilterAtSource && !input.FilterAtDestination,
      createTime: context.now,
    })
    return { NetworkInsightsPath: showPath(made) }
  },
  DescribeNetworkInsightsPaths(input, context) {
    const ids = input.NetworkInsightsPathIds
    const { items, ...page } = select(context, 'network-insights-path', input, ids, { min: 1, max: 100 })
    return { NetworkInsightsPaths: items.map(showPath), ...page }
  },
  DeleteNetworkInsightsPath(input, context) {
    const { id } = find(context, 'network-insights-path', input.NetworkInsightsPathId)
    if (context.state.where('network-insights-analysis', 'pathId', id).length > 0)
      // unverified: AWS's words.
      throw new ApiError(
        'AnalysisExistsForNetworkInsightsPath',
        `The network insights path '${id}' has analyses. Delete them before you delete the path.`,
      )
    remove(context, 'network-insights-path', id)
    return { NetworkInsightsPathId: id }
  },
}

/** A destination may be left out where an address says where to. */
function endsOf(
  context: Context,
  input: Input<'CreateNetworkInsightsPath'>,
): Pick<NetworkInsightsPath, 'source' | 'destination'> {
  const source = pathEnd(context, 'Source', input.Source)
  if (input.Destination !== undefined)
    return { source, destination: pathEnd(context, 'Destination', input.Destination) }
  if (!input.FilterAtSource?.DestinationAddress && !input.DestinationIp) throw missingParameter('Destination')
  return { source }
}

/** AWS takes the names in capitals as well. */
const PROTOCOLS: Readonly<Record<string, PathProtocol>> = { tcp: 'tcp', udp: 'udp', icmp: 'icmp' }

/** Any case; throws InvalidParameterValue. */
export function protocolOf(text: string): PathProtocol {
  const protocol = PROTOCOLS[text.toLowerCase()]
  if (!protocol) throw invalidParameter(text, 'Protocol', 'Must be one of: tcp, udp, icmp.')
  return protocol
}

function checkQuota(context: Context): void {
  if ([...visible(context, 'network-insights-path')].length < quota('networkInsightsPaths')) return
  throw new ApiError(
    'NetworkInsightsPath.LimitExceeded',
    'The maximum number of network insights paths has been reached.',
  )
}

type Shown = NonNullable<Output<'CreateNetworkInsightsPath'>['NetworkInsightsPath']>

function showPath(path: NetworkInsightsPath): Shown {
  const { source, destination, atSource, atDestination } = path
  return {
    NetworkInsightsPathId: path.id,
    NetworkInsightsPathArn: arnOf(path, 'network-insights-path'),
    CreatedDate: new Date(path.createTime),
    Source: source.id,
    SourceArn: source.arn,
    Destination: destination?.id,
    DestinationArn: destination?.arn,
    Protocol: path.protocol as 'tcp',
    ...(path.isPlain
      ? {
          SourceIp: atSource.sourceAddress,
          DestinationIp: atDestination.destinationAddress,
          DestinationPort: atSource.destinationPorts?.from,
        }
      : { FilterAtSource: showFilter(atSource), FilterAtDestination: showFilter(atDestination) }),
    Tags: showTags(path.tags),
  } as Shown
}
