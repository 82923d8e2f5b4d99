/** A public address for a private one: an Elastic IP, allocated and associated (G1). */
import type { State } from '../../ec2/state.ts'
import type { NetworkInterface } from '../../ec2/network-interface.ts'
import { publicAddressesOf } from '../../ec2/address.ts'
import type { Ip } from '../../ip/address.ts'
import { callerOf } from './caller.ts'
import { ensureGateway } from './internet-gateway.ts'
import type { Rehearsal } from './rehearsal.ts'
import type { Cure, Cures, Task } from './task.ts'

export function publicAddressCures({ state, remedy, blocker }: Task<'public-address'>): Cures {
  const eni = holderOf(state, remedy.interface, blocker.node, remedy.inside)
  if (!eni) return `No interface has ${remedy.inside}, so it can not have a public address.`
  const spare = [...state.all('elastic-ip')].find(
    (a) => a.account === eni.account && a.region === eni.region && !a.associationId,
  )
  const give = (id?: string) => (r: Rehearsal) => giveAddress(r, eni, remedy.inside, id)
  const reuse: Cure[] = spare ? [{ style: 'spare', carryOut: give(spare.id) }] : []
  return [{ style: 'address', carryOut: give() }, ...reuse]
}

/** The interface itself, or the one that has the address in the VPC of this uplink. */
function holderOf(state: State, at: string, node: string, inside: Ip): NetworkInterface | undefined {
  const named = state.get('network-interface', at)
  if (named) return named
  const [vpc = ''] = at.split('/')
  const all = state.where('network-interface', 'privateIpAddresses', inside)
  return all.find((eni) => eni.vpcId === vpc) ?? all.find((eni) => eni.vpcId === node)
}

/** A new address, or the account's own one that is associated with nothing. */
function giveAddress(r: Rehearsal, eni: NetworkInterface, inside: Ip, spare: string | undefined): void {
  if (publicAddressesOf(r.state, eni).some((a) => a.privateIpAddress === inside)) return
  // AWS associates nothing in a VPC without a gateway (D24).
  ensureGateway(r, eni.vpcId)
  const caller = callerOf(eni)
  const AllocationId = spare ?? (r.call('AllocateAddress', { Domain: 'vpc' }, caller).AllocationId as string)
  const secondary = inside !== eni.privateIpAddresses[0]
  const input = { AllocationId, NetworkInterfaceId: eni.id, ...(secondary && { PrivateIpAddress: inside }) }
  r.call('AssociateAddress', input, caller)
  // Rules may have to name it; where none does, this call is not needed and goes.
  if (!spare) r.call('DescribeAddresses', { AllocationIds: [AllocationId] }, caller)
}
