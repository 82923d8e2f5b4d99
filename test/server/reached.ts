/** What lets EC2 Instance Connect reach an instance: a gateway, a route, an Elastic IP, and a rule. */
import type { Ec2 } from '../../src/client/ec2-client.ts'
import type { Launched } from './instance.ts'

/** Resolves to the public address. */
export async function reached(ec2: Ec2, { id, vpcId, groupId }: Launched): Promise<string> {
  const { InternetGateway } = await ec2.call('CreateInternetGateway', {})
  const gateway = { InternetGatewayId: InternetGateway?.InternetGatewayId ?? '' }
  await ec2.call('AttachInternetGateway', { ...gateway, VpcId: vpcId })
  const { RouteTables = [] } = await ec2.call('DescribeRouteTables', {
    Filters: [{ Name: 'vpc-id', Values: [vpcId] }],
  })
  await ec2.call('CreateRoute', {
    RouteTableId: RouteTables[0]?.RouteTableId ?? '',
    DestinationCidrBlock: '0.0.0.0/0',
    GatewayId: gateway.InternetGatewayId,
  })
  await ec2.call('AuthorizeSecurityGroupIngress', {
    GroupId: groupId,
    IpPermissions: [{ IpProtocol: 'tcp', FromPort: 22, ToPort: 22, IpRanges: [{ CidrIp: '18.206.107.24/29' }] }],
  })
  // An Elastic IP can be associated with what runs.
  const wait = async (): Promise<void> => {
    const { Reservations = [] } = await ec2.call('DescribeInstances', { InstanceIds: [id] })
    if (Reservations[0]?.Instances?.[0]?.State?.Name !== 'running') await new Promise(setImmediate).then(wait)
  }
  await wait()
  const { AllocationId = '', PublicIp = '' } = await ec2.call('AllocateAddress', { Domain: 'vpc' })
  await ec2.call('AssociateAddress', { AllocationId, InstanceId: id })
  return PublicIp
}
