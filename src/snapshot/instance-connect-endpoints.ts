/** InstanceConnectEndpoints. */
import type { InstanceConnectEndpoint } from '../ec2/instance-connect-endpoint.ts'
import { baseOf, type Reader } from './building.ts'

const STATES = [
  ...(['create-in-progress', 'create-complete', 'create-failed', 'delete-in-progress', 'delete-complete'] as const),
  ...(['delete-failed', 'update-in-progress', 'update-complete', 'update-failed'] as const),
]

export const instanceConnectEndpoints: Reader = {
  key: 'InstanceConnectEndpoints',
  id: 'InstanceConnectEndpointId',
  read(item, home, building) {
    const { state, notes, now } = building
    const id = item.id('InstanceConnectEndpointId', 'eice')
    const is = item.oneOf('State', STATES, 'create-complete')
    const subnet = state.get('subnet', item.id('SubnetId', 'subnet'))
    const [networkInterfaceId] = item.texts('NetworkInterfaceIds')
    const endpoint = {
      ...baseOf(item, id, 'create-complete' as const, home, building),
      groupIds: item.texts('SecurityGroupIds').filter((group) => state.get('security-group', group)),
      ...(networkInterfaceId && { networkInterfaceId }),
      createTime: item.timeIf('CreatedAt') ?? now,
    }
    item.skip('InstanceConnectEndpointArn', 'StateMessage', 'DnsName', 'FipsDnsName', 'PublicDnsNames', 'IpAddressType')
    item.skip('VpcId', 'AvailabilityZone', 'AvailabilityZoneId')
    if (item.flag('PreserveClientIp'))
      notes.add('not-emulated', 'client addresses kept by endpoints', 'the endpoint’s own address is seen', id)
    if (is.endsWith('-failed') || is.startsWith('delete'))
      return notes.add('left-out', 'Instance Connect Endpoints that are over', 'nothing goes through them', id)
    if (!subnet) return notes.add('outside', 'subnets of Instance Connect Endpoints', 'these are left out', id)
    const { vpcId, availabilityZone, availabilityZoneId } = subnet
    if (networkInterfaceId)
      building.nodes.set(networkInterfaceId, { node: id, interfaceType: 'ec2_instance_connect_endpoint' })
    const place = { subnetId: subnet.id, vpcId, availabilityZone, availabilityZoneId }
    state.put('instance-connect-endpoint', { ...endpoint, ...place } satisfies InstanceConnectEndpoint)
  },
}
