/** What AWS says beside the setting that decides: routes that could not be used, references lost, a detour outside. */
import type { Explanation } from '../../ec2/network-insights-analyst.ts'
import { type Claim, claimName } from '../../ec2/prefix-list-route.ts'
import type { Route } from '../../ec2/route.ts'
import type { RouteTable } from '../../ec2/route-table.ts'
import { rulesOf } from '../../ec2/security-group-rule.ts'
import { contains } from '../../ip/prefix.ts'
import { guardsOf } from '../../network/rules.ts'
import type { Blocker, RouteTo, Way } from '../answer.ts'
import { componentOf } from './component.ts'
import type { Site } from './components.ts'
import { hasPort, isOfProtocol } from './explanations.ts'
import { showGroupRule, showTableRoute, tableOf } from './rules.ts'

/** All that is to be said beside a way's blockers; some of it for several of them. */
export const contextOf = (site: Site, { blockers, hops }: Way): Explanation[] => [
  ...blockers.flatMap((blocker) => [
    ...unusedRoutes(site, blocker),
    ...lostReferences(site, blocker),
    ...foreignAddress(site, blocker),
  ]),
  ...reflection(site, hops),
]

/** The other routes of a table that should lead elsewhere: why none of them does. */
function unusedRoutes(site: Site, blocker: Blocker): Explanation[] {
  const { remedy, flow, origin } = blocker
  const found = remedy.kind === 'route' ? tableOf(site.state, remedy.table) : undefined
  if (!found || remedy.kind !== 'route') return []
  const taken = found.claims.find((claim) => claimName(claim) === (remedy.replaces ?? origin.rule))
  return found.claims.flatMap((claim) => {
    if (claim === taken) return []
    const matches = contains(claim.block, flow.destination)
    const code = codeOf(site, found.table, claim.route, remedy.to, matches)
    if (!code) return []
    // R5: of two routes to one block, a prefix list's gives way.
    const loses = matches && claim.block === taken?.block
    return [explained(site, found.table, claim, loses ? 'HIGHER_PRIORITY_ROUTE' : code)]
  })
}

function codeOf(site: Site, table: RouteTable, route: Route, to: RouteTo, matches: boolean): string | undefined {
  if (route.target.type === 'local') return matches ? undefined : 'VPC_LOCAL_ROUTE_CIDR_RESTRICTION'
  if (!leadsTo(site, table, route, to)) return undefined
  return matches ? 'MORE_SPECIFIC_ROUTE' : 'CANNOT_ROUTE'
}

/** Whether the route's target is where the packet would have to go. */
function leadsTo({ network }: Site, { vpcId }: RouteTable, { target }: Route, to: RouteTo): boolean {
  if (target.type === 'local' || !('interface' in to)) return false
  if (to.kind === 'interface') return target.id === to.interface
  const segment = network.interfaces.get(to.interface)?.segment
  return network.interfaces.get(to.interface)?.node === vpcId && segment === target.id
}

const explained = ({ state }: Site, table: RouteTable, claim: Claim, code: string): Explanation => ({
  ExplanationCode: code,
  RouteTable: componentOf(state, table.id),
  RouteTableRoute: showTableRoute(state, table, claim),
  Vpc: componentOf(state, table.vpcId),
})

/**
 * S7: a rule would let the packet pass, whose group the far end is in; but what came out of an internet gateway, or of
 * a middlebox, no longer comes from a member.
 */
function lostReferences({ state, network }: Site, { stage, origin, at, flow, code }: Blocker): Explanation[] {
  if (code !== 'ENI_SG_RULES_MISMATCH') return []
  const egress = stage === 'egress-rules'
  const far = egress ? flow.destination : flow.source
  const owner = [...network.translations].find((t) => t.outside === far)
  const eni = owner && [...network.interfaces.values()].find((i) => i.addresses.includes(owner.inside) && i.ruleSets)
  if (!owner || !eni) return []
  const groups = guardsOf(network, eni)
  const rules = origin.resource
    .split(',')
    .flatMap((id) => rulesOf(state, id))
    .filter((r) => r.egress === egress && isOfProtocol(r, flow) && hasPort(r, flow))
    .filter((r) => r.referencedGroupId !== undefined && groups.includes(r.referencedGroupId))
  const gateway = network.interfaces.get(owner.interface)?.segment
  return rules.map((r) => ({
    ExplanationCode: 'SG_REFERENCES_NOT_PRESERVED',
    Direction: egress ? 'egress' : 'ingress',
    Component: componentOf(state, gateway),
    InternetGateway: componentOf(state, gateway),
    NetworkInterface: componentOf(state, at),
    SecurityGroup: componentOf(state, r.groupId),
    SecurityGroupRule: showGroupRule(r),
  }))
}

/** An interface that checks takes and sends for its own addresses only. */
function foreignAddress({ state }: Site, { code, at, stage, flow }: Blocker): Explanation[] {
  if (code !== 'ENI_SOURCE_DEST_CHECK_RESTRICTION') return []
  const field = stage === 'source-check' ? 'source' : 'destination'
  return addressRestriction(state, at, field, flow[field]).slice(0, 1)
}

/** The address is not the interface's, and its check is on. */
export const addressRestriction = (
  state: Site['state'],
  eniId: string,
  field: 'source' | 'destination',
  address: string,
): Explanation[] =>
  ['ENI_ADDRESS_RESTRICTION', 'ENI_SOURCE_DEST_CHECK_RESTRICTION'].map((ExplanationCode) => ({
    ExplanationCode,
    Direction: field === 'source' ? 'egress' : 'ingress',
    NetworkInterface: componentOf(state, eniId),
    PacketField: `${field}-address`,
    Address: address,
    Addresses: [address],
  }))

/** Out of an internet gateway and in again. AWS does not follow such a path; here it is followed, and said. */
function reflection({ state, network }: Site, hops: Way['hops']): Explanation[] {
  const request = hops.filter(({ leg }) => leg === 'request')
  const out = request.findIndex(({ stage, outcome }) => stage === 'translate-source' && outcome === 'pass')
  const back = request.slice(out + 1).find(({ stage }) => stage === 'translate-destination')
  if (out < 0 || !back) return []
  const gateway = network.interfaces.get(request[out]?.at ?? '')?.segment
  return [{ ExplanationCode: 'IGW_NAT_REFLECTION', InternetGateway: componentOf(state, gateway) }]
}
