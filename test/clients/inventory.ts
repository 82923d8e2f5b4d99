/** Everything that an account has in a Region, as Describe tells it: to see that a client has left nothing behind. */
import { clientOf } from '../server/bench.ts'

/** Actions that tell all that is there, and the name of the list in their answers. */
const LISTS = {
  DescribeVpcs: 'Vpcs',
  DescribeDhcpOptions: 'DhcpOptions',
  DescribeSubnets: 'Subnets',
  DescribeRouteTables: 'RouteTables',
  DescribeInternetGateways: 'InternetGateways',
  DescribeEgressOnlyInternetGateways: 'EgressOnlyInternetGateways',
  DescribeVpcPeeringConnections: 'VpcPeeringConnections',
  DescribeSecurityGroups: 'SecurityGroups',
  DescribeSecurityGroupRules: 'SecurityGroupRules',
  DescribeSecurityGroupVpcAssociations: 'SecurityGroupVpcAssociations',
  DescribeNetworkAcls: 'NetworkAcls',
  DescribeNetworkInterfaces: 'NetworkInterfaces',
  DescribeNetworkInterfacePermissions: 'NetworkInterfacePermissions',
  DescribeAddresses: 'Addresses',
  DescribeNatGateways: 'NatGateways',
  DescribeManagedPrefixLists: 'PrefixLists',
  DescribeInstances: 'Reservations',
  DescribeVolumes: 'Volumes',
  DescribeKeyPairs: 'KeyPairs',
  DescribeVpcBlockPublicAccessExclusions: 'VpcBlockPublicAccessExclusions',
} as const

/** What AWS, too, shows for a while after it has ended. */
const ENDED = /"(terminated|deleted|deleting|delete-complete|disassociated)"/

/** The lists by their names, without what has ended. */
export async function inventory(endpoint: string, account: string, region: string): Promise<Record<string, unknown[]>> {
  const client = clientOf(endpoint, account, region)
  const found: Record<string, unknown[]> = {}
  for (const [action, name] of Object.entries(LISTS) as [keyof typeof LISTS, string][]) {
    const answer = (await client.call(action, {})) as Record<string, unknown[] | undefined>
    found[name] = (answer[name] ?? []).filter((one) => !ENDED.test(JSON.stringify(one)))
  }
  return found
}
