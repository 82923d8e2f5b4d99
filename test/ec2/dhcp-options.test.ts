/** DHCP options as records: the Region's own set, sets of one's own, and which a VPC has. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { ensureDefaults } from '../../src/ec2/default-vpc.ts'
import type { Output } from '../../src/protocol/types.ts'
import { must } from './place.ts'
import { refused, US, world } from './world.ts'

type Asked = readonly { Key: string; Values: string[] }[]

function laid(region = 'us-east-1') {
  const w = world()
  const caller = { ...US, region }
  w.transaction(caller, ensureDefaults)
  const sets = () => w.call('DescribeDhcpOptions', {}, caller).DhcpOptions ?? []
  return {
    ...w,
    sets,
    create: (...DhcpConfigurations: Asked) =>
      must(w.call('CreateDhcpOptions', { DhcpConfigurations: [...DhcpConfigurations] }, caller).DhcpOptions),
    drop: (DhcpOptionsId: string) => w.call('DeleteDhcpOptions', { DhcpOptionsId }, caller),
    vpc: () => must(w.call('CreateVpc', { CidrBlock: '10.0.0.0/16' }, caller).Vpc),
    optionsOf: (id: string) => w.call('DescribeVpcs', { VpcIds: [id] }, caller).Vpcs?.[0]?.DhcpOptionsId,
    associate: (VpcId: string, DhcpOptionsId: string) =>
      w.call('AssociateDhcpOptions', { VpcId, DhcpOptionsId }, caller),
  }
}

const shown = (set: Output<'CreateDhcpOptions'>['DhcpOptions']) =>
  set?.DhcpConfigurations?.map(({ Key, Values }) => [Key, ...(Values ?? []).map(({ Value }) => Value)])

const domain = (name = 'corp.example') => ({ Key: 'domain-name', Values: [name] })

describe("the Region's own set", () => {
  test('C12: is there from the first touch, and every VPC has it', () => {
    const w = laid()
    const [own, ...more] = w.sets()
    assert.deepEqual(more, [])
    assert.match(must(own?.DhcpOptionsId), /^dopt-[0-9a-f]{17}$/)
    assert.equal(own?.OwnerId, US.account)
    assert.deepEqual(shown(own), [
      ['domain-name', 'ec2.internal'],
      ['domain-name-servers', 'AmazonProvidedDNS'],
    ])
    assert.equal(w.vpc().DhcpOptionsId, own?.DhcpOptionsId)
    assert.equal(w.call('DescribeVpcs', {}).Vpcs?.[0]?.DhcpOptionsId, own?.DhcpOptionsId)
  })

  test("names the Region's domain outside of us-east-1", () => {
    assert.deepEqual(shown(laid('eu-west-3').sets()[0])?.[0], ['domain-name', 'eu-west-3.compute.internal'])
  })

  test('of another account or Region is not there', () => {
    const w = laid()
    const id = must(w.sets()[0]?.DhcpOptionsId)
    for (const other of [
      { ...US, account: '210987654321' },
      { ...US, region: 'eu-west-1' },
    ]) {
      assert.deepEqual(w.call('DescribeDhcpOptions', {}, other).DhcpOptions, [])
      refused('InvalidDhcpOptionID.NotFound', () => w.call('DescribeDhcpOptions', { DhcpOptionsIds: [id] }, other))
    }
  })

  test('C12: stays as it is while a VPC has it; deleted, it stays away until a new VPC needs one', () => {
    const w = laid()
    const id = must(w.sets()[0]?.DhcpOptionsId)
    const message = `The dhcpOptions '${id}' has dependencies and cannot be deleted.`
    refused('DependencyViolation', () => w.drop(id), message)
    for (const { VpcId } of w.call('DescribeVpcs', {}).Vpcs ?? []) w.associate(must(VpcId), 'default')
    w.drop(id)
    w.transaction(US, ensureDefaults)
    assert.deepEqual(w.sets(), [])
    const again = w.vpc().DhcpOptionsId
    assert.notEqual(again, id)
    assert.deepEqual(
      w.sets().map((set) => set.DhcpOptionsId),
      [again],
    )
  })

  test('takes the id that the VPCs of an older state already name', () => {
    const w = laid()
    const old = must(w.sets()[0]?.DhcpOptionsId)
    const home = `${US.account}/${US.region}`
    // A state from before there were records of options.
    w.transaction(US, ({ state }) => {
      const { dhcpOptionsId: _, ...before } = must(state.get('account-region', home))
      state.put('account-region', before)
      state.remove('dhcp-options', old)
    })
    assert.deepEqual(w.sets(), [])
    w.transaction(US, ensureDefaults)
    assert.deepEqual(
      w.sets().map((set) => set.DhcpOptionsId),
      [old],
    )
    assert.equal(w.vpc().DhcpOptionsId, old)
    assert.equal(w.call('DescribeVpcs', { Filters: [{ Name: 'is-default', Values: ['true'] }] }).Vpcs?.length, 1)
  })
})

describe("sets of one's own", () => {
  test('are shown with every option that was given, in its order, and their tags', () => {
    const w = laid()
    const asked = [
      { Key: 'domain-name', Values: ['a.example b.example'] },
      { Key: 'domain-name-servers', Values: ['10.2.5.1', '10.2.5.2', 'AmazonProvidedDNS', '2001:db8::53'] },
      { Key: 'ntp-servers', Values: ['10.2.5.1', '10.2.5.2', '10.2.5.3', '10.2.5.4', 'fd00::1', 'fd00::2'] },
      { Key: 'netbios-name-servers', Values: ['10.2.5.1'] },
      { Key: 'netbios-node-type', Values: ['2'] },
      { Key: 'ipv6-address-preferred-lease-time', Values: ['2147483647'] },
    ]
    const TagSpecifications = [{ ResourceType: 'dhcp-options' as const, Tags: [{ Key: 'Name', Value: 'corp' }] }]
    const made = must(w.call('CreateDhcpOptions', { DhcpConfigurations: asked, TagSpecifications }).DhcpOptions)
    const seen = w.call('DescribeDhcpOptions', { DhcpOptionsIds: [must(made.DhcpOptionsId)] }).DhcpOptions
    assert.deepEqual(seen, [made])
    assert.deepEqual(
      shown(made),
      asked.map(({ Key, Values }) => [Key, ...Values]),
    )
    assert.deepEqual(made.Tags, [{ Key: 'Name', Value: 'corp' }])
  })

  test('may have several servers in one value, with commas between them', () => {
    const made = laid().create({ Key: 'domain-name-servers', Values: ['10.2.5.1,10.2.5.2'] })
    assert.deepEqual(shown(made), [['domain-name-servers', '10.2.5.1', '10.2.5.2']])
  })

  const wrong: Readonly<Record<string, Asked>> = {
    'an unknown option': [{ Key: 'colour', Values: ['red'] }],
    'an option of every object': [{ Key: 'constructor', Values: ['red'] }],
    'two domain names': [{ Key: 'domain-name', Values: ['a.example', 'b.example'] }],
    'a domain name over two lines': [domain('a.example\nnameserver 10.0.0.1')],
    'five name servers': [{ Key: 'domain-name-servers', Values: ['1.1.1.1', '1.1.1.2', '1.1.1.3', '1.1.1.4', '::1'] }],
    'a name server by name': [{ Key: 'domain-name-servers', Values: ['ns.example'] }],
    'five time servers of a family': [
      { Key: 'ntp-servers', Values: ['1.1.1.1', '1.1.1.2', '1.1.1.3', '1.1.1.4', '1.1.1.5'] },
    ],
    'an IPv6 server of NetBIOS names': [{ Key: 'netbios-name-servers', Values: ['::1'] }],
    'five servers of NetBIOS names': [
      { Key: 'netbios-name-servers', Values: ['1.1.1.1', '1.1.1.2', '1.1.1.3', '1.1.1.4', '1.1.1.5'] },
    ],
    'node type 3': [{ Key: 'netbios-node-type', Values: ['3'] }],
    'two node types': [{ Key: 'netbios-node-type', Values: ['1', '2'] }],
    'a lease of 139 seconds': [{ Key: 'ipv6-address-preferred-lease-time', Values: ['139'] }],
    'a lease of 2147483648 seconds': [{ Key: 'ipv6-address-preferred-lease-time', Values: ['2147483648'] }],
    'an option twice': [domain('a.example'), domain('b.example')],
  }
  for (const [what, asked] of Object.entries(wrong)) {
    test(`with ${what} are refused, and nothing is made`, () => {
      const w = laid()
      refused('InvalidParameterValue', () => w.create(...asked))
      assert.equal(w.sets().length, 1)
    })
  }

  test('need an option, and an option a value', () => {
    refused('MissingParameter', () => laid().create())
    refused('MissingParameter', () => laid().create({ Key: 'domain-name', Values: [] }))
  })

  test('are deleted for good; unknown ids have the words of their action', () => {
    const w = laid()
    const id = must(w.create(domain()).DhcpOptionsId)
    w.drop(id)
    refused('InvalidDhcpOptionsID.NotFound', () => w.drop(id), `The dhcpOptions ID '${id}' does not exist`)
    const describe = () => w.call('DescribeDhcpOptions', { DhcpOptionsIds: [id] })
    refused('InvalidDhcpOptionID.NotFound', describe, `The dhcpOption ID '${id}' does not exist`)
    refused('InvalidDhcpOptionID.NotFound', () => w.associate(must(w.vpc().VpcId), id))
    const malformed = "The dhcp-options ID 'default' is malformed"
    refused('InvalidDhcpOptionsId.Malformed', () => w.drop('default'), malformed)
    refused('InvalidDhcpOptionsId.Malformed', () => w.associate(must(w.vpc().VpcId), 'corp'))
  })

  test('come in pages', () => {
    const w = laid()
    for (let i = 0; i < 7; i++) w.create(domain(`${i}.example`))
    const first = w.call('DescribeDhcpOptions', { MaxResults: 5 })
    assert.equal(first.DhcpOptions?.length, 5)
    const rest = w.call('DescribeDhcpOptions', { MaxResults: 5, NextToken: must(first.NextToken) })
    assert.equal(rest.NextToken, undefined)
    const ids = [...must(first.DhcpOptions), ...must(rest.DhcpOptions)].map((set) => set.DhcpOptionsId)
    assert.equal(new Set(ids).size, 8)
    refused('InvalidParameterValue', () => w.call('DescribeDhcpOptions', { MaxResults: 4 }))
    refused('InvalidParameterValue', () => w.call('DescribeDhcpOptions', { MaxResults: 1001 }))
  })
})

describe('which a VPC has', () => {
  test('C12: is what was associated last, and keeps the set from being deleted', () => {
    const w = laid()
    const vpcId = must(w.vpc().VpcId)
    const id = must(w.create(domain()).DhcpOptionsId)
    w.associate(vpcId, id)
    assert.equal(w.optionsOf(vpcId), id)
    refused('DependencyViolation', () => w.drop(id))
    w.associate(vpcId, 'default')
    assert.equal(w.optionsOf(vpcId), 'default')
    w.drop(id)
  })

  test('goes with the VPC, and the set does not', () => {
    const w = laid()
    const VpcId = must(w.vpc().VpcId)
    const id = must(w.create(domain()).DhcpOptionsId)
    w.associate(VpcId, id)
    w.call('DeleteVpc', { VpcId })
    assert.equal(w.sets().length, 2)
    w.drop(id)
  })

  test('refuses a VPC that is not there', () => {
    const w = laid()
    refused('InvalidVpcID.NotFound', () => w.associate('vpc-0123456789abcdef0', 'default'))
  })
})
