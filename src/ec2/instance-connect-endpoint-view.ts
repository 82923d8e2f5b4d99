/** An EC2 Instance Connect Endpoint as the wire carries it. */
import { createHash } from 'node:crypto'
import type { Output } from '../protocol/types.ts'
import type { InstanceConnectEndpoint } from './instance-connect-endpoint.ts'
import { arnOf } from './resource.ts'
import { showTags } from './tags.ts'

type WireEndpoint = NonNullable<Output<'CreateInstanceConnectEndpoint'>['InstanceConnectEndpoint']>

export const showEndpoint = (e: InstanceConnectEndpoint): WireEndpoint => ({
  InstanceConnectEndpointId: e.id,
  InstanceConnectEndpointArn: arnOf(e, 'instance-connect-endpoint'),
  OwnerId: e.account,
  State: e.state,
  StateMessage: '',
  DnsName: dnsName(e),
  PublicDnsNames: { Ipv4: { DnsName: dnsName(e) } },
  NetworkInterfaceIds: e.networkInterfaceId ? [e.networkInterfaceId] : [],
  VpcId: e.vpcId,
  SubnetId: e.subnetId,
  AvailabilityZone: e.availabilityZone,
  AvailabilityZoneId: e.availabilityZoneId,
  CreatedAt: new Date(e.createTime),
  PreserveClientIp: false,
  IpAddressType: 'ipv4',
  SecurityGroupIds: [...e.groupIds],
  Tags: showTags(e.tags),
})

/** In AWS's form; nothing answers there: tunnels are opened through Isthmus's own commands. */
function dnsName({ id, region }: InstanceConnectEndpoint): string {
  const hash = createHash('sha256').update(id).digest('hex').slice(0, 8)
  return `${id}.${hash}.ec2-instance-connect-endpoint.${region}.amazonaws.com`
}
