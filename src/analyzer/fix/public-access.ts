/** Letting a subnet's internet traffic pass VPC Block Public Access: by an exclusion, or by turning it off (G10). */
import type { NetworkInterface } from '../../ec2/network-interface.ts'
import type { State } from '../../ec2/state.ts'
import type { Subnet } from '../../ec2/subnet.ts'
import { exclusionsOf, noUplinkFor } from '../../ec2/vpc-block-public-access.ts'
import type { ExclusionMode } from '../../ec2/vpc-block-public-access-exclusion.ts'
import type { Ip } from '../../ip/address.ts'
import type { Blocker } from '../answer.ts'
import { callerOf } from './caller.ts'
import type { Rehearsal } from './rehearsal.ts'
import type { Cures, Task } from './task.ts'

/** The exclusion concerns one subnet, the mode all VPCs of the account: so the exclusion is the usual cure. */
export function publicAccessCures({ state, blocker }: Task<'allow'>): Cures {
  const subnet = state.get('subnet', blocker.origin.resource)
  if (!subnet) return `${blocker.origin.resource} is no subnet that could be excluded.`
  const inside = insideOf(blocker)
  return [
    { style: 'address', carryOut: (r) => exclude(r, subnet, inside) },
    { style: 'replace', carryOut: (r) => turnOff(r, subnet, inside) },
  ]
}

/** The private address that may not pass: what goes out comes from it, what comes in is for it. */
const insideOf = ({ stage, flow }: Blocker): Ip => (stage === 'segment-egress' ? flow.source : flow.destination)

function exclude(r: Rehearsal, subnet: Subnet, inside: Ip): void {
  const eni = shutIn(r.state, subnet, inside)
  if (!eni) return
  const InternetGatewayExclusionMode = modeFor(eni)
  const own = exclusionsOf(r.state, subnet).find(({ subnetId }) => subnetId === subnet.id)
  if (own)
    r.call(
      'ModifyVpcBlockPublicAccessExclusion',
      { ExclusionId: own.id, InternetGatewayExclusionMode },
      callerOf(subnet),
    )
  else
    r.call(
      'CreateVpcBlockPublicAccessExclusion',
      { SubnetId: subnet.id, InternetGatewayExclusionMode },
      callerOf(subnet),
    )
}

/** A NAT gateway needs no way in for what nobody asked for. */
const modeFor = ({ requester }: NetworkInterface): ExclusionMode =>
  requester?.interfaceType === 'nat_gateway' ? 'allow-egress' : 'allow-bidirectional'

function turnOff(r: Rehearsal, subnet: Subnet, inside: Ip): void {
  if (shutIn(r.state, subnet, inside))
    r.call('ModifyVpcBlockPublicAccessOptions', { InternetGatewayBlockMode: 'off' }, callerOf(subnet))
}

/** The interface of the subnet that has the address, if it still may not pass. */
const shutIn = (state: State, subnet: Subnet, inside: Ip): NetworkInterface | undefined =>
  state
    .where('network-interface', 'privateIpAddresses', inside)
    .find((eni) => eni.subnetId === subnet.id && noUplinkFor(state, eni).noUplink !== undefined)
