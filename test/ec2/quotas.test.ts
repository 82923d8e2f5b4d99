/** Every quota (1.12): AWS's number, as many as that, and the refusal of the next one. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { grantQuotas, type Quota, quota } from '../../src/ec2/quotas.ts'
import type { Input } from '../../src/protocol/types.ts'
import { must, place } from './place.ts'
import { refused } from './world.ts'

type Place = ReturnType<typeof place>

interface Case {
  /** AWS's default. */
  readonly most: number
  readonly code: string
  /** Tried with so many where AWS's number is large. */
  readonly tried?: number
  /** How many are there before the first is made. */
  readonly there?: number
  /** What would be in the way first. */
  readonly also?: Partial<Record<Quota, number>>
  /** Makes the one of this number, from `there` on. */
  readonly make: (p: Place) => (i: number) => unknown
}

const anotherVpc = ({ call }: Place, i: number): string =>
  must(call('CreateVpc', { CidrBlock: `10.${i + 1}.0.0/16` }).Vpc?.VpcId)

const anotherSubnet = ({ call, vpcId }: Place, i: number): string =>
  must(call('CreateSubnet', { VpcId: vpcId, CidrBlock: `10.0.${i + 2}.0/24` }).Subnet?.SubnetId)

const request = (p: Place) => (i: number) =>
  p.call('CreateVpcPeeringConnection', { VpcId: p.vpcId, PeerVpcId: anotherVpc(p, i) })

const list = (p: Place, MaxEntries: number) =>
  p.call('CreateManagedPrefixList', { PrefixListName: 'list', AddressFamily: 'IPv4', MaxEntries })

/** Those that stop no call: what is too old goes. */
type Dropping = 'versionsPerPrefixList'

/** Not here: gateway endpoints (there are none), and network address units, which nobody counts. */
const CASES: Readonly<Record<Exclude<Quota, Dropping>, Case>> = {
  vpcs: { most: 5, code: 'VpcLimitExceeded', there: 1, make: (p) => (i) => anotherVpc(p, i) },
  blocksPerVpc: {
    most: 5,
    code: 'CidrLimitExceeded',
    there: 1,
    make: (p) => (i) => p.call('AssociateVpcCidrBlock', { VpcId: p.vpcId, CidrBlock: `10.${i + 9}.0.0/16` }),
  },
  ipv6BlocksPerVpc: {
    most: 5,
    code: 'CidrLimitExceeded',
    make: (p) => () => p.call('AssociateVpcCidrBlock', { VpcId: p.vpcId, AmazonProvidedIpv6CidrBlock: true }),
  },
  subnetsPerVpc: { most: 200, code: 'SubnetLimitExceeded', there: 1, make: (p) => (i) => anotherSubnet(p, i) },
  internetGateways: {
    most: 5,
    code: 'InternetGatewayLimitExceeded',
    there: 1,
    make: (p) => () => p.call('CreateInternetGateway', {}),
  },
  egressOnlyInternetGateways: {
    most: 5,
    code: 'EgressOnlyInternetGatewayLimitExceeded',
    also: { vpcs: 50 },
    make: (p) => (i) => p.call('CreateEgressOnlyInternetGateway', { VpcId: anotherVpc(p, i) }),
  },
  routeTablesPerVpc: {
    most: 200,
    code: 'RouteTableLimitExceeded',
    there: 1,
    make: (p) => () => p.call('CreateRouteTable', { VpcId: p.vpcId }),
  },
  routesPerTable: {
    most: 50,
    code: 'RouteLimitExceeded',
    make(p) {
      const RouteTableId = must(p.call('CreateRouteTable', { VpcId: p.vpcId }).RouteTable?.RouteTableId)
      const to = { RouteTableId, GatewayId: p.gatewayId }
      return (i) => p.call('CreateRoute', { ...to, DestinationCidrBlock: `20.0.${i}.0/24` })
    },
  },
  aclsPerVpc: {
    most: 200,
    code: 'NetworkAclLimitExceeded',
    there: 1,
    make: (p) => () => p.call('CreateNetworkAcl', { VpcId: p.vpcId }),
  },
  // The denial at the end is one of them.
  rulesPerAcl: {
    most: 20,
    code: 'NetworkAclEntryLimitExceeded',
    there: 1,
    make(p) {
      const NetworkAclId = must(p.call('CreateNetworkAcl', { VpcId: p.vpcId }).NetworkAcl?.NetworkAclId)
      const entry = {
        NetworkAclId,
        Protocol: '-1',
        RuleAction: 'allow',
        Egress: false,
        CidrBlock: '0.0.0.0/0',
      } as const
      return (i) => p.call('CreateNetworkAclEntry', { ...entry, RuleNumber: i })
    },
  },
  securityGroups: {
    most: 2500,
    code: 'SecurityGroupLimitExceeded',
    tried: 20,
    there: 1,
    make: (p) => (i) => group(p, i),
  },
  rulesPerSecurityGroup: {
    most: 60,
    code: 'RulesPerSecurityGroupLimitExceeded',
    make(p) {
      const GroupId = group(p, 0)
      return (i) =>
        p.call('AuthorizeSecurityGroupIngress', {
          GroupId,
          IpPermissions: [{ IpProtocol: 'tcp', FromPort: i, ToPort: i, IpRanges: [{ CidrIp: '10.0.0.0/8' }] }],
        })
    },
  },
  securityGroupsPerInterface: {
    most: 5,
    code: 'SecurityGroupsPerInterfaceLimitExceeded',
    make(p) {
      const groups = [0, 1, 2, 3, 4, 5].map((i) => group(p, i))
      return (i) => p.call('CreateNetworkInterface', { SubnetId: p.subnetId, Groups: groups.slice(0, i + 1) })
    },
  },
  networkInterfaces: {
    most: 5000,
    code: 'NetworkInterfaceLimitExceeded',
    tried: 20,
    make: (p) => () => p.call('CreateNetworkInterface', { SubnetId: p.subnetId }),
  },
  keyPairs: {
    most: 5000,
    code: 'ResourceLimitExceeded',
    tried: 5,
    make: (p) => (i) => p.call('CreateKeyPair', { KeyName: `key-${i}`, KeyType: 'ed25519' }),
  },
  elasticIps: { most: 5, code: 'AddressLimitExceeded', make: (p) => () => p.elastic() },
  natGatewaysPerZone: {
    most: 5,
    code: 'NatGatewayLimitExceeded',
    make: (p) => () => p.call('CreateNatGateway', { SubnetId: p.subnetId, ConnectivityType: 'private' }),
  },
  prefixLists: { most: 100, code: 'PrefixListLimitExceeded', make: (p) => () => list(p, 1) },
  entriesPerPrefixList: {
    most: 1000,
    code: 'InvalidParameterValue',
    there: 999,
    make: (p) => (i) => list(p, i + 1),
  },
  peeringsPerVpc: {
    most: 50,
    code: 'VpcPeeringConnectionsPerVpcLimitExceeded',
    also: { vpcs: 100, outstandingPeerings: 100 },
    make: request,
  },
  outstandingPeerings: {
    most: 25,
    code: 'OutstandingVpcPeeringConnectionLimitExceeded',
    also: { vpcs: 100 },
    make: request,
  },
  instanceConnectEndpointsPerVpc: {
    most: 1,
    code: 'InstanceConnectEndpointLimitExceeded',
    make: (p) => () => p.call('CreateInstanceConnectEndpoint', { SubnetId: p.subnetId }),
  },
  instanceConnectEndpoints: {
    most: 5,
    code: 'InstanceConnectEndpointLimitExceeded',
    also: { vpcs: 50 },
    make: (p) => (i) => {
      const wish = { VpcId: anotherVpc(p, i), CidrBlock: `10.${i + 1}.0.0/24` }
      const SubnetId = must(p.call('CreateSubnet', wish).Subnet?.SubnetId)
      return p.call('CreateInstanceConnectEndpoint', { SubnetId })
    },
  },
  vpcBlockPublicAccessExclusions: {
    most: 50,
    code: 'VpcBlockPublicAccessExclusionLimitExceeded',
    make: (p) => (i) =>
      p.call('CreateVpcBlockPublicAccessExclusion', {
        SubnetId: anotherSubnet(p, i),
        InternetGatewayExclusionMode: 'allow-egress',
      }),
  },
  networkInsightsPaths: {
    most: 1000,
    code: 'NetworkInsightsPath.LimitExceeded',
    tried: 5,
    make(p) {
      const [Source, Destination] = [p.running(), p.running()]
      return () => path(p, Source, Destination)
    },
  },
  networkInsightsAnalyses: {
    most: 10_000,
    code: 'NetworkInsightsAnalysis.LimitExceeded',
    tried: 3,
    make(p) {
      const NetworkInsightsPathId = path(p, p.running(), p.running())
      const start = { NetworkInsightsPathId } as Input<'StartNetworkInsightsAnalysis'>
      return () => p.call('StartNetworkInsightsAnalysis', start)
    },
  },
  networkInsightsAccessScopes: {
    most: 1000,
    code: 'NetworkInsightsAccessScope.LimitExceeded',
    tried: 5,
    make: (p) => () => {
      const Source = { ResourceStatement: { ResourceTypes: ['AWS::EC2::NetworkInterface'] } }
      const scope = { MatchPaths: [{ Source }] } as Input<'CreateNetworkInsightsAccessScope'>
      return p.call('CreateNetworkInsightsAccessScope', scope)
    },
  },
}

const group = (p: Place, i: number): string =>
  must(p.call('CreateSecurityGroup', { VpcId: p.vpcId, GroupName: `g${i}`, Description: 'a group' }).GroupId)

const path = (p: Place, Source: string, Destination: string): string => {
  const wish = { Source, Destination, Protocol: 'tcp' } as Input<'CreateNetworkInsightsPath'>
  return must(p.call('CreateNetworkInsightsPath', wish).NetworkInsightsPath?.NetworkInsightsPathId)
}

/** Runs `work` with other quotas than AWS's. */
function granted(numbers: Partial<Record<Quota, number>>, work: () => void): void {
  const before = Object.fromEntries(Object.keys(numbers).map((name) => [name, quota(name as Quota)]))
  grantQuotas(numbers as Record<string, number>)
  try {
    work()
  } finally {
    grantQuotas(before)
  }
}

describe('1.12: quotas', () => {
  for (const [name, { most, code, tried = most, there = 0, also = {}, make }] of Object.entries(CASES))
    test(`1.12: ${name} is ${most}, and then the answer is ${code}`, () => {
      assert.equal(quota(name as Quota), most)
      granted({ ...also, [name]: tried }, () => {
        const one = make(place())
        for (let i = there; i < tried; i++) one(i)
        refused(code, () => one(tried))
      })
    })

  test('1.12: versionsPerPrefixList is 1000, and the oldest goes', () => {
    assert.equal(quota('versionsPerPrefixList'), 1000)
    granted({ versionsPerPrefixList: 3 }, () => {
      const p = place()
      const PrefixListId = must(list(p, 5).PrefixList?.PrefixListId)
      for (const [i, Cidr] of ['10.1.0.0/16', '10.2.0.0/16', '10.3.0.0/16'].entries())
        p.call('ModifyManagedPrefixList', { PrefixListId, CurrentVersion: i + 1, AddEntries: [{ Cidr }] })
      const of = (TargetVersion: number) =>
        p.call('GetManagedPrefixListEntries', { PrefixListId, TargetVersion }).Entries?.length
      assert.deepEqual([of(2), of(3), of(4)], [1, 2, 3])
      refused('InvalidParameterValue', () => of(1))
    })
  })
})
