/** Two VPCs and a request from the one to the other, for tests to answer and to look at from either side. */
import type { Caller } from '../../src/ec2/resource.ts'
import { US, world } from './world.ts'

export const HOUR = 3_600_000
export const DAY = 24 * HOUR
/** Another account in the Region of US, the same account in another Region, and both. */
export const OTHER: Caller = { account: '210987654321', region: 'us-east-1', requestId: 'r-2' }
export const EU: Caller = { ...US, region: 'eu-west-1' }
export const OTHER_EU: Caller = { ...OTHER, region: 'eu-west-1' }

/** VPC A (10.1.0.0/16) of US, VPC B (10.2.0.0/16) of `peer`, and a request from A to B. */
export function requested({ peer = US, b = '10.2.0.0/16' }: { peer?: Caller; b?: string } = {}) {
  const w = world()
  const A = w.call('CreateVpc', { CidrBlock: '10.1.0.0/16' }).Vpc?.VpcId ?? ''
  const B = w.call('CreateVpc', { CidrBlock: b }, peer).Vpc?.VpcId ?? ''
  const wish = { VpcId: A, PeerVpcId: B, PeerOwnerId: peer.account, PeerRegion: peer.region }
  const created = w.call('CreateVpcPeeringConnection', wish).VpcPeeringConnection
  const pcx = created?.VpcPeeringConnectionId ?? ''
  const named = { VpcPeeringConnectionId: pcx }
  const seen = (caller: Caller = US) => w.call('DescribeVpcPeeringConnections', {}, caller).VpcPeeringConnections?.[0]
  return {
    ...w,
    A,
    B,
    pcx,
    wish,
    created,
    seen,
    status: (caller: Caller = US) => seen(caller)?.Status?.Code,
    accept: (caller: Caller = peer) => w.call('AcceptVpcPeeringConnection', named, caller),
    reject: (caller: Caller = peer) => w.call('RejectVpcPeeringConnection', named, caller),
    drop: (caller: Caller = US) => w.call('DeleteVpcPeeringConnection', named, caller),
    /** Both VPCs give their instances public names. */
    nameHosts() {
      const EnableDnsHostnames = { Value: true }
      w.call('ModifyVpcAttribute', { VpcId: A, EnableDnsHostnames })
      w.call('ModifyVpcAttribute', { VpcId: B, EnableDnsHostnames }, peer)
    },
  }
}
