/** Small networks for Network Insights: VPCs with an instance each, and what an analysis says of a path. */
import type { Input, Output } from '../../src/protocol/types.ts'
import { must, place } from '../ec2/place.ts'

export type Analysis = NonNullable<Output<'DescribeNetworkInsightsAnalyses'>['NetworkInsightsAnalyses']>[number]
type Path = Partial<Input<'CreateNetworkInsightsPath'>> & { readonly Source: string }
type Target = {
  readonly [F in 'GatewayId' | 'NatGatewayId' | 'NetworkInterfaceId' | 'VpcPeeringConnectionId']?: string
}
type Start = Partial<Input<'StartNetworkInsightsAnalysis'>>

/** `a` is an instance in 10.0.1.0/24 of a VPC with an attached internet gateway and no route to it. */
export function insightsLab() {
  const p = place()
  const { call, clock } = p
  const a = p.running()

  /** The analysis of a path, once it is done. Ports of TCP, unless said otherwise. */
  function analyzed(path: Path, start: Start = {}): Analysis {
    const made = call('CreateNetworkInsightsPath', { Protocol: 'tcp', ...path } as Input<'CreateNetworkInsightsPath'>)
    const pathId = must(made.NetworkInsightsPath?.NetworkInsightsPathId)
    const started = call('StartNetworkInsightsAnalysis', {
      ...start,
      NetworkInsightsPathId: pathId,
    } as Input<'StartNetworkInsightsAnalysis'>)
    const id = must(started.NetworkInsightsAnalysis?.NetworkInsightsAnalysisId)
    clock.advance(1000)
    return must(
      call('DescribeNetworkInsightsAnalyses', { NetworkInsightsAnalysisIds: [id] }).NetworkInsightsAnalyses?.[0],
    )
  }

  /** A further VPC with one instance in the first /24 behind its base. */
  function vpc(block: string) {
    const vpcId = must(call('CreateVpc', { CidrBlock: block }).Vpc?.VpcId)
    const subnetBlock = block.replace(/\.0\.0\/16$/, '.1.0/24')
    const subnetId = must(call('CreateSubnet', { VpcId: vpcId, CidrBlock: subnetBlock }).Subnet?.SubnetId)
    return {
      vpcId,
      subnetId,
      instance: p.running({ SubnetId: subnetId }),
      table: tableOf(vpcId),
      group: groupOf(vpcId),
    }
  }

  const tableOf = (vpcId: string): string =>
    must(call('DescribeRouteTables', { Filters: [{ Name: 'vpc-id', Values: [vpcId] }] }).RouteTables?.[0]?.RouteTableId)
  const groupOf = (vpcId: string): string =>
    must(
      call('DescribeSecurityGroups', { Filters: [{ Name: 'vpc-id', Values: [vpcId] }] }).SecurityGroups?.[0]?.GroupId,
    )

  function peering(from: string, to: string): string {
    const made = call('CreateVpcPeeringConnection', { VpcId: from, PeerVpcId: to })
    const id = must(made.VpcPeeringConnection?.VpcPeeringConnectionId)
    call('AcceptVpcPeeringConnection', { VpcPeeringConnectionId: id })
    return id
  }

  const route = (table: string, block: string, target: Target) =>
    call('CreateRoute', { RouteTableId: table, DestinationCidrBlock: block, ...target } as Input<'CreateRoute'>)

  /** Lets in what is described, from anywhere unless said otherwise. */
  const allow = (group: string, protocol: string, from: number, to: number, block = '0.0.0.0/0') =>
    call('AuthorizeSecurityGroupIngress', {
      GroupId: group,
      IpPermissions: [{ IpProtocol: protocol, FromPort: from, ToPort: to, IpRanges: [{ CidrIp: block }] }],
    })

  const publicAddress = (instance: string): string => {
    const allocation = p.elastic()
    call('AssociateAddress', { AllocationId: allocation, InstanceId: instance })
    return must(p.addressOf(allocation).PublicIp)
  }

  const privateAddress = (instance: string): string => must(p.see(instance).PrivateIpAddress)

  /** Another VPC, peered, with routes both ways, and every port of its instance open. */
  function peer(block = '10.1.0.0/16') {
    const far = vpc(block)
    const pcx = peering(p.vpcId, far.vpcId)
    route(table, block, { VpcPeeringConnectionId: pcx })
    route(far.table, '10.0.0.0/16', { VpcPeeringConnectionId: pcx })
    allow(far.group, '-1', -1, -1)
    return { ...far, pcx }
  }

  /** A NAT gateway in a public subnet of its own; the instances' default route leads there. */
  function natGateway(): string {
    const subnetId = must(call('CreateSubnet', { VpcId: p.vpcId, CidrBlock: '10.0.2.0/24' }).Subnet?.SubnetId)
    const rtb = must(call('CreateRouteTable', { VpcId: p.vpcId }).RouteTable?.RouteTableId)
    call('AssociateRouteTable', { RouteTableId: rtb, SubnetId: subnetId })
    route(rtb, '0.0.0.0/0', { GatewayId: p.gatewayId })
    const made = call('CreateNatGateway', { SubnetId: subnetId, AllocationId: p.elastic() })
    const id = must(made.NatGateway?.NatGatewayId)
    clock.advance(1000)
    route(table, '0.0.0.0/0', { NatGatewayId: id })
    return id
  }

  const table = tableOf(p.vpcId)
  const group = groupOf(p.vpcId)
  return {
    ...p,
    a,
    table,
    group,
    analyzed,
    vpc,
    peering,
    peer,
    natGateway,
    route,
    allow,
    publicAddress,
    privateAddress,
  }
}

export type Lab = ReturnType<typeof insightsLab>

export const codesOf = (analysis: Analysis): string[] =>
  (analysis.Explanations ?? []).map((e) => e.ExplanationCode ?? '')
export const idsOf = (components: Analysis['ForwardPathComponents']): string[] =>
  (components ?? []).map((c) => c.Component?.Id ?? '')
