/** VPC Block Public Access as its clients see it; the packets are the scenario's. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { compile } from '../../src/compile/compile.ts'
import { actions } from '../../src/ec2/registry.ts'
import type { Input } from '../../src/protocol/types.ts'
import { must, place } from './place.ts'
import { refused, US, world } from './world.ts'

type Wish = Partial<Input<'CreateVpcBlockPublicAccessExclusion'>>

/** A VPC with a subnet, and short words for its exclusions. */
function excluding() {
  const p = place()
  const make = (wish: Wish = {}) =>
    must(
      p.call('CreateVpcBlockPublicAccessExclusion', {
        InternetGatewayExclusionMode: 'allow-bidirectional',
        ...('VpcId' in wish ? {} : { SubnetId: p.subnetId }),
        ...wish,
      } as Input<'CreateVpcBlockPublicAccessExclusion'>).VpcBlockPublicAccessExclusion,
    )
  const all = (query: Input<'DescribeVpcBlockPublicAccessExclusions'> = {}) =>
    must(p.call('DescribeVpcBlockPublicAccessExclusions', query).VpcBlockPublicAccessExclusions)
  const show = (id: string) => must(all({ ExclusionIds: [id] })[0])
  const drop = (id: string) =>
    must(p.call('DeleteVpcBlockPublicAccessExclusion', { ExclusionId: id }).VpcBlockPublicAccessExclusion)
  const mode = (InternetGatewayBlockMode: 'off' | 'block-bidirectional' | 'block-ingress') =>
    p.call('ModifyVpcBlockPublicAccessOptions', { InternetGatewayBlockMode })
  return { ...p, make, all, show, drop, mode }
}

const anywhere = { account: US.account, region: 'eu-west-1', requestId: 'r' }
const stranger = { account: '210987654321', region: 'us-east-1', requestId: 'r' }

describe('G10: the options of VPC Block Public Access', () => {
  test('G10: are off where nothing was ever said', () => {
    const { call } = world()
    assert.deepEqual(call('DescribeVpcBlockPublicAccessOptions', {}).VpcBlockPublicAccessOptions, {
      AwsAccountId: US.account,
      AwsRegion: 'us-east-1',
      State: 'default-state',
      InternetGatewayBlockMode: 'off',
      ManagedBy: 'account',
      ExclusionsAllowed: 'allowed',
    })
  })

  test('G10: are changed, which takes a while, for one account and Region', () => {
    const { call, clock } = world()
    const seen = (caller = US) => call('DescribeVpcBlockPublicAccessOptions', {}, caller).VpcBlockPublicAccessOptions
    const changed = call('ModifyVpcBlockPublicAccessOptions', { InternetGatewayBlockMode: 'block-ingress' })
    assert.deepEqual(changed.VpcBlockPublicAccessOptions, {
      AwsAccountId: US.account,
      AwsRegion: 'us-east-1',
      State: 'update-in-progress',
      InternetGatewayBlockMode: 'block-ingress',
      LastUpdateTimestamp: new Date(clock.now),
      ManagedBy: 'account',
      ExclusionsAllowed: 'allowed',
    })
    clock.advance(1000)
    assert.equal(seen()?.State, 'update-complete')
    assert.equal(seen(anywhere)?.InternetGatewayBlockMode, 'off')
    assert.equal(seen(stranger)?.InternetGatewayBlockMode, 'off')
    call('ModifyVpcBlockPublicAccessOptions', { InternetGatewayBlockMode: 'off' })
    clock.advance(1000)
    assert.deepEqual([seen()?.InternetGatewayBlockMode, seen()?.State], ['off', 'update-complete'])
  })

  test('G10: know three modes, and a wrong one changes nothing', () => {
    const { call, records } = world()
    const modify = (mode: string | undefined) => () =>
      call('ModifyVpcBlockPublicAccessOptions', { InternetGatewayBlockMode: mode as 'off' })
    refused('InvalidParameterValue', modify('block-egress'))
    refused('MissingParameter', modify(undefined))
    assert.deepEqual([...records.all('vpc-block-public-access-options')], [])
  })
})

describe('G10: an exclusion from VPC Block Public Access', () => {
  test('G10: is made for a subnet or a VPC, shown, and found by every documented filter', () => {
    const { make, all, show, subnetId, vpcId, clock } = excluding()
    const Tags = [{ Key: 'Name', Value: 'web' }]
    const tags = [{ ResourceType: 'vpc-block-public-access-exclusion' as const, Tags }]
    const made = make({ TagSpecifications: tags })
    const id = must(made.ExclusionId)
    assert.match(id, /^vpcbpa-exclude-[0-9a-f]{17}$/)
    const ResourceArn = `arn:aws:ec2:us-east-1:${US.account}:subnet/${subnetId}`
    const CreationTimestamp = new Date(clock.now)
    const shown = { ExclusionId: id, InternetGatewayExclusionMode: 'allow-bidirectional', ResourceArn, Tags }
    assert.deepEqual(made, { ...shown, State: 'create-in-progress', CreationTimestamp })
    clock.advance(1000)
    assert.deepEqual(show(id), { ...shown, State: 'create-complete', CreationTimestamp })
    const wide = make({ VpcId: vpcId, InternetGatewayExclusionMode: 'allow-egress' })
    assert.equal(wide.ResourceArn, `arn:aws:ec2:us-east-1:${US.account}:vpc/${vpcId}`)
    const found = (Name: string, value: string) =>
      all({ Filters: [{ Name, Values: [value] }] }).map(({ ExclusionId }) => ExclusionId)
    assert.deepEqual(found('resource-arn', ResourceArn), [id])
    assert.deepEqual(found('internet-gateway-exclusion-mode', 'allow-egress'), [wide.ExclusionId])
    assert.deepEqual(found('state', 'create-complete'), [id])
    assert.deepEqual(found('tag:Name', 'web'), [id])
    assert.deepEqual(found('tag-key', 'Name'), [id])
    assert.deepEqual(found('tag-value', 'nothing'), [])
    refused('InvalidParameterValue', () => found('vpc-id', vpcId))
  })

  test('G10: is changed and deleted, and seen for a while after that', () => {
    const { make, show, all, drop, call, clock } = excluding()
    const id = must(make().ExclusionId)
    clock.advance(1000)
    const modify = () =>
      call('ModifyVpcBlockPublicAccessExclusion', { ExclusionId: id, InternetGatewayExclusionMode: 'allow-egress' })
    assert.equal(modify().VpcBlockPublicAccessExclusion?.State, 'update-in-progress')
    clock.advance(1000)
    assert.deepEqual([show(id).State, show(id).InternetGatewayExclusionMode], ['update-complete', 'allow-egress'])
    assert.ok(show(id).LastUpdateTimestamp)
    assert.equal(drop(id).State, 'delete-in-progress')
    clock.advance(1000)
    assert.equal(show(id).State, 'delete-complete')
    assert.ok(show(id).DeletionTimestamp)
    const deleted = { Filters: [{ Name: 'state', Values: ['deleted-complete'] }] }
    assert.equal(all(deleted).length, 1)
    refused('InvalidParameterValue', () => drop(id), /is in delete-complete state and cannot be deleted/)
    refused('InvalidParameterValue', modify, /is in delete-complete state and cannot be modified/)
    clock.advance(3_600_000)
    refused('InvalidVpcBlockPublicAccessExclusionId.NotFound', () => show(id))
    assert.deepEqual(all(), [])
  })

  test('G10: is of one VPC or subnet that is there, in one of two modes, and once; a refused one leaves nothing', () => {
    const { make, all, drop, vpcId, subnetId } = excluding()
    refused('InvalidParameterCombination', () => make({ VpcId: vpcId, SubnetId: subnetId }))
    refused('MissingParameter', () => make({ SubnetId: '' }))
    refused('InvalidSubnetID.NotFound', () => make({ SubnetId: 'subnet-0123456789abcdef0' }))
    refused('InvalidVpcID.NotFound', () => make({ VpcId: 'vpc-0123456789abcdef0' }))
    refused('InvalidParameterValue', () => make({ InternetGatewayExclusionMode: 'allow-ingress' as 'allow-egress' }))
    refused('InvalidVpcBlockPublicAccessExclusionId.NotFound', () => drop('vpcbpa-exclude-0123456789abcdef0'))
    refused('InvalidVpcBlockPublicAccessExclusionId.Malformed', () => drop('vpcbpa-exclude-x'))
    assert.deepEqual(all(), [])
    const { ExclusionId } = make()
    refused('InvalidParameterValue', () => make({ InternetGatewayExclusionMode: 'allow-egress' }))
    assert.equal(all().length, 1)
    drop(must(ExclusionId))
    make()
  })

  test('G10, 1.12: are fifty at most in a Region, and come in pages', () => {
    const { make, call, vpcId } = excluding()
    for (let i = 0; i < 50; i++) {
      const made = call('CreateSubnet', { VpcId: vpcId, CidrBlock: `10.0.${2 + i}.0/28` })
      make({ SubnetId: must(made.Subnet?.SubnetId) })
    }
    refused('VpcBlockPublicAccessExclusionLimitExceeded', () => make())
    const page = (more: object) => call('DescribeVpcBlockPublicAccessExclusions', { MaxResults: 30, ...more })
    const first = page({})
    assert.equal(first.VpcBlockPublicAccessExclusions?.length, 30)
    const second = page({ NextToken: first.NextToken })
    assert.deepEqual([second.VpcBlockPublicAccessExclusions?.length, second.NextToken], [20, undefined])
    refused('InvalidParameterValue', () => page({ MaxResults: 4 }))
    refused('InvalidParameterValue', () => page({ MaxResults: 1001 }))
  })

  test('G10: is nobody else’s, holds nothing back, and goes with what it excludes', () => {
    const { make, all, call, subnetId } = excluding()
    const { ExclusionId } = make()
    const ids = { ExclusionIds: [must(ExclusionId)] }
    const seenBy = (caller: typeof US) => () => call('DescribeVpcBlockPublicAccessExclusions', ids, caller)
    refused('InvalidVpcBlockPublicAccessExclusionId.NotFound', seenBy(stranger))
    refused('InvalidVpcBlockPublicAccessExclusionId.NotFound', seenBy(anywhere))
    refused('InvalidSubnetID.NotFound', () =>
      call(
        'CreateVpcBlockPublicAccessExclusion',
        { SubnetId: subnetId, InternetGatewayExclusionMode: 'allow-egress' },
        stranger,
      ),
    )
    call('DeleteSubnet', { SubnetId: subnetId })
    assert.deepEqual(all(), [])
  })

  test('G10: gets tags later, and loses them', () => {
    const { make, show, call } = excluding()
    const id = must(make().ExclusionId)
    call('CreateTags', { Resources: [id], Tags: [{ Key: 'team', Value: 'a' }] })
    assert.deepEqual(show(id).Tags, [{ Key: 'team', Value: 'a' }])
    const [tag] = must(call('DescribeTags', { Filters: [{ Name: 'resource-id', Values: [id] }] }).Tags)
    assert.equal(tag?.ResourceType, 'vpc-block-public-access-exclusion')
    call('DeleteTags', { Resources: [id], Tags: [{ Key: 'team' }] })
    assert.deepEqual(show(id).Tags, [])
  })
})

describe('G10: what is shut', () => {
  /** Whether the instance's interface passes no uplink, in the network as it is now. */
  const shutting = () => {
    const e = excluding()
    const eni = e.primaryOf(e.running())
    const origin = () => compile(e.records).interfaces.get(eni)?.noUplink
    return { ...e, origin }
  }

  test('G10: by the mode, by an exclusion of its own or of its VPC, as long as that is there', () => {
    const { mode, make, drop, origin, subnetId, vpcId } = shutting()
    const because = { resource: subnetId, rule: 'block-public-access', code: 'VPC_BLOCK_PUBLIC_ACCESS_ENABLED' }
    assert.equal(origin(), undefined)
    for (const each of ['block-bidirectional', 'block-ingress'] as const) {
      mode(each)
      assert.deepEqual(origin(), because)
      for (const excluded of [{ SubnetId: subnetId }, { VpcId: vpcId }]) {
        const { ExclusionId } = make(excluded)
        assert.equal(origin(), undefined)
        drop(must(ExclusionId))
        assert.deepEqual(origin(), because)
      }
    }
    mode('off')
    assert.equal(origin(), undefined)
  })

  test('G10: also with an egress-only exclusion, as an instance is no NAT gateway; the wider of two decides', () => {
    const { mode, make, origin, vpcId } = shutting()
    mode('block-bidirectional')
    make({ InternetGatewayExclusionMode: 'allow-egress' })
    assert.ok(origin())
    make({ VpcId: vpcId })
    assert.equal(origin(), undefined)
  })

  test('G10: a VPC of another Region is not', () => {
    const { mode, call, records } = shutting()
    mode('block-bidirectional')
    const vpc = must(call('CreateVpc', { CidrBlock: '10.7.0.0/16' }, anywhere).Vpc?.VpcId)
    const subnet = must(call('CreateSubnet', { VpcId: vpc, CidrBlock: '10.7.0.0/20' }, anywhere).Subnet?.SubnetId)
    const { NatGateway } = call('CreateNatGateway', { SubnetId: subnet, ConnectivityType: 'private' }, anywhere)
    const eni = must(NatGateway?.NatGatewayAddresses?.[0]?.NetworkInterfaceId)
    assert.equal(compile(records).interfaces.get(eni)?.noUplink, undefined)
    assert.ok(compile(records).interfaces.has(eni))
  })
})

test('G10: every action of it is there', () => {
  const there = Object.keys(actions).filter((name) => name.includes('VpcBlockPublicAccess'))
  assert.deepEqual(there.toSorted(), [
    'CreateVpcBlockPublicAccessExclusion',
    'DeleteVpcBlockPublicAccessExclusion',
    'DescribeVpcBlockPublicAccessExclusions',
    'DescribeVpcBlockPublicAccessOptions',
    'ModifyVpcBlockPublicAccessExclusion',
    'ModifyVpcBlockPublicAccessOptions',
  ])
})

test('G10: a VPC shows the mode that holds for it, as a subnet does; an exclusion of a subnet is not its own', () => {
  const { call, vpcId, subnetId, mode, make } = excluding()
  const other = must(call('CreateVpc', { CidrBlock: '10.5.0.0/16' }).Vpc)
  assert.equal(other.BlockPublicAccessStates?.InternetGatewayBlockMode, 'off')
  const shown = () => [
    call('DescribeVpcs', { VpcIds: [vpcId] }).Vpcs?.[0]?.BlockPublicAccessStates?.InternetGatewayBlockMode,
    call('DescribeSubnets', { SubnetIds: [subnetId] }).Subnets?.[0]?.BlockPublicAccessStates?.InternetGatewayBlockMode,
  ]
  mode('block-bidirectional')
  assert.deepEqual(shown(), ['block-bidirectional', 'block-bidirectional'])
  make()
  assert.deepEqual(shown(), ['block-bidirectional', 'off'])
  make({ VpcId: vpcId, InternetGatewayExclusionMode: 'allow-egress' })
  assert.deepEqual(shown(), ['block-ingress', 'off'])
})
