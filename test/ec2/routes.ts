/** A small VPC whose routes a test looks at. */
import { compile } from '../../src/compile/compile.ts'
import { world } from './world.ts'

/** A VPC 10.1.0.0/16 with a subnet, an attached gateway and a route table of its own. */
export function laid() {
  const w = world()
  const VpcId = w.call('CreateVpc', { CidrBlock: '10.1.0.0/16' }).Vpc?.VpcId ?? ''
  const subnetId = w.call('CreateSubnet', { VpcId, CidrBlock: '10.1.1.0/24' }).Subnet?.SubnetId ?? ''
  const gatewayId = w.call('CreateInternetGateway', {}).InternetGateway?.InternetGatewayId ?? ''
  w.call('AttachInternetGateway', { InternetGatewayId: gatewayId, VpcId })
  const RouteTableId = w.call('CreateRouteTable', { VpcId }).RouteTable?.RouteTableId ?? ''
  let made: string | undefined
  const eniId = () =>
    (made ??= w.call('CreateNetworkInterface', { SubnetId: subnetId }).NetworkInterface?.NetworkInterfaceId ?? '')
  const routes = () => w.call('DescribeRouteTables', { RouteTableIds: [RouteTableId] }).RouteTables?.[0]?.Routes ?? []
  return {
    ...w,
    VpcId,
    subnetId,
    gatewayId,
    RouteTableId,
    eniId,
    routes,
    toGateway: (DestinationCidrBlock: string) =>
      w.call('CreateRoute', { RouteTableId, DestinationCidrBlock, GatewayId: gatewayId }),
    toInterface: (DestinationCidrBlock: string) =>
      w.call('CreateRoute', { RouteTableId, DestinationCidrBlock, NetworkInterfaceId: eniId() }),
    stateOf: (destination: string) => routes().find((r) => r.DestinationCidrBlock === destination)?.State,
    fact: (destination: string) =>
      compile(w.records).routes.find((r) => r.table === RouteTableId && r.prefix === destination),
  }
}
