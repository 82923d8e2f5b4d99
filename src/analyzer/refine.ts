/** Where the records say more than the network: a route that leads nowhere may wait for what is there already. */
import { claimNamed } from '../ec2/prefix-list-route.ts'
import type { State } from '../ec2/state.ts'
import { isPending, joins } from '../ec2/vpc-peering-connection.ts'
import { isStaleRule } from '../ec2/security-group-rule.ts'
import { packetDomain } from '../forward/headers.ts'
import { ANYWHERE } from '../ip/prefix.ts'
import type { Flow } from '../network/flow.ts'
import type { Match } from '../network/match.ts'
import { topologyOf } from '../forward/topology.ts'
import type { Network } from '../network/network.ts'
import { interfaceRules } from '../network/rules.ts'
import type { Blocker, Way } from './answer.ts'
import { OWN } from './codes.ts'
import { remedyKey } from './search.ts'

/** The way with remedies that leave a route or a rule as it is, where what it names only has to work (X4, X11, R7). */
export function refined(state: State, network: Network, way: Way): Way {
  const blockers = way.blockers.map((blocker) => waiting(state, network, way, blocker))
  const kept = (i: number) => way.blockers[i]?.remedy.kind === 'route' && blockers[i]?.remedy.kind !== 'route'
  const waited = new Set(blockers.filter((_, i) => kept(i)).map(remedyKey))
  // What a new route would have needed is the very thing that the old one waits for.
  return { ...way, blockers: blockers.filter((b, i) => kept(i) || b.stage !== 'route' || !waited.has(remedyKey(b))) }
}

const waiting = (state: State, network: Network, way: Way, blocker: Blocker): Blocker =>
  stale(state, network, way, awaited(state, byAnother(network, blocker)))

/** X11: a rule that names the sender's group is there, and admits nobody since the peering is gone. */
function stale(state: State, network: Network, { hops, blockers }: Way, blocker: Blocker): Blocker {
  const at = network.interfaces.get(blocker.at)
  if (!at || blocker.leg === 'reply' || blocker.stage !== 'ingress-rules') return blocker
  const sender = state.get('network-interface', hops[0]?.at ?? '')
  const rule = interfaceRules(network, at, 'ingress')
    .filter(({ rule: { match } }) => matchesTraffic(blocker.flow, match))
    .flatMap(({ rule: { origin } }) => state.get('security-group-rule', origin.rule ?? '') ?? [])
    .find((r) => isStaleRule(state, r) && sender?.groupIds.includes(r.referencedGroupId ?? '') === true)
  if (!rule || !sender) return blocker
  const also = [...blocker.also, OWN.staleGroup]
  const peering = blockers.find(({ remedy }) => remedy.kind === 'peering' && remedy.between.includes(sender.vpcId))
  // A new peering makes the rule work again: no other rule is needed.
  return { ...blocker, also, ...(peering && { remedy: peering.remedy }) }
}

/** Whether a rule is about such traffic, whoever it is from. */
function matchesTraffic(flow: Flow, match: Match): boolean {
  const test = { match: { ...match, remote: { prefix: ANYWHERE } }, remote: 'source', members: undefined } as const
  return packetDomain.split(flow, test).yes !== undefined
}

/** E1: the address is not this interface's, but it is the same instance's: an answer left by the wrong interface. */
function byAnother(network: Network, blocker: Blocker): Blocker {
  if (blocker.stage !== 'source-check') return blocker
  const others = topologyOf(network).interfacesOf.get(blocker.node) ?? []
  return others.some(({ addresses }) => addresses.includes(blocker.flow.source))
    ? { ...blocker, code: 'ENI_ADDRESS_RESTRICTION' }
    : blocker
}

function awaited(state: State, blocker: Blocker): Blocker {
  const { remedy, disposition } = blocker
  if (disposition !== 'blackholed' || remedy.kind !== 'route' || remedy.replaces === undefined) return blocker
  const table = state.get('route-table', remedy.table)
  const target = table && claimNamed(state, table, remedy.replaces)?.route.target
  if (!table || !target) return blocker
  if (target.type === 'vpc-peering-connection' && remedy.to.kind === 'peering-with') {
    const pcx = state.get('vpc-peering-connection', target.id)
    const far = remedy.to.vpc
    if (!pcx || !isPending(pcx) || !joins(pcx, table.vpcId) || !joins(pcx, far)) return blocker
    return { ...blocker, remedy: { kind: 'peering', between: [table.vpcId, far] } }
  }
  if (target.type === 'internet-gateway' && remedy.to.kind === 'internet')
    return { ...blocker, remedy: { kind: 'internet-gateway', vpc: table.vpcId } }
  return blocker
}
