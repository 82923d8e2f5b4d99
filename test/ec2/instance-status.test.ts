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
  assert.deepEqual(call('GetSerialConsoleAccessStatus', {}), { SerialConsoleAccessEnabled: false })
})
