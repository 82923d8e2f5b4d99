/** A way → the components of a path as AWS orders them (P1, P2): what each stage shows, and both ends. */
import type { Explanation, PathComponent } from '../../ec2/network-insights-analyst.ts'
import type { State } from '../../ec2/state.ts'
import { BLOCKED } from '../../ec2/vpc-block-public-access.ts'
import type { HeaderSet } from '../../headers/header-set.ts'
import type { Stage } from '../../network/flow.ts'
import type { Interface, Network } from '../../network/network.ts'
import { guardsOf } from '../../network/rules.ts'
import { changedHeader, componentOf, headerOf } from './component.ts'
import type { Passage } from './passage.ts'
import { aclRuleOf, groupRuleOf, tableOf, tableRouteOf } from './rules.ts'

/** Where the way is: what its records and its network are. */
export interface Site {
  readonly state: State
  readonly network: Network
}

type Draft = Omit<PathComponent, 'SequenceNumber'>
type Show = (site: Site, passage: Passage, all: readonly Passage[]) => Draft[]

/** What a stage that is passed adds to the path. The other stages add nothing. */
const SHOWN: Readonly<Partial<Record<Stage, Show>>> = {
  'egress-rules': group,
  'ingress-rules': group,
  'segment-egress': acl,
  'segment-ingress': acl,
  route,
  'translate-source': (site, p) => gateway(site, p, 'translate-source'),
  'translate-destination': (site, p) => gateway(site, p, 'translate-destination'),
  'translate-port': natGateway,
}

/** The explanations of what stopped at a passage, for the component where it did. */
export type Stopped = (passage: Passage) => readonly Explanation[]

/** The components of one leg, numbered. `ends`: the host interfaces where it begins and where it ended, if it did. */
export function componentsOf(
  site: Site,
  passages: readonly Passage[],
  ends: { readonly from?: string; readonly to?: string; readonly shows: (eni: string) => readonly ('eni' | 'host')[] },
  stopped: Stopped = () => [],
): PathComponent[] {
  const drafts = passages.flatMap((p) => marked(SHOWN[p.stage]?.(site, p, passages) ?? [], p, stopped))
  const [first, last] = [passages[0], passages.at(-1)]
  const begin = first && ends.from ? hostOf(site, ends.from, ends.shows(ends.from)) : []
  const end = last && ends.to ? hostOf(site, ends.to, ends.shows(ends.to)).toReversed() : []
  const path = withoutRepeats([
    ...withHeader(begin, 0, 'OutboundHeader', first?.before),
    ...drafts,
    ...withHeader(crossing(site, end, ends), end.length - 1, 'InboundHeader', last?.after),
  ])
  return path.map((draft, i) => ({ SequenceNumber: i + 1, ...draft }))
}

function marked(drafts: readonly Draft[], passage: Passage, stopped: Stopped): Draft[] {
  if (passage.outcome === 'pass') return [...drafts]
  const Explanations = [...stopped(passage)]
  const last = drafts.length - 1
  return drafts.map((draft, i) => (i === last && Explanations.length > 0 ? { ...draft, Explanations } : draft))
}

/** An edge is left and entered: two stages, one component. */
const withoutRepeats = (drafts: readonly Draft[]): Draft[] =>
  drafts.filter((draft, i) => {
    const before = drafts[i - 1]
    return !before || before.Component?.Id !== draft.Component?.Id || before.InboundHeader !== undefined
  })

function withHeader(
  drafts: readonly Draft[],
  index: number,
  name: 'InboundHeader' | 'OutboundHeader',
  headers: HeaderSet | undefined,
): Draft[] {
  return drafts.map((draft, i) => (i === index && headers ? { ...draft, [name]: headerOf(headers) } : draft))
}

/** A host as the path has it: the instance and its interface. One that a path names by its interface is that alone. */
function hostOf({ state }: Site, eniId: string, parts: readonly ('eni' | 'host')[]): Draft[] {
  const eni = state.get('network-interface', eniId)
  const owner = eni?.attachment?.instanceId ?? eni?.requester?.node
  const attachedTo = componentOf(state, owner)
  const shown: Draft = {
    ...(attachedTo && { AttachedTo: attachedTo }),
    Component: componentOf(state, eniId),
    Subnet: componentOf(state, eni?.subnetId),
    Vpc: componentOf(state, eni?.vpcId),
  }
  return [
    ...(parts.includes('host') && attachedTo ? [{ Component: attachedTo }] : []),
    ...(parts.includes('eni') && eni ? [shown] : []),
  ]
}

/** The interface where a path ends says that it has come from another Availability Zone. */
function crossing({ state }: Site, end: readonly Draft[], { from, to }: { from?: string; to?: string }): Draft[] {
  const zoneOf = (id: string | undefined) =>
    id === undefined ? undefined : state.get('network-interface', id)?.availabilityZoneId
  const crosses = zoneOf(from) !== undefined && zoneOf(to) !== undefined && zoneOf(from) !== zoneOf(to)
  const detail = { AdditionalDetailType: 'AVAILABILITY_ZONE_CROSSED' }
  return end.map((draft) => (crosses && draft.Component?.Id === to ? { ...draft, AdditionalDetails: [detail] } : draft))
}

/** A group with the rule that let it pass; a reply passes as part of its flow, by no rule (S2). */
function group({ state, network }: Site, { origin, at, leg }: Passage, all: readonly Passage[]): Draft[] {
  if (origin.rule !== 'tracked')
    return groupsAt(state, origin.resource).map((c) => ({
      Component: c,
      SecurityGroupRule: groupRuleOf(state, origin),
    }))
  const first = leg === 'reply' ? all.find((p) => p.at === at && p.leg === 'request') : undefined
  const guarded = network.interfaces.get(at)
  const [one] = guarded ? guardsOf(network, guarded) : []
  return groupsAt(state, first?.origin.resource ?? one ?? '').map((Component) => ({ Component }))
}

/** Where groups refuse together, each is a component. */
const groupsAt = (state: State, ids: string) => ids.split(',').flatMap((id) => componentOf(state, id) ?? [])

/** At the edge of a subnet; at that of an uplink nobody's rule stops a packet (G10). */
function acl({ state, network }: Site, { origin, at }: Passage): Draft[] {
  if (origin.code === BLOCKED) return [{ Component: componentOf(state, network.interfaces.get(at)?.segment) }]
  return [{ AclRule: aclRuleOf(state, origin), Component: componentOf(state, origin.resource) }]
}

/** The table with its route, and the peering that it leads over. The table of an edge is the edge itself (X6). */
function route({ state, network }: Site, { origin, at, node }: Passage): Draft[] {
  const here: Draft = { Component: componentOf(state, origin.resource), Vpc: componentOf(state, node) }
  if (!tableOf(state, origin.resource))
    return edgeKind(network, at) === 'peering' ? [peering({ state, network }, at)] : []
  const RouteTableRoute = tableRouteOf(state, origin)
  const shown = RouteTableRoute ? { ...here, RouteTableRoute } : here
  const over = RouteTableRoute?.State === 'active' ? RouteTableRoute.VpcPeeringConnectionId : undefined
  return over ? [shown, peering({ state, network }, `${node}/${over}`)] : [shown]
}

const edgeKind = ({ interfaces, segments }: Network, at: string) =>
  segments.get(interfaces.get(at)?.segment ?? '')?.kind

function peering({ state, network }: Site, edge: string): Draft {
  const near = network.interfaces.get(edge)
  const id = near?.segment
  const record = id === undefined ? undefined : state.get('vpc-peering-connection', id)
  return {
    Component: componentOf(state, id),
    ...(record && {
      SourceVpc: componentOf(state, record.requesterVpcId),
      DestinationVpc: componentOf(state, record.accepterVpcId),
    }),
  }
}

/** Its interface, and the gateway, which sends in its own name. */
function natGateway(site: Site, { origin, at, before, after }: Passage): Draft[] {
  const Component = componentOf(site.state, origin.resource)
  const shown = { Component, InboundHeader: headerOf(before), OutboundHeader: changedHeader(before, after) }
  return [...hostOf(site, at, ['eni']), shown]
}

/** P2: where a public address becomes a private one, or a private one public. */
function gateway({ state, network }: Site, { at, node, before, after }: Passage, stage: Stage): Draft[] {
  const near: Interface | undefined = network.interfaces.get(at)
  const Component = componentOf(state, near?.segment)
  const Vpc = componentOf(state, near?.node ?? node)
  // The last header that AWS shows is the one on the internet; on the way in both are.
  const headers =
    stage === 'translate-source'
      ? { OutboundHeader: headerOf(after) }
      : { InboundHeader: headerOf(before), OutboundHeader: changedHeader(before, after) }
  return Component ? [{ Component, ...headers, Vpc }] : []
}
