/** Six or more of everything, so that pages of five are more than one; and how each list of them is asked for. */
import type { Ec2 } from '../../src/client/ec2-client.ts'

/** What a listing has to be told, and whether it is short for want of a sixth. */
export interface Listing {
  readonly arguments: Readonly<Record<string, unknown>>
  readonly short?: boolean
}

const SIX = [1, 2, 3, 4, 5, 6]
const short: Listing = { arguments: {}, short: true }
const ICMP = { IpProtocol: 'icmp', FromPort: -1, ToPort: -1 }

/** What the server has to grant for it. */
export const quotas = {
  vpcs: 20,
  internetGateways: 20,
  egressOnlyInternetGateways: 20,
  elasticIps: 20,
  natGatewaysPerZone: 20,
  instanceConnectEndpoints: 20,
}

/** A VPC with one of what each VPC has, of IPv4 block 10.N.0.0/16. */
interface Network {
  readonly vpcId: string
  readonly subnetId: string
  readonly groupId: string
  readonly interfaceId: string
}

/** Makes it, and answers by their actions the listings that have to be told something, or that are short. */
export async function estate(ec2: Ec2): Promise<Readonly<Record<string, Listing>>> {
  const networks = await Promise.all(SIX.map((n) => network(ec2, n)))
  const [first, second] = networks as [Network, Network]
  const peerings = await Promise.all(networks.slice(1).map((other) => peered(ec2, first, other)))
  await peered(ec2, second, networks[2] as Network)
  await staleGroups(ec2, first, second, peerings[0] ?? '')
  await Promise.all(SIX.map((n) => address(ec2, `host-${n}.example`)))
  await instances(ec2, first)
  await Promise.all(networks.map((one) => insights(ec2, one.interfaceId)))
  const listId = await prefixLists(ec2, first)
  return {
    DescribeAddressesAttribute: { arguments: { Attribute: 'domain-name' } },
    DescribeStaleSecurityGroups: { arguments: { VpcId: first.vpcId } },
    GetManagedPrefixListEntries: { arguments: { PrefixListId: listId } },
    GetManagedPrefixListAssociations: { arguments: { PrefixListId: listId } },
    GetSecurityGroupsForVpc: { arguments: { VpcId: first.vpcId } },
    GetInstanceTypesFromInstanceRequirements: {
      arguments: {
        ArchitectureTypes: ['x86_64'],
        VirtualizationTypes: ['hvm'],
        InstanceRequirements: { VCpuCount: { Min: 0 }, MemoryMiB: { Min: 0 } },
      },
    },
    GetNetworkInsightsAccessScopeAnalysisFindings: {
      arguments: { NetworkInsightsAccessScopeAnalysisId: await analysisOf(ec2) },
      short: true,
    },
    // Of these Isthmus has one or none.
    DescribePrefixLists: short,
    DescribeIamInstanceProfileAssociations: short,
    DescribeMovingAddresses: short,
    DescribeInstanceTopology: short,
  }
}

async function network(ec2: Ec2, n: number): Promise<Network> {
  const vpcId = (await ec2.call('CreateVpc', { CidrBlock: `10.${n}.0.0/16` })).Vpc?.VpcId ?? ''
  const { Subnet } = await ec2.call('CreateSubnet', { VpcId: vpcId, CidrBlock: `10.${n}.0.0/24` })
  const subnetId = Subnet?.SubnetId ?? ''
  const named = { GroupName: 'one', Description: 'one', VpcId: vpcId }
  const groupId = (await ec2.call('CreateSecurityGroup', named)).GroupId ?? ''
  const { NetworkInterface } = await ec2.call('CreateNetworkInterface', { SubnetId: subnetId, Groups: [groupId] })
  const interfaceId = NetworkInterface?.NetworkInterfaceId ?? ''
  await ec2.call('CreateTags', { Resources: [vpcId], Tags: [{ Key: 'number', Value: String(n) }] })
  await ec2.call('CreateRouteTable', { VpcId: vpcId })
  await ec2.call('CreateNetworkAcl', { VpcId: vpcId })
  await ec2.call('CreateEgressOnlyInternetGateway', { VpcId: vpcId })
  await ec2.call('CreateDhcpOptions', { DhcpConfigurations: [{ Key: 'domain-name', Values: [`n${n}.example`] }] })
  await ec2.call('CreateNatGateway', { SubnetId: subnetId, ConnectivityType: 'private' })
  await ec2.call('CreateInstanceConnectEndpoint', { SubnetId: subnetId })
  await ec2.call('CreateNetworkInterfacePermission', {
    NetworkInterfaceId: interfaceId,
    AwsAccountId: '999999999999',
    Permission: 'INSTANCE-ATTACH',
  })
  const { InternetGateway } = await ec2.call('CreateInternetGateway', {})
  const gateway = { InternetGatewayId: InternetGateway?.InternetGatewayId ?? '' }
  await ec2.call('AttachInternetGateway', { ...gateway, VpcId: vpcId })
  return { vpcId, subnetId, groupId, interfaceId }
}

async function peered(ec2: Ec2, from: Network, to: Network): Promise<string> {
  const asked = await ec2.call('CreateVpcPeeringConnection', { VpcId: from.vpcId, PeerVpcId: to.vpcId })
  const VpcPeeringConnectionId = asked.VpcPeeringConnection?.VpcPeeringConnectionId ?? ''
  await ec2.call('AcceptVpcPeeringConnection', { VpcPeeringConnectionId })
  return VpcPeeringConnectionId
}

/** Groups of the first VPC whose rules name a group of a peer that is a peer no more; they are in a third VPC, too. */
async function staleGroups(ec2: Ec2, first: Network, peer: Network, peering: string): Promise<void> {
  const third = (await ec2.call('CreateVpc', { CidrBlock: '10.200.0.0/16' })).Vpc?.VpcId ?? ''
  for (const n of SIX) {
    const named = { GroupName: `stale ${n}`, Description: 'stale', VpcId: first.vpcId }
    const GroupId = (await ec2.call('CreateSecurityGroup', named)).GroupId ?? ''
    const IpPermissions = [{ ...ICMP, UserIdGroupPairs: [{ GroupId: peer.groupId }] }]
    await ec2.call('AuthorizeSecurityGroupIngress', { GroupId, IpPermissions })
    await ec2.call('AssociateSecurityGroupVpc', { GroupId, VpcId: third })
  }
  await ec2.call('DeleteVpcPeeringConnection', { VpcPeeringConnectionId: peering })
}

async function address(ec2: Ec2, DomainName: string): Promise<void> {
  const { AllocationId = '' } = await ec2.call('AllocateAddress', { Domain: 'vpc' })
  await ec2.call('ModifyAddressAttribute', { AllocationId, DomainName })
  await ec2.call('EnableAddressTransfer', { AllocationId, TransferAccountId: '999999999999' })
}

async function instances(ec2: Ec2, { subnetId }: Network): Promise<void> {
  const [{ ImageId } = {}] = (await ec2.call('DescribeImages', { Owners: ['amazon'] })).Images ?? []
  for (const _ of SIX)
    await ec2.call('RunInstances', { ImageId, InstanceType: 't3.nano', MinCount: 1, MaxCount: 1, SubnetId: subnetId })
}

async function insights(ec2: Ec2, Source: string): Promise<void> {
  const ClientToken = Source
  const path = await ec2.call('CreateNetworkInsightsPath', {
    Source,
    Destination: Source,
    Protocol: 'tcp',
    ClientToken,
  })
  const NetworkInsightsPathId = path.NetworkInsightsPath?.NetworkInsightsPathId ?? ''
  await ec2.call('StartNetworkInsightsAnalysis', { NetworkInsightsPathId, ClientToken })
  const { NetworkInsightsAccessScope: scope } = await ec2.call('CreateNetworkInsightsAccessScope', {
    MatchPaths: [{ Source: { ResourceStatement: { ResourceTypes: ['AWS::EC2::InternetGateway'] } } }],
    ClientToken,
  })
  const NetworkInsightsAccessScopeId = scope?.NetworkInsightsAccessScopeId ?? ''
  await ec2.call('StartNetworkInsightsAccessScopeAnalysis', { NetworkInsightsAccessScopeId, ClientToken })
}

async function analysisOf(ec2: Ec2): Promise<string> {
  const { NetworkInsightsAccessScopeAnalyses = [] } = await ec2.call('DescribeNetworkInsightsAccessScopeAnalyses', {})
  return NetworkInsightsAccessScopeAnalyses[0]?.NetworkInsightsAccessScopeAnalysisId ?? ''
}

/** Six lists; the one that is answered has six entries, and six groups that name it. */
async function prefixLists(ec2: Ec2, { vpcId }: Network): Promise<string> {
  const ids = await Promise.all(SIX.map((n) => prefixList(ec2, n)))
  const [id = ''] = ids
  for (const n of SIX) {
    const named = { GroupName: `of list ${n}`, Description: 'of list', VpcId: vpcId }
    const GroupId = (await ec2.call('CreateSecurityGroup', named)).GroupId ?? ''
    const IpPermissions = [{ ...ICMP, PrefixListIds: [{ PrefixListId: id }] }]
    await ec2.call('AuthorizeSecurityGroupIngress', { GroupId, IpPermissions })
  }
  return id
}

async function prefixList(ec2: Ec2, n: number): Promise<string> {
  const Entries = SIX.map((e) => ({ Cidr: `10.${n}.${e}.0/24` }))
  const size = { AddressFamily: 'IPv4', MaxEntries: 6 }
  const made = await ec2.call('CreateManagedPrefixList', { PrefixListName: `list ${n}`, Entries, ...size })
  return made.PrefixList?.PrefixListId ?? ''
}
