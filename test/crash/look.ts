/** All that the API shows of an account's Region, as facts. */
import type { Ec2 } from '../../src/client/ec2-client.ts'
import type { Fact, Facts } from './ledger.ts'
import {
  aclFacts,
  blockMode,
  dnsFact,
  elasticFacts,
  exclusionFacts,
  gatewayFacts,
  groupFacts,
  instanceFacts,
  interfaceFacts,
  listEntryFact,
  listFacts,
  natFacts,
  peeringFacts,
  ruleFacts,
  subnetFacts,
  tableFacts,
  vpcFacts,
} from './seen.ts'

/** Reads everything. Nobody else may change anything meanwhile. */
export async function look(ec2: Ec2): Promise<Facts> {
  const all = (await Promise.all([network(ec2), hosts(ec2), lists(ec2), access(ec2)])).flat()
  return new Map(all.map((each) => [each.key, each]))
}

async function network(ec2: Ec2): Promise<Fact[]> {
  const { Vpcs = [] } = await ec2.call('DescribeVpcs', {})
  const { Subnets = [] } = await ec2.call('DescribeSubnets', {})
  const { InternetGateways = [] } = await ec2.call('DescribeInternetGateways', {})
  const { VpcPeeringConnections = [] } = await ec2.call('DescribeVpcPeeringConnections', {})
  const { RouteTables = [] } = await ec2.call('DescribeRouteTables', {})
  const { NetworkAcls = [] } = await ec2.call('DescribeNetworkAcls', {})
  const { NatGateways = [] } = await ec2.call('DescribeNatGateways', {})
  const dns = Vpcs.map(async ({ VpcId = '' }) => {
    const { EnableDnsSupport } = await ec2.call('DescribeVpcAttribute', { VpcId, Attribute: 'enableDnsSupport' })
    return dnsFact(VpcId, EnableDnsSupport?.Value)
  })
  return [
    ...Vpcs.flatMap(vpcFacts),
    ...Subnets.flatMap(subnetFacts),
    ...InternetGateways.flatMap(gatewayFacts),
    ...VpcPeeringConnections.flatMap(peeringFacts),
    ...RouteTables.flatMap(tableFacts),
    ...NetworkAcls.flatMap(aclFacts),
    ...NatGateways.flatMap(natFacts),
    ...(await Promise.all(dns)),
  ]
}

async function hosts(ec2: Ec2): Promise<Fact[]> {
  const { Reservations = [] } = await ec2.call('DescribeInstances', {})
  const { NetworkInterfaces = [] } = await ec2.call('DescribeNetworkInterfaces', {})
  const { Addresses = [] } = await ec2.call('DescribeAddresses', {})
  const { SecurityGroups = [] } = await ec2.call('DescribeSecurityGroups', {})
  const { SecurityGroupRules = [] } = await ec2.call('DescribeSecurityGroupRules', {})
  return [
    ...Reservations.flatMap(({ Instances = [] }) => Instances).flatMap(instanceFacts),
    ...NetworkInterfaces.flatMap(interfaceFacts),
    ...Addresses.flatMap(elasticFacts),
    ...SecurityGroups.flatMap(groupFacts),
    ...SecurityGroupRules.flatMap(ruleFacts),
  ]
}

async function lists(ec2: Ec2): Promise<Fact[]> {
  const { PrefixLists = [] } = await ec2.call('DescribeManagedPrefixLists', {})
  const own = PrefixLists.filter(({ OwnerId }) => OwnerId !== 'AWS')
  const entries = own.map(async ({ PrefixListId = '' }) => {
    const { Entries = [] } = await ec2.call('GetManagedPrefixListEntries', { PrefixListId })
    return Entries.map(({ Cidr }) => listEntryFact(PrefixListId, Cidr))
  })
  return [...own.flatMap(listFacts), ...(await Promise.all(entries)).flat()]
}

async function access(ec2: Ec2): Promise<Fact[]> {
  const options = await ec2.call('DescribeVpcBlockPublicAccessOptions', {})
  const { VpcBlockPublicAccessExclusions = [] } = await ec2.call('DescribeVpcBlockPublicAccessExclusions', {})
  return [
    blockMode(options.VpcBlockPublicAccessOptions?.InternetGatewayBlockMode),
    ...VpcBlockPublicAccessExclusions.flatMap(exclusionFacts),
  ]
}
