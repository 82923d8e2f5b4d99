/** A small VPC whose routes a test looks at. */
import { compile } from '../../src/compile/compile.ts'
import type { Input } from '../../src/protocol/types.ts'
import { world } from './world.ts'

/** A VPC 10.1.0.0/16, with an IPv6 block where asked, a subnet, an attached gateway and a route table of its own. */
export function laid({ ipv6 = false }: { readonly ipv6?: boolean } = {}) {
  const w = world()
  const vpc = w.call('CreateVpc', { CidrBlock: '10.1.0.0/16', AmazonProvidedIpv6CidrBlock: ipv6 }).Vpc
  const VpcId = vpc?.VpcId ?? ''
  const subnetId = w.call('CreateSubnet', { VpcId, CidrBlock: '10.1.1.0/24' }).Subnet?.SubnetId ?? ''
  const gatewayId = w.call('CreateInternetGateway', {}).InternetGateway?.InternetGatewayId ?? ''
  w.call('AttachInternetGateway', { InternetGatewayId: gatewayId, VpcId })
  const RouteTableId = w.call('CreateRouteTable', { VpcId }).RouteTable?.RouteTableId ?? ''
  let made: string | undefined
  const eniId = () =>
    (made ??= w.call('CreateNetworkInterface', { SubnetId: subnetId }).NetworkInterface?.NetworkInterfaceId ?? '')
  const routes = () => w.call('DescribeRouteTables', { RouteTableIds: [RouteTableId] }).RouteTables?.[0]?.Routes ?? []
  const create = (route: Omit<Input<'CreateRoute'>, 'RouteTableId'>) =>
    w.call('CreateRoute', { RouteTableId, ...route })
  return {
    ...w,
    VpcId,
    /** The IPv6 block of the VPC. */
    block6: vpc?.Ipv6CidrBlockAssociationSet?.[0]?.Ipv6CidrBlock ?? '',
    association6: vpc?.Ipv6CidrBlockAssociationSet?.[0]?.AssociationId ?? '',
    subnetId,
    gatewayId,
    RouteTableId,
    eniId,
    routes,
    create,
    toGateway: (DestinationCidrBlock: string) => create({ DestinationCidrBlock, GatewayId: gatewayId }),
    toInterface: (DestinationCidrBlock: string) => create({ DestinationCidrBlock, NetworkInterfaceId: eniId() }),
    stateOf: (destination: string) =>
      routes().find((r) => (r.DestinationCidrBlock ?? r.DestinationIpv6CidrBlock) === destination)?.State,
    fact: (destination: string) =>
      compile(w.records).routes.find((r) => r.table === RouteTableId && r.prefix === destination),
  }
}

type Laid = ReturnType<typeof laid>

/** What routes may lead to, made when asked for: of the VPC `VpcId`, or of another one. */
export const targets = (w: Laid, VpcId = w.VpcId, SubnetId = w.subnetId) => ({
  peering: (PeerVpcId: string) => {
    const { VpcPeeringConnection: made } = w.call('CreateVpcPeeringConnection', { VpcId, PeerVpcId })
    const VpcPeeringConnectionId = made?.VpcPeeringConnectionId ?? ''
    w.call('AcceptVpcPeeringConnection', { VpcPeeringConnectionId })
    w.clock.advance(60_000)
    return VpcPeeringConnectionId
  },
  egressOnly: () =>
    w.call('CreateEgressOnlyInternetGateway', { VpcId }).EgressOnlyInternetGateway?.EgressOnlyInternetGatewayId ?? '',
  natGateway: () => {
    const made = w.call('CreateNatGateway', { SubnetId, ConnectivityType: 'private' }).NatGateway
    w.clock.advance(60_000)
    return made?.NatGatewayId ?? ''
  },
  networkInterface: () => w.call('CreateNetworkInterface', { SubnetId }).NetworkInterface?.NetworkInterfaceId ?? '',
  instance: () => {
    const ImageId = w.call('DescribeImages', {}).Images?.[0]?.ImageId ?? ''
    const made = w.call('RunInstances', { ImageId, MinCount: 1, MaxCount: 1, SubnetId })
    return made.Instances?.[0]?.InstanceId ?? ''
  },
})

/** A second VPC, 10.2.0.0/16, with a subnet and an attached gateway. */
export function elsewhere(w: Laid) {
  const VpcId = w.call('CreateVpc', { CidrBlock: '10.2.0.0/16' }).Vpc?.VpcId ?? ''
  const subnetId = w.call('CreateSubnet', { VpcId, CidrBlock: '10.2.1.0/24' }).Subnet?.SubnetId ?? ''
  const InternetGatewayId = w.call('CreateInternetGateway', {}).InternetGateway?.InternetGatewayId ?? ''
  w.call('AttachInternetGateway', { InternetGatewayId, VpcId })
  return { VpcId, subnetId, gatewayId: InternetGatewayId, targets: targets(w, VpcId, subnetId) }
}
