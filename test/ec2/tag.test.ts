import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { refused, US, world } from './world.ts'

function vpcWithTags() {
  const w = world()
  const tags = [
    { Key: 'Name', Value: 'one' },
    { Key: 'env', Value: '' },
  ]
  const id =
    w.call('CreateVpc', { CidrBlock: '10.0.0.0/16', TagSpecifications: [{ ResourceType: 'vpc', Tags: tags }] }).Vpc
      ?.VpcId ?? ''
  return {
    ...w,
    id,
    tagsOf: () => w.call('DescribeVpcs', { VpcIds: [id] }).Vpcs?.[0]?.Tags?.map((t) => `${t.Key}=${t.Value}`),
  }
}

describe('tags', () => {
  test('are set and overwritten on several resources of several kinds at once', () => {
    const w = vpcWithTags()
    const group = w.call('DescribeSecurityGroups', {}).SecurityGroups?.[0]?.GroupId ?? ''
    w.call('CreateTags', { Resources: [w.id, group], Tags: [{ Key: 'Name', Value: 'two' }] })
    assert.deepEqual(w.tagsOf(), ['Name=two', 'env='])
    assert.deepEqual(w.call('DescribeSecurityGroups', {}).SecurityGroups?.[0]?.Tags, [{ Key: 'Name', Value: 'two' }])
  })

  test('go all without a list, by key without a value, and with a value only where it is that value', () => {
    const w = vpcWithTags()
    w.call('DeleteTags', { Resources: [w.id], Tags: [{ Key: 'Name', Value: 'other' }, { Key: 'absent' }] })
    assert.deepEqual(w.tagsOf(), ['Name=one', 'env='])
    w.call('DeleteTags', { Resources: [w.id], Tags: [{ Key: 'Name', Value: '' }] })
    assert.deepEqual(w.tagsOf(), ['Name=one', 'env='])
    w.call('DeleteTags', { Resources: [w.id], Tags: [{ Key: 'Name' }] })
    assert.deepEqual(w.tagsOf(), ['env='])
    w.call('DeleteTags', { Resources: [w.id] })
    assert.deepEqual(w.tagsOf(), [])
  })

  test('one bad id leaves all as they were', () => {
    const w = vpcWithTags()
    const Tags = [{ Key: 'a', Value: 'b' }]
    refused('InvalidSubnetID.NotFound', () =>
      w.call('CreateTags', { Resources: [w.id, 'subnet-0123456789abcdef0'], Tags }),
    )
    refused(
      'InvalidID',
      () => w.call('CreateTags', { Resources: [w.id, 'nonsense-1'], Tags }),
      "The ID 'nonsense-1' is not valid",
    )
    assert.deepEqual(w.tagsOf(), ['Name=one', 'env='])
  })

  test("another account's resource is not found", () => {
    const w = vpcWithTags()
    refused('InvalidVpcID.NotFound', () =>
      w.call('CreateTags', { Resources: [w.id], Tags: [{ Key: 'a', Value: 'b' }] }, { ...US, account: '210987654321' }),
    )
  })

  test("AWS's own prefix is refused, and so is a 51st tag", () => {
    const w = vpcWithTags()
    refused('InvalidParameterValue', () =>
      w.call('CreateTags', { Resources: [w.id], Tags: [{ Key: 'aws:x', Value: '' }] }),
    )
    const many = Array.from({ length: 49 }, (_, i) => ({ Key: `k${i}`, Value: '' }))
    refused('TagLimitExceeded', () => w.call('CreateTags', { Resources: [w.id], Tags: many }))
    w.call('CreateTags', { Resources: [w.id], Tags: many.slice(1) })
    assert.equal(w.tagsOf()?.length, 50)
  })

  test('a key has 128 characters and a value 256, counted as Unicode counts them; each key once in a call', () => {
    const w = vpcWithTags()
    const set = (...Tags: { Key?: string; Value?: string }[]) => w.call('CreateTags', { Resources: [w.id], Tags })
    set({ Key: '\u{1F3DD}'.repeat(128), Value: '\u{1F3DD}'.repeat(256) })
    assert.equal(w.tagsOf()?.length, 3)
    refused(
      'InvalidParameterValue',
      () => set({ Key: 'k'.repeat(129) }),
      'Tag key exceeds the maximum length of 128 characters',
    )
    refused(
      'InvalidParameterValue',
      () => set({ Key: 'k', Value: 'v'.repeat(257) }),
      'Tag value exceeds the maximum length of 256 characters',
    )
    refused('InvalidParameterValue', () => set({ Key: 'k' }, { Key: 'k' }), "Duplicate tag key 'k' specified.")
    refused('InvalidParameterValue', () => set({ Key: 'AWS:k' }))
    refused('MissingParameter', () => set({ Value: 'v' }))
    assert.equal(w.tagsOf()?.length, 3)
  })

  test('a full resource takes another value of a tag it has', () => {
    const w = vpcWithTags()
    const Tags = Array.from({ length: 48 }, (_, i) => ({ Key: `k${i}`, Value: '' }))
    w.call('CreateTags', { Resources: [w.id], Tags })
    w.call('CreateTags', { Resources: [w.id], Tags: [{ Key: 'Name', Value: 'again' }] })
    assert.equal(w.tagsOf()?.[0], 'Name=again')
    refused(
      'TagLimitExceeded',
      () => w.call('CreateTags', { Resources: [w.id], Tags: [{ Key: 'one more' }] }),
      'The maximum number of Tags for a resource has been reached.',
    )
  })

  test('at most 1,000 resources are tagged at once, and public images never', () => {
    const w = vpcWithTags()
    const Tags = [{ Key: 'a', Value: 'b' }]
    w.call('CreateTags', { Resources: Array(1000).fill(w.id), Tags })
    refused('InvalidParameterValue', () => w.call('CreateTags', { Resources: Array(1001).fill(w.id), Tags }))
    const image = w.call('DescribeImages', {}).Images?.[0]?.ImageId ?? ''
    refused('UnsupportedOperation', () => w.call('CreateTags', { Resources: [image], Tags }))
    refused('InvalidAMIID.NotFound', () => w.call('CreateTags', { Resources: ['ami-0123456789abcdef0'], Tags }))
  })

  test('DescribeTags filters by key, value, resource and kind, and by tag:KEY', () => {
    const w = vpcWithTags()
    const keys = (Name: string, ...Values: string[]) =>
      w.call('DescribeTags', { Filters: [{ Name, Values }] }).Tags?.map((t) => t.Key)
    assert.deepEqual(w.call('DescribeTags', {}).Tags?.[0], {
      Key: 'Name',
      Value: 'one',
      ResourceId: w.id,
      ResourceType: 'vpc',
    })
    assert.deepEqual(keys('key', 'Na*'), ['Name'])
    assert.deepEqual(keys('key', 'none'), [])
    assert.deepEqual(keys('value', ''), ['env'])
    assert.deepEqual(keys('value', 'none'), [])
    assert.deepEqual(keys('resource-id', 'vpc-0123456789abcdef0'), [])
    assert.deepEqual(keys('resource-id', 'vpc-*'), ['Name', 'env'])
    assert.deepEqual(keys('resource-id', 'nonsense'), [])
    assert.deepEqual(
      w.call('DescribeTags', { Filters: [{ Name: 'resource-id', Values: [w.id] }] }, { ...US, account: '210987654321' })
        .Tags,
      [],
    )
    assert.deepEqual(keys('tag:Name', 'none'), [])
    assert.deepEqual(keys('resource-id', w.id), ['Name', 'env'])
    assert.deepEqual(keys('resource-type', 'subnet'), [])
    assert.deepEqual(keys('tag:Name', 'one', 'two'), ['Name'])
    refused('InvalidParameterValue', () => keys('colour', 'red'))
  })

  test('DescribeTags comes in pages', () => {
    const w = vpcWithTags()
    w.call('CreateTags', {
      Resources: [w.id],
      Tags: Array.from({ length: 6 }, (_, i) => ({ Key: `k${i}`, Value: '' })),
    })
    const first = w.call('DescribeTags', { MaxResults: 5 })
    const rest = w.call('DescribeTags', { MaxResults: 5, ...(first.NextToken && { NextToken: first.NextToken }) })
    assert.deepEqual([first.Tags?.length, rest.Tags?.length, rest.NextToken], [5, 3, undefined])
  })
})
