/** What a snapshot has beside networks that carry packets: IPv6, DHCP options, reservations, shares and names. */
import assert from 'node:assert/strict'
import { describe, test, type TestContext } from 'node:test'
import { readSnapshot } from '../../src/snapshot/read-snapshot.ts'
import { SnapshotError } from '../../src/snapshot/snapshot-error.ts'
import { folderOf } from './estate.ts'

const OwnerId = '111122223333'
const ipv6 = (Ipv6CidrBlock: string, more: object = {}) => ({
  Ipv6CidrBlockAssociationSet: [{ Ipv6CidrBlock, Ipv6CidrBlockState: { State: 'associated' }, ...more }],
})
const VPC = { VpcId: 'vpc-00000001', CidrBlock: '10.0.0.0/16', OwnerId, ...ipv6('2001:db8:1::/56') }
const SUBNET = { SubnetId: 'subnet-00000001', VpcId: VPC.VpcId, CidrBlock: '10.0.1.0/24', OwnerId }
const GROUP = { GroupId: 'sg-00000001', GroupName: 'web', VpcId: VPC.VpcId, OwnerId }
const ELSEWHERE = { ...VPC, VpcId: 'vpc-00000002', CidrBlock: '10.2.0.0/16', ...ipv6('2001:db8:2::/56') }

const read = (t: TestContext, contents: object) =>
  readSnapshot(folderOf(t, { 'us-east-1/a.json': { Vpcs: [VPC], Subnets: [SUBNET], ...contents } }))
const notes = ({ report }: ReturnType<typeof read>) =>
  report.notes.filter(({ kind }) => kind !== 'assumed').map(({ kind, what, effect }) => `${kind}: ${what}, ${effect}`)

function refused(t: TestContext, contents: object, words: RegExp): void {
  assert.throws(() => read(t, contents), { name: SnapshotError.name, message: words })
}

describe('IPv6 in a snapshot', () => {
  test('C11: blocks are records of their VPC and subnet, and it is said that nothing goes over them', (t) => {
    const found = read(t, { Subnets: [{ ...SUBNET, ...ipv6('2001:db8:1::/64') }] })
    assert.equal(found.state.get('vpc', VPC.VpcId)?.ipv6CidrBlocks?.[0]?.cidrBlock, '2001:db8:1::/56')
    assert.equal(found.state.get('subnet', SUBNET.SubnetId)?.ipv6CidrBlock?.cidrBlock, '2001:db8:1::/64')
    assert.deepEqual(notes(found), ['not-emulated: IPv6 blocks of VPCs, they are records: nothing goes over IPv6 here'])
  })

  test('C11: a block that failed, or is gone, is none; one of another pool is noted', (t) => {
    const gone = { ...VPC, ...ipv6('2001:db8:1::/56', { Ipv6CidrBlockState: { State: 'disassociated' } }) }
    assert.equal(read(t, { Vpcs: [gone] }).state.get('vpc', VPC.VpcId)?.ipv6CidrBlocks, undefined)
    const own = { ...VPC, ...ipv6('2001:db8:1::/56', { Ipv6Pool: 'ipv6pool-ec2-1' }) }
    assert.ok(notes(read(t, { Vpcs: [own] })).some((note) => note.startsWith('not-emulated: IPv6 pools beside')))
  })

  test("C11: a subnet's block is within one of the VPC's and beside the others'", (t) => {
    const outside = { ...SUBNET, ...ipv6('2001:db8:9::/64') }
    refused(t, { Subnets: [outside] }, /is 2001:db8:9::\/64, which is in no block of vpc-00000001/)
    const twice = ['subnet-00000001', 'subnet-00000002'].map((SubnetId, i) => {
      return { ...SUBNET, SubnetId, CidrBlock: `10.0.${i}.0/24`, ...ipv6('2001:db8:1::/64') }
    })
    refused(t, { Subnets: twice }, /which overlaps subnet-00000001/)
  })

  test('a subnet of IPv6 alone is left out, and said to be', (t) => {
    const { CidrBlock: _, ...rest } = { ...SUBNET, Ipv6Native: true, ...ipv6('2001:db8:1::/64') }
    const found = read(t, { Subnets: [rest] })
    assert.equal([...found.state.all('subnet')].length, 0)
    assert.ok(notes(found).includes('not-emulated: subnets of IPv6 alone, they are left out, with what is in them'))
  })

  test('E3: an egress-only gateway is of a VPC that is there', (t) => {
    const gateway = (VpcId: string) => ({
      EgressOnlyInternetGatewayId: 'eigw-00000001',
      Attachments: [{ State: 'attached', VpcId }],
    })
    const found = read(t, { EgressOnlyInternetGateways: [gateway(VPC.VpcId)] })
    assert.equal(found.state.get('egress-only-internet-gateway', 'eigw-00000001')?.vpcId, VPC.VpcId)
    const outside = read(t, { EgressOnlyInternetGateways: [gateway('vpc-00000009')] })
    assert.ok(notes(outside).some((note) => note.startsWith('outside: VPC vpc-00000009')))
  })
})

describe('DHCP options in a snapshot', () => {
  const set = (DhcpOptionsId: string, name: string, servers = 'AmazonProvidedDNS') => ({
    ...{ DhcpOptionsId, OwnerId },
    DhcpConfigurations: [
      { Key: 'domain-name', Values: [{ Value: name }] },
      { Key: 'domain-name-servers', Values: [{ Value: servers }] },
    ],
  })

  test("C12: the first set that is as the Region's own is that of new VPCs", (t) => {
    const own = set('dopt-00000001', 'lab.example', '10.0.0.2')
    const found = read(t, {
      DhcpOptions: [own, set('dopt-00000002', 'ec2.internal'), set('dopt-00000003', 'ec2.internal')],
    })
    const sets = [...found.state.all('dhcp-options')].map(({ id, isDefault }) => [id, isDefault])
    assert.deepEqual(sets, [
      ['dopt-00000001', false],
      ['dopt-00000002', true],
      ['dopt-00000003', false],
    ])
    assert.equal(found.report.notes.find(({ what }) => what === 'DHCP options')?.count, 1, 'of the one that differs')
  })

  test('C12: a set that nobody describes is assumed once, and is the one of new VPCs', (t) => {
    const vpcs = [VPC, ELSEWHERE].map((vpc) => ({ ...vpc, DhcpOptionsId: 'dopt-00000007' }))
    const found = read(t, { Vpcs: vpcs })
    assert.equal(found.state.get('dhcp-options', 'dopt-00000007')?.isDefault, true)
    const assumed = found.report.notes.find(({ what }) => what === 'DHCP options')
    assert.deepEqual([assumed?.kind, assumed?.count], ['assumed', 1])
    const none = read(t, { Vpcs: [{ ...VPC, DhcpOptionsId: 'default' }] })
    assert.equal([...none.state.all('dhcp-options')].length, 0)
  })
})

test('C13: a CIDR reservation is within its subnet and beside the others', (t) => {
  const reservation = (Cidr: string, SubnetCidrReservationId = 'scr-00000001') => ({
    ...{ SubnetCidrReservationId, SubnetId: SUBNET.SubnetId, Cidr, ReservationType: 'prefix', OwnerId },
  })
  const found = read(t, { SubnetIpv4CidrReservations: [reservation('10.0.1.16/28')] })
  assert.equal(found.state.get('subnet-cidr-reservation', 'scr-00000001')?.cidr, '10.0.1.16/28')
  refused(
    t,
    { SubnetIpv4CidrReservations: [reservation('10.0.2.0/28')] },
    /is 10\.0\.2\.0\/28, which is not in subnet-/,
  )
  const two = [reservation('10.0.1.0/26'), reservation('10.0.1.16/28', 'scr-00000002')]
  refused(t, { SubnetIpv4CidrReservations: two }, /overlaps scr-00000001/)
  const gone = { ...reservation('10.0.1.0/28'), SubnetId: 'subnet-00000009' }
  assert.ok(notes(read(t, { SubnetIpv4CidrReservations: [gone] })).some((note) => note.startsWith('outside: subnet')))
})

test('S6: a group is shared with a further VPC, both of which are there', (t) => {
  const association = { GroupId: GROUP.GroupId, VpcId: ELSEWHERE.VpcId, VpcOwnerId: OwnerId, State: 'associated' }
  const both = { Vpcs: [VPC, ELSEWHERE], SecurityGroups: [GROUP], SecurityGroupVpcAssociations: [association] }
  const shares = ({ state }: ReturnType<typeof read>) => [...state.all('security-group-vpc-association')].length
  assert.equal(shares(read(t, both)), 1)
  const over = { ...association, State: 'disassociated' }
  assert.equal(shares(read(t, { ...both, SecurityGroupVpcAssociations: [over] })), 0)
  const alone = read(t, { ...both, Vpcs: [VPC] })
  assert.equal(shares(alone), 0)
  assert.ok(notes(alone).some((note) => note.startsWith('outside: VPC vpc-00000002')))
})

test('the reverse name of an Elastic IP is the one that was asked for last', (t) => {
  const Addresses = [{ AllocationId: 'eipalloc-00000001', PublicIp: '52.0.0.1', Domain: 'vpc' }]
  const AddressesAttribute = [
    {
      ...{ AllocationId: 'eipalloc-00000001', PublicIp: '52.0.0.1', PtrRecord: 'old.example.' },
      PtrRecordUpdate: { Value: 'new.example.', Status: 'PENDING' },
    },
    { AllocationId: 'eipalloc-00000009', PublicIp: '52.0.0.9', PtrRecord: 'far.example.' },
  ]
  const found = read(t, { Addresses, AddressesAttribute })
  assert.equal(found.state.get('elastic-ip', 'eipalloc-00000001')?.ptrRecord, 'new.example.')
  assert.ok(notes(found).some((note) => note.startsWith('outside: Elastic IP eipalloc-00000009')))
})

test('a permission on an interface is for an account, in whatever letters its state is', (t) => {
  const NetworkInterfaceId = 'eni-00000001'
  const eni = { NetworkInterfaceId, SubnetId: SUBNET.SubnetId, PrivateIpAddress: '10.0.1.10', Status: 'available' }
  const permission = (n: number, more: object) => ({
    ...{ NetworkInterfacePermissionId: `eni-perm-0000000${n}`, NetworkInterfaceId, Permission: 'INSTANCE-ATTACH' },
    ...more,
  })
  const AwsAccountId = '210987654321'
  const found = read(t, {
    NetworkInterfaces: [{ ...eni, OwnerId, VpcId: VPC.VpcId, Groups: [] }],
    NetworkInterfacePermissions: [
      permission(1, { AwsAccountId, PermissionState: { State: 'GRANTED' } }),
      permission(2, { AwsAccountId, PermissionState: { State: 'revoked' } }),
      permission(3, { AwsService: 'rds.amazonaws.com' }),
    ],
  })
  const kept = [...found.state.all('network-interface-permission')]
  assert.deepEqual(
    kept.map(({ id, account, grantee }) => [id, account, grantee]),
    [['eni-perm-00000001', OwnerId, AwsAccountId]],
  )
  assert.ok(notes(found).some((note) => note.startsWith('not-emulated: permissions of services')))
})
