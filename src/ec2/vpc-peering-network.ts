/** What a peering connection adds to the network: a link between two routers, and where a route to it leads. */
import type { Fact, NextHop } from '../network/network.ts'
import type { State } from './state.ts'
import { activeBlocks, type Vpc } from './vpc.ts'
import { isActive, joins, sidesOf, type VpcPeeringConnection } from './vpc-peering-connection.ts'

/** Where the router of `vpcId` sends what goes over the peering; undefined while nothing passes (X4, R7). */
export const peeringHop = (pcx: VpcPeeringConnection, vpcId: string): NextHop | undefined =>
  isActive(pcx) && joins(pcx, vpcId) ? { kind: 'link', interface: edgeOf(vpcId, pcx.id) } : undefined

const edgeOf = (vpcId: string, peeringId: string): string => `${vpcId}/${peeringId}`

/**
 * The link between the two routers. What arrives is routed by a table that knows the VPC's own blocks and nothing
 * else: a packet crosses only towards an address of the VPC it enters, and never leaves that one again (X6, X7).
 */
export function peeringFacts(pcx: VpcPeeringConnection, state: State): Fact[] {
  const { id, requester, accepter } = pcx
  const ends = sidesOf(pcx).flatMap(({ vpcId, number }) => {
    const vpc = state.get('vpc', vpcId)
    return vpc ? [{ vpc, number }] : []
  })
  if (!isActive(pcx) || ends.length < 2) return []
  // M1, X13.
  const mtu = requester.region === accepter.region ? 9001 : 8500
  return [
    { segment: { id, kind: 'peering', mtu, origin: { resource: id } } },
    ...ends.flatMap(({ vpc, number }) => edge(id, vpc, number)),
  ]
}

function edge(resource: string, vpc: Vpc, number: number): Fact[] {
  const id = edgeOf(vpc.id, resource)
  const origin = { resource, code: 'PCX_REQUIRES_ADDRESS_IN_VPC_CIDR' }
  return [
    {
      interface: {
        id,
        node: vpc.id,
        segment: resource,
        addresses: [],
        table: id,
        sourceDestCheck: false,
        placement: 'local',
        origin: { resource },
      },
    },
    { table: { id, node: vpc.id, number, origin } },
    ...activeBlocks(vpc).map(
      (prefix): Fact => ({
        route: { table: id, prefix, nextHop: { kind: 'connected' }, origin: { ...origin, rule: prefix } },
      }),
    ),
  ]
}
