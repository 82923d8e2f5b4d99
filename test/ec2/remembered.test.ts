/** What is made of records is kept while these are the same. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { remembering } from '../../src/ec2/remembered.ts'
import { settle } from '../../src/ec2/instance.ts'
import type { SecurityGroup } from '../../src/ec2/security-group.ts'
import { Draft, Records, type State } from '../../src/ec2/state.ts'
import { US, world } from './world.ts'

const group = (id: string, groupName: string, vpcId = 'vpc-1') =>
  ({ id, groupName, vpcId, account: '1', region: 'r', tags: {} }) as unknown as SecurityGroup

const own = group('sg-1', 'own')

function withGroups(...more: readonly SecurityGroup[]) {
  const records = new Records()
  const put = (one: SecurityGroup) => records.accept([{ type: 'security-group', id: one.id, record: one }])
  for (const one of [own, ...more]) put(one)
  return { records, put }
}

test('the same records give the same thing, and it is frozen', () => {
  const { records } = withGroups(group('sg-2', 'other'))
  const keep = remembering<SecurityGroup, object>()
  const names = (state: State) => ({ name: state.get('security-group', 'sg-2')?.groupName })
  const first = keep(records, own, names)
  assert.equal(keep(records, own, names), first)
  assert.equal(keep(new Draft(records), own, names), first)
  assert.ok(Object.isFrozen(first))
})

const READS: Readonly<Record<string, (state: State) => unknown>> = {
  'a record': (state) => state.get('security-group', 'sg-2')?.groupName,
  'a list of records': (state) => state.where('security-group', 'vpcId', 'vpc-1').map(({ groupName }) => groupName),
  'a number of records': (state) => state.count('security-group', 'vpcId/groupName', 'vpc-1/renamed'),
  'all records': (state) => [...state.all('security-group')].map(({ groupName }) => groupName),
}

for (const [what, read] of Object.entries(READS))
  test(`what was made of ${what} is made anew once that is another, and not before`, () => {
    const { records, put } = withGroups(group('sg-2', 'other'))
    const keep = remembering<SecurityGroup, { readonly seen: unknown }>()
    const look = (state: State) => ({ seen: read(state) })
    const first = keep(records, own, look)
    put(group('sg-3', 'elsewhere', 'vpc-2'))
    assert.equal(keep(records, own, look) === first, what !== 'all records')
    const draft = new Draft(records)
    draft.put('security-group', group('sg-2', 'renamed'))
    assert.deepEqual(keep(draft, own, look), { seen: read(draft) })
    assert.notDeepEqual(keep(draft, own, look), first)
    put(group('sg-2', 'renamed'))
    assert.deepEqual(keep(records, own, look), { seen: read(records) })
  })

test('an instance is shown as it is after each change of what belongs to it', () => {
  const { call, transaction } = world()
  call('CreateDefaultVpc', {})
  const ImageId = call('DescribeImages', {}).Images?.[0]?.ImageId
  const [launched] = call('RunInstances', { ImageId, MinCount: 1, MaxCount: 1 }).Instances ?? []
  const InstanceId = launched?.InstanceId ?? ''
  const shown = () => call('DescribeInstances', {}).Reservations?.[0]?.Instances?.[0]
  assert.equal(shown()?.State?.Name, 'pending')
  transaction(US, (context) => settle(context, () => true))
  const before = shown()
  assert.equal(before?.State?.Name, 'running')
  assert.equal(shown(), before)
  const { AllocationId = '', PublicIp } = call('AllocateAddress', {})
  assert.equal(shown(), before)
  call('AssociateAddress', { AllocationId, InstanceId })
  assert.equal(shown()?.PublicIpAddress, PublicIp)
  call('CreateTags', { Resources: [InstanceId], Tags: [{ Key: 'Name', Value: 'one' }] })
  assert.deepEqual(shown()?.Tags, [{ Key: 'Name', Value: 'one' }])
  const { GroupId = '' } = call('CreateSecurityGroup', { GroupName: 'web', Description: 'web' })
  call('ModifyInstanceAttribute', { InstanceId, Groups: [GroupId] })
  assert.deepEqual(shown()?.SecurityGroups, [{ GroupId, GroupName: 'web' }])
  const [volume] = shown()?.BlockDeviceMappings ?? []
  assert.equal(volume?.Ebs?.DeleteOnTermination, true)
  call('ModifyInstanceAttribute', {
    InstanceId,
    BlockDeviceMappings: [{ DeviceName: volume?.DeviceName, Ebs: { DeleteOnTermination: false } }],
  })
  assert.equal(shown()?.BlockDeviceMappings?.[0]?.Ebs?.DeleteOnTermination, false)
})
