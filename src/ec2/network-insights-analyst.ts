/** What Network Insights asks of whoever can judge the network, and what it is told: plain data both ways. */
import type { Ip } from '../ip/address.ts'
import type { PortRange } from '../network/match.ts'
import type { Output } from '../protocol/types.ts'

type Analysis = NonNullable<Output<'DescribeNetworkInsightsAnalyses'>['NetworkInsightsAnalyses']>[number]
export type PathComponent = NonNullable<Analysis['ForwardPathComponents']>[number]
export type Explanation = NonNullable<Analysis['Explanations']>[number]
export type AlternatePathHint = NonNullable<Analysis['AlternatePathHints']>[number]

/** What a path may begin and end at, by the name AWS's ARNs use. */
export const END_TYPES = ['instance', 'network-interface', 'internet-gateway', 'vpc-peering-connection'] as const
export type EndType = (typeof END_TYPES)[number]

/** A resource that a path names. It was there when the path was made. */
export interface PathEnd {
  readonly type: EndType
  readonly id: string
  readonly arn: string
}

/** `icmp` is an extension: AWS knows the other two (2.2). */
export type PathProtocol = 'tcp' | 'udp' | 'icmp'

/** A packet's header as it leaves the source, or arrives at the destination; what is absent may be anything. */
export interface PathFilter {
  readonly sourceAddress?: Ip
  readonly sourcePorts?: PortRange
  readonly destinationAddress?: Ip
  readonly destinationPorts?: PortRange
}

export interface PathAsked {
  readonly source: PathEnd
  /** Absent: whoever has the destination address. */
  readonly destination?: PathEnd
  readonly protocol: PathProtocol
  readonly atSource: PathFilter
  readonly atDestination: PathFilter
  /** ARNs of what the path must, and must not, go through. */
  readonly through: readonly string[]
  readonly without: readonly string[]
}

/** The result of an analysis. Refusals have explanations, and as much of the path as is there. */
export interface PathFound {
  readonly found: boolean
  readonly forward: readonly PathComponent[]
  readonly back: readonly PathComponent[]
  readonly explanations: readonly Explanation[]
  readonly hints: readonly AlternatePathHint[]
}

/** Headers and resources of one end of a path; every part that is there must hold, of each part one of its entries. */
export interface ScopeStatement {
  /** Prefixes. */
  readonly sourceAddresses?: readonly string[]
  readonly destinationAddresses?: readonly string[]
  readonly sourcePorts?: readonly PortRange[]
  readonly destinationPorts?: readonly PortRange[]
  readonly protocols?: readonly PathProtocol[]
  /** Ids. */
  readonly resources?: readonly string[]
  /** Such as `AWS::EC2::InternetGateway`. */
  readonly resourceTypes?: readonly string[]
}

/** What a path goes through: one of the resources, or one of a type. */
export type ScopeThrough = Pick<ScopeStatement, 'resources' | 'resourceTypes'>

/** Paths from what `source` describes to what `destination` does, through all of `through`; absent is anything. */
export interface ScopePath {
  readonly source?: ScopeStatement
  readonly destination?: ScopeStatement
  readonly through: readonly ScopeThrough[]
}

export interface ScopeAsked {
  readonly account: string
  readonly region: string
  /** A finding is what one of these describes, and none of the others. */
  readonly match: readonly ScopePath[]
  readonly exclude: readonly ScopePath[]
}

export interface ScopeFound {
  /** One for each distinct path. */
  readonly findings: readonly (readonly PathComponent[])[]
  readonly analyzedInterfaces: number
}

/** Judges the network as the records of the call have it. */
export interface Analyst {
  path(asked: PathAsked): PathFound
  scope(asked: ScopeAsked): ScopeFound
}
