/** NatGateways. */
import type { NatGateway, NatGatewayAddress } from '../ec2/nat-gateway.ts'
import { baseOf, type Building, type Reader } from './building.ts'
import type { Item } from './item.ts'

const STATES = ['pending', 'available', 'failed', 'deleting', 'deleted'] as const

export const natGateways: Reader = {
  key: 'NatGateways',
  id: 'NatGatewayId',
  read(item, home, building) {
    const { state, notes, now } = building
    const id = item.id('NatGatewayId', 'nat')
    const is = item.oneOf('State', STATES, 'available')
    const subnetId = item.idIf('SubnetId', 'subnet')
    const subnet = subnetId === undefined ? undefined : state.get('subnet', subnetId)
    const address = addressOf(item, id, building)
    const deleteTime = item.timeIf('DeleteTime')
    const failure = { code: item.textIf('FailureCode') ?? '', message: item.textIf('FailureMessage') ?? '' }
    const gateway = {
      ...baseOf(item, id, is, home, building),
      connectivityType: item.oneOf('ConnectivityType', ['public', 'private'], 'public'),
      createTime: item.timeIf('CreateTime') ?? now,
      ...(deleteTime !== undefined && { deleteTime }),
      ...(failure.code && { failure }),
    }
    item.skip('VpcId', 'AvailabilityMode', 'AutoProvisionZones', 'AutoScalingIps', 'RouteTableId')
    if (item.has('AttachedAppliances'))
      notes.add('not-emulated', 'appliances of NAT gateways', 'they are passed by', id)
    if (!subnet) {
      const what = subnetId === undefined ? 'NAT gateways without a subnet' : `subnet ${subnetId}`
      return notes.add(subnetId === undefined ? 'not-emulated' : 'outside', what, 'routes to them are blackholes', id)
    }
    const { vpcId, availabilityZone } = subnet
    const node = is === 'pending' || is === 'available' ? address.networkInterfaceId : undefined
    if (node !== undefined) building.nodes.set(node, { node: id, interfaceType: 'nat_gateway' })
    const place = { subnetId: subnet.id, vpcId, availabilityZone, ...(node && { networkInterfaceId: node }) }
    state.put('natgateway', { ...gateway, ...place, address } satisfies NatGateway)
  },
}

/** The first address is the one that sends for the VPC's hosts; further ones carry more connections in AWS. */
function addressOf(item: Item, id: string, { notes }: Building): NatGatewayAddress {
  const all = item.list('NatGatewayAddresses').map((one) => {
    one.skip('Status', 'FailureMessage', 'AvailabilityZone', 'AvailabilityZoneId')
    const fields = {
      allocationId: one.idIf('AllocationId', 'eipalloc'),
      associationId: one.textIf('AssociationId'),
      networkInterfaceId: one.idIf('NetworkInterfaceId', 'eni'),
      privateIp: one.ipIf('PrivateIp'),
      publicIp: one.ipIf('PublicIp'),
    }
    const present = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))
    return { primary: one.flag('IsPrimary'), present: present as NatGatewayAddress }
  })
  if (all.length > 1)
    notes.add('not-emulated', 'further addresses of NAT gateways', 'all connections leave by the primary one', id)
  return (all.find((one) => one.primary) ?? all[0])?.present ?? {}
}

/** What a NAT gateway does, it does at its interface. */
export const natGatewaysWithoutInterface: Reader = {
  key: 'NatGateways',
  read(item, _, { state, notes }) {
    const gateway = state.get('natgateway', item.text('NatGatewayId'))
    if (!gateway || isOver(gateway) || state.get('network-interface', gateway.networkInterfaceId ?? '')) return
    const { networkInterfaceId: _gone, ...rest } = gateway
    state.put('natgateway', rest)
    notes.add('outside', 'interfaces of NAT gateways', 'routes to these gateways are blackholes', gateway.id)
  },
}

const isOver = ({ state }: NatGateway): boolean => state !== 'pending' && state !== 'available'
