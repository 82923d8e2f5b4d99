/** A NAT gateway as the wire carries it. */
import type { Output } from '../protocol/types.ts'
import { type NatGateway, shownState } from './nat-gateway.ts'
import { showTags } from './tags.ts'

type WireGateway = NonNullable<Output<'CreateNatGateway'>['NatGateway']>

export function showNatGateway(gateway: NatGateway): WireGateway {
  const failure = shownState(gateway) === 'pending' ? undefined : gateway.failure
  return {
    NatGatewayId: gateway.id,
    State: shownState(gateway),
    SubnetId: gateway.subnetId,
    VpcId: gateway.vpcId,
    ConnectivityType: gateway.connectivityType,
    AvailabilityMode: 'zonal',
    CreateTime: new Date(gateway.createTime),
    DeleteTime: gateway.deleteTime === undefined ? undefined : new Date(gateway.deleteTime),
    FailureCode: failure?.code,
    FailureMessage: failure?.message,
    NatGatewayAddresses: [showAddress(gateway)],
    Tags: showTags(gateway.tags),
  }
}

/** Gateway state → the state of its address; a deleted one has none. */
const ADDRESS_STATUS = {
  pending: 'associating',
  available: 'succeeded',
  failed: 'failed',
  deleting: 'unassigning',
  deleted: undefined,
} as const

function showAddress(gateway: NatGateway): NonNullable<WireGateway['NatGatewayAddresses']>[number] {
  const { allocationId, associationId, networkInterfaceId, privateIp, publicIp } = gateway.address
  return {
    AllocationId: allocationId,
    AssociationId: associationId,
    NetworkInterfaceId: networkInterfaceId,
    PrivateIp: privateIp,
    PublicIp: publicIp,
    IsPrimary: true,
    Status: ADDRESS_STATUS[shownState(gateway)],
  }
}
