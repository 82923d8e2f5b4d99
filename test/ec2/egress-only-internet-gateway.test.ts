import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { compile } from '../../src/compile/compile.ts'
import { refused, US, world } from './world.ts'

const UNKNOWN = 'eigw-000000000000000ff'
const ELSEWHERE = { ...US, region: 'eu-west-1' }

function laid() {
  const w = world()
  const vpcId = (caller = US) => w.call('CreateVpc', { CidrBlock: '10.1.0.0/16' }, caller).Vpc?.VpcId ?? ''
  const create = (VpcId: string, more: object = {}, caller = US) =>
    w.call('CreateEgressOnlyInternetGateway', { VpcId, ...more }, caller).EgressOnlyInternetGateway
      ?.EgressOnlyInternetGatewayId ?? ''
  const described = (query: object = {}) => w.call('DescribeEgressOnlyInternetGateways', query)
  const ids = (query: object = {}) =>
    described(query).EgressOnlyInternetGateways?.map((gateway) => gateway.EgressOnlyInternetGatewayId)
  return { ...w, vpcId, VpcId: vpcId(), create, described, ids }
}

const named = (Value: string) => ({
  TagSpecifications: [{ ResourceType: 'egress-only-internet-gateway' as const, Tags: [{ Key: 'Name', Value }] }],
})

describe('egress-only internet gateway', () => {
  test('E3: it is attached to its VPC from the start, and shown with its tags', () => {
    const { call, VpcId, described } = laid()
    const answer = call('CreateEgressOnlyInternetGateway', { VpcId, ClientToken: 'once', ...named('out') })
    const { EgressOnlyInternetGatewayId = '' } = answer.EgressOnlyInternetGateway ?? {}
    assert.match(EgressOnlyInternetGatewayId, /^eigw-[0-9a-f]{17}$/)
    assert.equal(answer.ClientToken, 'once')
    const shown = {
      EgressOnlyInternetGatewayId,
      Attachments: [{ State: 'attached', VpcId }],
      Tags: [{ Key: 'Name', Value: 'out' }],
    }
    assert.deepEqual(answer.EgressOnlyInternetGateway, shown)
    assert.deepEqual(described().EgressOnlyInternetGateways, [shown])
  })

  test('E3: it takes no IPv4, neither a block nor a prefix list of it', () => {
    const w = laid()
    const EgressOnlyInternetGatewayId = w.create(w.VpcId)
    const RouteTableId = w.call('CreateRouteTable', { VpcId: w.VpcId }).RouteTable?.RouteTableId ?? ''
    const route = { RouteTableId, EgressOnlyInternetGatewayId }
    refused('InvalidParameterValue', () => w.call('CreateRoute', { ...route, DestinationCidrBlock: '0.0.0.0/0' }))
    const toList = (AddressFamily: string) => () => {
      const { PrefixList } = w.call('CreateManagedPrefixList', {
        PrefixListName: AddressFamily,
        AddressFamily,
        MaxEntries: 2,
      })
      w.call('CreateRoute', { ...route, DestinationPrefixListId: PrefixList?.PrefixListId })
    }
    refused('InvalidParameterValue', toList('IPv4'))
    toList('IPv6')()
    w.call('CreateRoute', { ...route, DestinationIpv6CidrBlock: '::/0' })
    w.call('CreateRoute', { ...route, DestinationIpv6CidrBlock: '2001:100::/32' })
  })

  test('E3: it is a record, and in no network', () => {
    const w = laid()
    const before = compile(w.records)
    w.create(w.VpcId)
    assert.deepEqual(compile(w.records), before)
  })

  test('a VPC has one', () => {
    const w = laid()
    w.create(w.VpcId)
    refused('InvalidParameterValue', () => w.create(w.VpcId))
    assert.equal(w.ids()?.length, 1)
  })

  test('an account has five in a Region', () => {
    const w = laid()
    const vpcs = [w.VpcId, ...Array.from({ length: 4 }, () => w.vpcId())]
    for (const VpcId of vpcs) w.create(VpcId)
    w.create(w.vpcId(ELSEWHERE), {}, ELSEWHERE)
    const [first = ''] = w.ids() ?? []
    w.call('DeleteEgressOnlyInternetGateway', { EgressOnlyInternetGatewayId: first })
    w.create(w.VpcId)
    // The quota of VPCs ends before this one does: the sixth VPC is put there by hand.
    const sixth = { ...(w.records.get('vpc', w.VpcId) as object), id: 'vpc-00000000000000fff' }
    w.records.accept([{ type: 'vpc', id: sixth.id, record: sixth as never }])
    refused('EgressOnlyInternetGatewayLimitExceeded', () => w.create(sixth.id))
  })

  test('it holds its VPC until it is deleted', () => {
    const w = laid()
    const EgressOnlyInternetGatewayId = w.create(w.VpcId)
    refused('DependencyViolation', () => w.call('DeleteVpc', { VpcId: w.VpcId }))
    assert.deepEqual(w.call('DeleteEgressOnlyInternetGateway', { EgressOnlyInternetGatewayId }), { ReturnCode: true })
    w.call('DeleteVpc', { VpcId: w.VpcId })
  })

  test('wrong calls are refused, and change nothing', () => {
    const w = laid()
    const remove = (EgressOnlyInternetGatewayId: string) => () =>
      w.call('DeleteEgressOnlyInternetGateway', { EgressOnlyInternetGatewayId })
    refused('InvalidVpcID.NotFound', () => w.create('vpc-000000000000000ff'))
    refused('InvalidVpcID.Malformed', () => w.create('vpc-x'))
    const wrong = { TagSpecifications: [{ ResourceType: 'vpc', Tags: [] }] }
    refused('InvalidParameterValue', () => w.create(w.VpcId, wrong))
    refused('InvalidGatewayID.NotFound', remove(UNKNOWN), `The eigw ID '${UNKNOWN}' does not exist`)
    refused('InvalidEgressOnlyInternetGatewayId.Malformed', remove('eigw-x'))
    assert.deepEqual(w.ids(), [])
  })

  test("another Region's can be neither seen nor deleted", () => {
    const w = laid()
    const EgressOnlyInternetGatewayId = w.create(w.vpcId(ELSEWHERE), {}, ELSEWHERE)
    assert.deepEqual([w.ids(), w.ids({ EgressOnlyInternetGatewayIds: [EgressOnlyInternetGatewayId] })], [[], []])
    refused('InvalidGatewayID.NotFound', () =>
      w.call('DeleteEgressOnlyInternetGateway', { EgressOnlyInternetGatewayId }),
    )
  })

  test('described by ids, an unknown one is left out, and a text that is no id is refused', () => {
    const w = laid()
    const [one, two] = [w.create(w.VpcId), w.create(w.vpcId())]
    assert.deepEqual(w.ids({ EgressOnlyInternetGatewayIds: [two, UNKNOWN] }), [two])
    assert.deepEqual(w.ids({ EgressOnlyInternetGatewayIds: [UNKNOWN] }), [])
    assert.deepEqual(w.ids(), [one, two])
    refused('InvalidEgressOnlyInternetGatewayId.Malformed', () => w.ids({ EgressOnlyInternetGatewayIds: ['x'] }))
    refused('InvalidParameterCombination', () => w.ids({ EgressOnlyInternetGatewayIds: [one], MaxResults: 5 }))
  })

  test('each filter finds the one and not the other', () => {
    const w = laid()
    const one = w.create(w.VpcId, named('one'))
    w.create(w.vpcId())
    const found = (Name: string, ...Values: string[]) => w.ids({ Filters: [{ Name, Values }] })
    assert.deepEqual([found('tag:Name', 'one'), found('tag:Name', 'two')], [[one], []])
    assert.deepEqual([found('tag-key', 'Name'), found('tag-key', 'Role')], [[one], []])
    refused('InvalidParameterValue', () => found('vpc-id', w.VpcId), "The filter 'vpc-id' is invalid")
  })

  test('all are read page by page, 5 to 255 on each', () => {
    const w = laid()
    const made = Array.from({ length: 12 }, (_, i) => {
      const region = `eu-west-${i}`
      const id = w.create(w.vpcId({ ...US, region }), {}, { ...US, region })
      // Put in one Region by hand: the quota is 5.
      const record = { ...(w.records.get('egress-only-internet-gateway', id) as object), region: US.region }
      w.records.accept([{ type: 'egress-only-internet-gateway', id, record: record as never }])
      return id
    })
    const seen: (string | undefined)[] = []
    let page = w.described({ MaxResults: 5 })
    for (; page.NextToken; page = w.described({ MaxResults: 5, NextToken: page.NextToken }))
      seen.push(...(page.EgressOnlyInternetGateways ?? []).map((g) => g.EgressOnlyInternetGatewayId))
    seen.push(...(page.EgressOnlyInternetGateways ?? []).map((g) => g.EgressOnlyInternetGatewayId))
    assert.deepEqual(seen, made)
    for (const MaxResults of [4, 256]) refused('InvalidParameterValue', () => w.described({ MaxResults }))
    refused('InvalidNextToken', () => w.described({ NextToken: 'x' }))
  })
})
