/** What is known of an instance that runs: its status checks and its console. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { must, place } from './place.ts'
import { refused } from './world.ts'

test('status is of running instances unless all are asked for', () => {
  const { call, running, run } = place()
  const id = running()
  const pending = must(run()[0]?.InstanceId)
  const shown = (input: { IncludeAllInstances?: boolean }) =>
    call('DescribeInstanceStatus', input).InstanceStatuses?.map((s) => [
      s.InstanceId,
      s.InstanceStatus?.Status,
      s.SystemStatus?.Status,
    ])
  assert.deepEqual(shown({}), [[id, 'ok', 'ok']])
  assert.deepEqual(shown({ IncludeAllInstances: true }), [
    [id, 'ok', 'ok'],
    [pending, 'not-applicable', 'not-applicable'],
  ])
})

test("the instance's check is that its own system answers; the system's is of what it runs on", () => {
  const { call, health, running } = place()
  const id = running()
  for (const [now, status, reachability] of [
    ['initializing', 'initializing', 'initializing'],
    ['ok', 'ok', 'passed'],
    ['impaired', 'impaired', 'failed'],
  ] as const) {
    health.set(id, now)
    const [seen] = must(call('DescribeInstanceStatus', { InstanceIds: [id] }).InstanceStatuses)
    assert.deepEqual(seen?.InstanceStatus, {
      Status: status,
      Details: [{ Name: 'reachability', Status: reachability }],
    })
    assert.deepEqual(seen?.SystemStatus?.Status, 'ok')
    const found = (Name: string, Value: string) =>
      call('DescribeInstanceStatus', { Filters: [{ Name, Values: [Value] }] }).InstanceStatuses?.length
    assert.equal(found('instance-status.status', status), 1)
    assert.equal(found('instance-status.reachability', reachability), 1)
    assert.equal(found('system-status.status', 'impaired'), 0)
  }
})

test('the console is what the instance wrote, in base64, with the time of its last line', () => {
  const { call, clock, consoles, running } = place()
  const id = running()
  assert.deepEqual(call('GetConsoleOutput', { InstanceId: id }), { InstanceId: id, Timestamp: new Date(clock.now) })
  consoles.set(id, { output: Buffer.from('login: é\n'), at: 5000 })
  assert.deepEqual(call('GetConsoleOutput', { InstanceId: id, Latest: true }), {
    InstanceId: id,
    Timestamp: new Date(5000),
    Output: Buffer.from('login: é\n').toString('base64'),
  })
  refused('InvalidInstanceID.NotFound', () => call('GetConsoleOutput', { InstanceId: 'i-0123456789abcdef0' }))
})

test('what only Windows or a Nitro card has is refused honestly', () => {
  const { call, running } = place()
  refused('UnsupportedOperation', () => call('GetPasswordData', { InstanceId: running() }))
  const InstanceId = running()
  refused('UnsupportedOperation', () => call('GetConsoleScreenshot', { InstanceId }))
  refused('UnsupportedOperation', () => call('GetInstanceUefiData', { InstanceId }))
  refused('UnsupportedOperation', () => call('SendDiagnosticInterrupt', { InstanceId }))
  refused('UnsupportedOperation', () => call('EnableSerialConsoleAccess', {}))
  refused('InvalidInstanceID.NotFound', () => call('GetInstanceUefiData', { InstanceId: 'i-0123456789abcdef0' }))
  assert.deepEqual(call('DisableSerialConsoleAccess', {}), { SerialConsoleAccessEnabled: false })
  assert.deepEqual(call('GetSerialConsoleAccessStatus', {}), { SerialConsoleAccessEnabled: false })
})

test('a report on a running instance is taken, and changes nothing of its status', () => {
  const { call, run, running } = place()
  const id = running()
  const report = (...Instances: string[]) =>
    call('ReportInstanceStatus', { Instances, Status: 'impaired', ReasonCodes: ['unresponsive'] })
  assert.deepEqual(report(id), {})
  assert.equal(call('DescribeInstanceStatus', {}).InstanceStatuses?.[0]?.InstanceStatus?.Status, 'ok')
  refused('IncorrectInstanceState', () => report(id, must(run()[0]?.InstanceId)))
  refused('InvalidInstanceID.NotFound', () => report('i-0123456789abcdef0'))
})

test('named instances do not come in pages, and unknown ones are named', () => {
  const { call, running } = place()
  const InstanceIds = [running()]
  refused('InvalidParameterCombination', () => call('DescribeInstanceStatus', { InstanceIds, MaxResults: 5 }))
  refused('InvalidInstanceID.NotFound', () => call('DescribeInstanceStatus', { InstanceIds: ['i-0123456789abcdef0'] }))
})

test('an instance tells the image it was launched from; of its place in the zone nothing is said', () => {
  const { call, running, imageId } = place()
  const id = running({ TagSpecifications: [{ ResourceType: 'instance', Tags: [{ Key: 'a', Value: 'b' }] }] })
  const metadata = (Name: string, value: string) =>
    call('DescribeInstanceImageMetadata', { Filters: [{ Name, Values: [value] }] }).InstanceImageMetadata
  const values = {
    'availability-zone': 'us-east-1a',
    'image-allowed': 'true',
    'instance-id': id,
    'instance-state-name': 'running',
    'instance-type': 't2.micro',
    'launch-time': '2026-01-01T*',
    'owner-alias': 'amazon',
    'owner-id': '137112412989',
    'tag:a': 'b',
    'tag-key': 'a',
    'zone-id': 'use1-az1',
  }
  for (const [name, value] of Object.entries(values)) {
    assert.equal(metadata(name, value)?.[0]?.ImageMetadata?.ImageId, imageId, name)
    assert.deepEqual(metadata(name, 'nothing'), [], name)
  }
  refused('InvalidParameterValue', () => metadata('colour', 'red'))
  assert.deepEqual(call('DescribeInstanceTopology', { InstanceIds: [id] }), { Instances: [] })
  assert.deepEqual(call('DescribeIamInstanceProfileAssociations', {}), { IamInstanceProfileAssociations: [] })
  refused('InvalidAssociationID.NotFound', () =>
    call('DescribeIamInstanceProfileAssociations', { AssociationIds: ['iip-assoc-0123456789abcdef0'] }),
  )
})
