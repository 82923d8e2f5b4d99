/** Network interface permissions: given, used by the other account, shown, filtered and taken back. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { interfaces, STRANGER } from './interfaces.ts'
import { must } from './place.ts'
import { refused, US } from './world.ts'

type Permission = 'INSTANCE-ATTACH' | 'EIP-ASSOCIATE'

function granted(permission: Permission = 'INSTANCE-ATTACH') {
  const p = interfaces()
  const eni = p.create()
  const grant = (AwsAccountId = STRANGER.account, id = eni, Permission: Permission = permission) =>
    must(
      p.call('CreateNetworkInterfacePermission', { NetworkInterfaceId: id, AwsAccountId, Permission })
        .InterfacePermission,
    )
  const made = grant()
  const id = must(made.NetworkInterfacePermissionId)
  const end = (Force?: boolean) =>
    p.call('DeleteNetworkInterfacePermission', {
      NetworkInterfacePermissionId: id,
      ...(Force !== undefined && { Force }),
    })
  const list = (input: object = {}) => p.call('DescribeNetworkInterfacePermissions', input)
  return { ...p, eni, grant, made, id, end, list }
}

/** An instance of the other account, in a VPC of its own and the same zone. */
function strangersInstance({ call, settled, imageId }: ReturnType<typeof granted>): string {
  const VpcId = must(call('CreateVpc', { CidrBlock: '10.5.0.0/16' }, STRANGER).Vpc?.VpcId)
  const block = { VpcId, CidrBlock: '10.5.1.0/24', AvailabilityZone: 'us-east-1a' }
  const SubnetId = must(call('CreateSubnet', block, STRANGER).Subnet?.SubnetId)
  const wish = { ImageId: imageId, InstanceType: 't2.micro' as const, MinCount: 1, MaxCount: 1, SubnetId }
  const launched = must(call('RunInstances', wish, STRANGER).Instances?.[0]?.InstanceId)
  settled()
  return launched
}

test('a permission is granted to one account, once, and shown until it is deleted', () => {
  const { eni, grant, made, id, end, list } = granted()
  assert.match(id, /^eni-perm-[0-9a-f]{17}$/)
  assert.deepEqual(made, {
    NetworkInterfacePermissionId: id,
    NetworkInterfaceId: eni,
    AwsAccountId: STRANGER.account,
    Permission: 'INSTANCE-ATTACH',
    PermissionState: { State: 'GRANTED' },
  })
  assert.deepEqual(grant(), made)
  refused('OperationNotPermitted', () => grant('111111111111'))
  assert.deepEqual(list().NetworkInterfacePermissions, [made])
  assert.equal(end().Return, true)
  assert.deepEqual(list().NetworkInterfacePermissions, [])
  refused('InvalidPermissionID.NotFound', end)
})

test('a permission wants another account, an interface of one’s own, and a thing to permit', () => {
  const { call, eni, grant, ofGateway } = granted()
  const ask = (input: object, caller = US) =>
    call(
      'CreateNetworkInterfacePermission',
      { NetworkInterfaceId: eni, AwsAccountId: '111111111111', Permission: 'EIP-ASSOCIATE', ...input },
      caller,
    )
  refused('InvalidParameterValue', () => grant(US.account))
  refused('InvalidParameterValue', () => grant('somebody'))
  refused('InvalidParameterValue', () => ask({ Permission: 'ALL' }))
  refused('UnsupportedOperation', () => ask({ AwsService: 'ec2.amazonaws.com' }))
  refused('MissingParameter', () => ask({ AwsAccountId: '' }))
  refused('OperationNotPermitted', () => ask({ NetworkInterfaceId: ofGateway() }))
  refused('InvalidNetworkInterfaceID.NotFound', () => ask({}, STRANGER))
})

test('the other account attaches the interface, sees it, takes it off, and changes nothing of it', () => {
  const g = granted()
  const { call, eni, attach, interfaceOf, end, id } = g
  const instanceId = strangersInstance(g)
  const attachment = attach(eni, instanceId, 1, STRANGER)
  const { Attachment, OwnerId } = interfaceOf(eni)
  assert.deepEqual([OwnerId, Attachment?.InstanceOwnerId], [US.account, STRANGER.account])
  const [seen] = must(call('DescribeNetworkInterfaces', { NetworkInterfaceIds: [eni] }, STRANGER).NetworkInterfaces)
  assert.equal(seen?.Attachment?.InstanceId, instanceId)
  refused('AuthFailure', () =>
    call('ModifyNetworkInterfaceAttribute', { NetworkInterfaceId: eni, SourceDestCheck: { Value: false } }, STRANGER),
  )
  refused('OperationNotPermitted', end, new RegExp(id))
  call('DetachNetworkInterface', { AttachmentId: attachment }, STRANGER)
  end()
  refused('InvalidNetworkInterfaceID.NotFound', () => attach(eni, instanceId, 1, STRANGER))
})

test('force takes back a permission that is in use; the attachment stays', () => {
  const g = granted()
  g.attach(g.eni, strangersInstance(g), 1, STRANGER)
  g.end(true)
  assert.equal(g.interfaceOf(g.eni).Attachment?.Status, 'attached')
})

test('the other account associates an Elastic IP of its own where that is permitted', () => {
  const { call, eni, addressOf, interfaceOf } = granted('EIP-ASSOCIATE')
  const allocation = must(call('AllocateAddress', {}, STRANGER).AllocationId)
  call('AssociateAddress', { AllocationId: allocation, NetworkInterfaceId: eni }, STRANGER)
  assert.equal(interfaceOf(eni).Association?.IpOwnerId, STRANGER.account)
  const [own] = must(call('DescribeAddresses', {}, STRANGER).Addresses)
  assert.equal(own?.NetworkInterfaceOwnerId, US.account)
  refused('InvalidAllocationID.NotFound', () => addressOf(allocation))
})

test('one permission does not stand for the other, and it ends with its interface', () => {
  const g = granted('EIP-ASSOCIATE')
  const instanceId = strangersInstance(g)
  refused('InvalidNetworkInterfaceID.NotFound', () => g.attach(g.eni, instanceId, 1, STRANGER))
  g.call('DeleteNetworkInterface', { NetworkInterfaceId: g.eni })
  assert.deepEqual(g.list().NetworkInterfacePermissions, [])
})

const filters: readonly (readonly [string, (g: ReturnType<typeof granted>) => string, string])[] = [
  ['network-interface-permission-id', (g) => g.id, 'eni-perm-1'],
  ['network-interface-id', (g) => g.eni, 'eni-1'],
  ['aws-account-id', () => STRANGER.account, '111111111111'],
  ['permission', () => 'INSTANCE-ATTACH', 'EIP-ASSOCIATE'],
]
for (const [name, right, wrong] of filters)
  test(`DescribeNetworkInterfacePermissions filters by ${name}`, () => {
    const g = granted()
    const by = (value: string) =>
      g.list({ Filters: [{ Name: `network-interface-permission.${name}`, Values: [value] }] })
        .NetworkInterfacePermissions?.length
    assert.deepEqual([by(right(g)), by(wrong)], [1, 0])
  })

test('DescribeNetworkInterfacePermissions: nothing is permitted to services, and an unknown filter is refused', () => {
  const { list } = granted()
  const service = [{ Name: 'network-interface-permission.aws-service', Values: ['*'] }]
  assert.deepEqual(list({ Filters: service }).NetworkInterfacePermissions, [])
  refused('InvalidParameterValue', () => list({ Filters: [{ Name: 'colour', Values: ['red'] }] }))
})

test('DescribeNetworkInterfacePermissions gives pages of 5 to 255, and of 50 where nothing is said', () => {
  const { create, grant, list, id } = granted()
  for (let i = 0; i < 52; i++) grant(STRANGER.account, create())
  const first = list()
  assert.equal(first.NetworkInterfacePermissions?.length, 50)
  const rest = list({ NextToken: first.NextToken })
  assert.equal(rest.NetworkInterfacePermissions?.length, 3)
  assert.equal(rest.NextToken, undefined)
  assert.equal(list({ MaxResults: 255 }).NetworkInterfacePermissions?.length, 53)
  for (const MaxResults of [4, 256]) refused('InvalidParameterValue', () => list({ MaxResults }))
  refused('InvalidParameterCombination', () => list({ NetworkInterfacePermissionIds: [id], MaxResults: 5 }))
  assert.equal(list({ NetworkInterfacePermissionIds: [id] }).NetworkInterfacePermissions?.length, 1)
  refused('InvalidPermissionID.Malformed', () => list({ NetworkInterfacePermissionIds: ['eni-1'] }))
})
