/** Network interfaces for tests: a place, and short ways to make interfaces and attach them. */
import type { Caller } from '../../src/ec2/resource.ts'
import type { Input } from '../../src/protocol/types.ts'
import { must, place } from './place.ts'

/** An account that does not own the place. */
export const STRANGER: Caller = { account: '999999999999', region: 'us-east-1', requestId: 'r' }

export function interfaces(...where: Parameters<typeof place>) {
  const p = place(...where)
  const create = (wish: Partial<Input<'CreateNetworkInterface'>> = {}): string =>
    must(p.call('CreateNetworkInterface', { SubnetId: p.subnetId, ...wish }).NetworkInterface?.NetworkInterfaceId)
  const attach = (id: string, instanceId: string, DeviceIndex = 1, caller?: Caller): string =>
    must(
      p.call('AttachNetworkInterface', { NetworkInterfaceId: id, InstanceId: instanceId, DeviceIndex }, caller)
        .AttachmentId,
    )
  /** The private addresses of an interface, the primary one first. */
  const addressesOf = (id: string): string[] =>
    must(p.interfaceOf(id).PrivateIpAddresses).map((a) => must(a.PrivateIpAddress))
  const modify = (id: string, change: Partial<Input<'ModifyNetworkInterfaceAttribute'>>) =>
    p.call('ModifyNetworkInterfaceAttribute', { NetworkInterfaceId: id, ...change })
  /** The interface of a new NAT gateway. */
  const ofGateway = () => {
    const made = p.call('CreateNatGateway', { SubnetId: p.subnetId, AllocationId: p.elastic() }).NatGateway
    p.clock.advance(1000)
    return must(made?.NatGatewayAddresses?.[0]?.NetworkInterfaceId)
  }
  return { ...p, create, attach, addressesOf, modify, ofGateway }
}
