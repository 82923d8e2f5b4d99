/** The records of an estate, made directly: ids by counting, and what no network depends on filled in. */
import type { AclEntry } from '../../src/ec2/network-acl-entry.ts'
import type { Address } from '../../src/ec2/address.ts'
import type { Instance } from '../../src/ec2/instance.ts'
import type { InternetGateway } from '../../src/ec2/internet-gateway.ts'
import type { NatGateway } from '../../src/ec2/nat-gateway.ts'
import type { NetworkAcl } from '../../src/ec2/network-acl.ts'
import type { NetworkInterface } from '../../src/ec2/network-interface.ts'
import type { Resource, ResourceType, ResourceTypes } from '../../src/ec2/resource.ts'
import type { RouteTable } from '../../src/ec2/route-table.ts'
import type { SecurityGroup } from '../../src/ec2/security-group.ts'
import type { SecurityGroupRule } from '../../src/ec2/security-group-rule.ts'
import type { Change } from '../../src/ec2/state.ts'
import type { Subnet } from '../../src/ec2/subnet.ts'
import type { VpcPeeringConnection } from '../../src/ec2/vpc-peering-connection.ts'
import type { Vpc } from '../../src/ec2/vpc.ts'
import type { Prefix } from '../../src/ip/prefix.ts'

const CREATED = Date.UTC(2026, 0, 1)
const ACCOUNT = '123456789012'
const REGION = 'us-east-1'

/** What a call gives, beside what a record of the kind always has. */
type Given<R extends Resource, Needed extends keyof R> = Pick<R, Needed> & Partial<R>

/** Collects records, and counts ids and kernel numbers. */
export function recordMaker() {
  const changes: Change[] = []
  let ids = 0
  let numbers = 0

  const id = (prefix: string): string => `${prefix}-${(++ids).toString(16).padStart(17, '0')}`
  const add = <T extends ResourceType>(type: T, record: ResourceTypes[T]): ResourceTypes[T] => {
    changes.push({ type, id: (record as Resource).id, record })
    return record
  }
  const base = (prefix: string, name?: string) => ({
    id: id(prefix),
    account: ACCOUNT,
    region: REGION,
    tags: (name === undefined ? {} : { Name: name }) as Resource['tags'],
    state: 'available' as const,
    stateSince: CREATED,
  })

  return {
    changes,
    id,
    number: () => ++numbers,
    /** Writes a record again; the last one counts. */
    put: add,

    vpc: (name: string, block: Prefix): Vpc =>
      add('vpc', {
        ...base('vpc', name),
        cidrBlocks: [{ associationId: id('vpc-cidr-assoc'), cidrBlock: block, state: 'associated' }],
        isDefault: false,
        instanceTenancy: 'default',
        dhcpOptionsId: 'dopt-00000000000000001',
        enableDnsSupport: true,
        enableDnsHostnames: true,
        enableNetworkAddressUsageMetrics: false,
      }),

    subnet: (name: string, given: Given<Subnet, 'vpcId' | 'cidrBlock' | 'availabilityZone'>): Subnet =>
      add('subnet', {
        ...base('subnet', name),
        availabilityZoneId: `use1-az${given.availabilityZone.charCodeAt(9) - 96}`,
        defaultForAz: false,
        mapPublicIpOnLaunch: false,
        enableDns64: false,
        privateDnsHostnameType: 'ip-name',
        enableResourceNameDnsARecord: false,
        enableResourceNameDnsAaaaRecord: false,
        ...given,
        state: 'available',
      }),

    table: (given: Given<RouteTable, 'vpcId' | 'routes' | 'associations'>): RouteTable =>
      add('route-table', { ...base('rtb'), number: ++numbers, ...given }),

    acl: (vpcId: string, isDefault: boolean, entries: readonly AclEntry[], subnetIds: readonly string[]): NetworkAcl =>
      add('network-acl', {
        ...base('acl'),
        vpcId,
        isDefault,
        entries,
        associations: subnetIds.map((subnetId) => ({ associationId: id('aclassoc'), subnetId })),
      }),

    gateway: (vpcId: string): InternetGateway => add('internet-gateway', { ...base('igw'), vpcId, number: ++numbers }),

    peering: (a: Vpc, b: Vpc, state: VpcPeeringConnection['state']): VpcPeeringConnection =>
      add('vpc-peering-connection', {
        ...base('pcx'),
        state,
        requesterVpcId: a.id,
        accepterVpcId: b.id,
        requester: { account: ACCOUNT, region: REGION, number: ++numbers, allowDnsResolution: false },
        accepter: { account: ACCOUNT, region: REGION, number: ++numbers, allowDnsResolution: false },
        ...(state === 'deleted' && { endedBy: 'accepter' as const }),
      }),

    group: (vpcId: string, groupName: string): SecurityGroup =>
      add('security-group', { ...base('sg', groupName), vpcId, groupName, description: groupName }),

    rule: (given: Given<SecurityGroupRule, 'groupId' | 'egress' | 'protocol'>): SecurityGroupRule =>
      add('security-group-rule', { ...base('sgr'), fromPort: -1, toPort: -1, ...given, state: 'available' }),

    interface: (s: Subnet, given: Given<NetworkInterface, 'privateIpAddresses' | 'groupIds'>): NetworkInterface => {
      const common = base('eni')
      return add('network-interface', {
        ...common,
        vpcId: s.vpcId,
        subnetId: s.id,
        availabilityZone: s.availabilityZone,
        availabilityZoneId: s.availabilityZoneId,
        description: '',
        mac: ['02', ...(common.id.slice(-10).match(/../g) ?? [])].join(':'),
        sourceDestCheck: true,
        wantsPublicIp: given.publicIp !== undefined,
        ...given,
        state: 'in-use',
      })
    },

    instance: (name: string, s: Subnet, state: Instance['state']): Instance =>
      add('instance', { ...base('i', name), ...INSTANCE, reservationId: id('r'), ...placeOf(s), state }),

    nat: (s: Subnet): NatGateway =>
      add('natgateway', {
        ...base('nat'),
        subnetId: s.id,
        vpcId: s.vpcId,
        availabilityZone: s.availabilityZone,
        connectivityType: 'public',
        createTime: CREATED,
        address: {},
      }),

    address: (given: Given<Address, 'publicIp'>): Address => add('elastic-ip', { ...base('eipalloc'), ...given }),
  }
}

export type RecordMaker = ReturnType<typeof recordMaker>

const placeOf = ({ id, vpcId, availabilityZone, availabilityZoneId }: Subnet) => ({
  subnetId: id,
  vpcId,
  availabilityZone,
  availabilityZoneId,
})

const INSTANCE = {
  launchIndex: 0,
  clientToken: '',
  imageId: 'ami-00000000000000001',
  architecture: 'x86_64',
  rootDevice: '/dev/xvda',
  instanceType: 't3.micro',
  tenancy: 'default',
  launchTime: CREATED,
  boots: 1,
  disableApiTermination: false,
  disableApiStop: false,
  shutdownBehavior: 'stop',
  monitoring: false,
  ebsOptimized: false,
  cpuCredits: 'standard',
  metadataOptions: {
    httpTokens: 'required',
    httpPutResponseHopLimit: 2,
    httpEndpoint: 'enabled',
    instanceMetadataTags: 'disabled',
  },
  hostnameType: 'ip-name',
  resourceNameDnsARecord: false,
  transitionReason: '',
} as const
