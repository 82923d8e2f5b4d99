/** What lets EC2 Instance Connect reach an instance: a gateway with a route, an Elastic IP, and a rule. */
import type { Ec2 } from '../../src/client/ec2-client.ts'
import type { Launched } from './instance.ts'

/** The VPC has an internet gateway, and its main route table leads there. */
export async function gateway(ec2: Ec2, { vpcId }: Launched): Promise<void> {
  const { InternetGateway } = await ec2.call('CreateInternetGateway', {})
  const GatewayId = InternetGateway?.InternetGatewayId ?? ''
  await ec2.call('AttachInternetGateway', { InternetGatewayId: GatewayId, VpcId: vpcId })
  const Filters = [{ Name: 'vpc-id', Values: [vpcId] }]
  const { RouteTables: [table] = [] } = await ec2.call('DescribeRouteTables', { Filters })
  const RouteTableId = table?.RouteTableId ?? ''
  await ec2.call('CreateRoute', { RouteTableId, DestinationCidrBlock: '0.0.0.0/0', GatewayId })
}

/** Resolves to an Elastic IP of the instance, once that runs. */
export async function publicAddress(ec2: Ec2, instance: Pick<Launched, 'id'>): Promise<string> {
  const { Reservations = [] } = await ec2.call('DescribeInstances', { InstanceIds: [instance.id] })
  if (Reservations[0]?.Instances?.[0]?.State?.Name !== 'running') return publicAddress(ec2, instance)
  const { AllocationId = '', PublicIp = '' } = await ec2.call('AllocateAddress', { Domain: 'vpc' })
  await ec2.call('AssociateAddress', { AllocationId, InstanceId: instance.id })
  return PublicIp
}

export async function reached(ec2: Ec2, instance: Launched): Promise<void> {
  await gateway(ec2, instance)
  await publicAddress(ec2, instance)
  await ec2.call('AuthorizeSecurityGroupIngress', {
    GroupId: instance.groupId,
    IpPermissions: [{ IpProtocol: 'tcp', FromPort: 22, ToPort: 22, IpRanges: [{ CidrIp: '18.206.107.24/29' }] }],
  })
}
