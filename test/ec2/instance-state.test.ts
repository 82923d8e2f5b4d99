/** How instances live and end. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { endedByItself } from '../../src/ec2/instance-state.ts'
import { must, place } from './place.ts'
import { refused, US } from './world.ts'

const HOUR = 3_600_000

test('G7: the auto-assigned address goes with a stop and another comes with a start; the private one stays', () => {
  const { call, running, see, settled, subnetId } = place()
  call('ModifySubnetAttribute', { SubnetId: subnetId, MapPublicIpOnLaunch: { Value: true } })
  const id = running()
  const before = see(id)
  assert.ok(before.PublicIpAddress)
  call('StopInstances', { InstanceIds: [id] })
  settled()
  assert.equal(see(id).PublicIpAddress, undefined)
  assert.equal(see(id).PrivateIpAddress, before.PrivateIpAddress)
  call('StartInstances', { InstanceIds: [id] })
  settled()
  assert.ok(see(id).PublicIpAddress)
  assert.notEqual(see(id).PublicIpAddress, before.PublicIpAddress)
  assert.equal(see(id).PrivateIpAddress, before.PrivateIpAddress)
})

test('G7: an Elastic IP stays over a stop', () => {
  const { call, running, see, settled, elastic, addressOf } = place()
  const id = running()
  const allocation = elastic()
  call('AssociateAddress', { AllocationId: allocation, InstanceId: id })
  call('StopInstances', { InstanceIds: [id] })
  settled()
  assert.equal(see(id).PublicIpAddress, addressOf(allocation).PublicIp)
})

test('stop and start go through their states, and a state that is reached already is no error', () => {
  const { call, running, see, settled } = place()
  const id = running()
  const stopping = call('StopInstances', { InstanceIds: [id] }).StoppingInstances?.[0]
  assert.deepEqual([stopping?.PreviousState?.Name, stopping?.CurrentState?.Name], ['running', 'stopping'])
  refused(
    'IncorrectInstanceState',
    () => call('StartInstances', { InstanceIds: [id] }),
    `The instance '${id}' is not in a state from which it can be started.`,
  )
  settled()
  assert.equal(see(id).State?.Code, 80)
  assert.equal(see(id).StateReason?.Code, 'Client.UserInitiatedShutdown')
  assert.match(must(see(id).StateTransitionReason), /^User initiated \(2026-01-01 00:00:00 GMT\)$/)
  assert.equal(call('StopInstances', { InstanceIds: [id] }).StoppingInstances?.[0]?.CurrentState?.Name, 'stopped')
  call('StartInstances', { InstanceIds: [id] })
  assert.equal(see(id).State?.Name, 'pending')
  assert.deepEqual(see(id).StateReason, { Code: 'pending', Message: 'pending' })
  refused(
    'IncorrectInstanceState',
    () => call('StopInstances', { InstanceIds: [id] }),
    `This instance '${id}' is not in a state from which it can be stopped.`,
  )
})

test('an instance that never ran can not be stopped, and a call stops all of its instances or none', () => {
  const { call, run, running, see } = place()
  const [runs, comes] = [running(), must(run()[0]?.InstanceId)]
  refused(
    'IncorrectInstanceState',
    () => call('StopInstances', { InstanceIds: [runs, comes] }),
    `Instance '${comes}' cannot be stopped as it has never reached the 'running' state.`,
  )
  assert.equal(see(runs).State?.Name, 'running')
  refused('IncorrectInstanceState', () => call('RebootInstances', { InstanceIds: [runs, comes] }))
  refused('InvalidInstanceID.NotFound', () =>
    call('TerminateInstances', { InstanceIds: [runs, comes, 'i-0123456789abcdef0'] }),
  )
  refused('UnsupportedOperation', () => call('StopInstances', { InstanceIds: [runs], Hibernate: true }))
  assert.deepEqual(
    [runs, comes].map((id) => see(id).State?.Name),
    ['running', 'pending'],
  )
})

test('an instance is terminated in any state, once or twice over', () => {
  const { call, run, running, settled } = place()
  const [pending, runs, stopping, stopped] = [must(run()[0]?.InstanceId), running(), running(), running()]
  call('StopInstances', { InstanceIds: [stopped] })
  settled()
  call('StopInstances', { InstanceIds: [stopping] })
  const InstanceIds = [pending, runs, stopping, stopped]
  const ended = () =>
    call('TerminateInstances', { InstanceIds }).TerminatingInstances?.map((t) => [
      t.PreviousState?.Name,
      t.CurrentState?.Name,
    ])
  assert.deepEqual(ended(), [
    ['running', 'shutting-down'],
    ['running', 'shutting-down'],
    ['stopping', 'shutting-down'],
    ['stopped', 'shutting-down'],
  ])
  assert.deepEqual(ended(), Array(4).fill(['shutting-down', 'shutting-down']))
  settled()
  refused('IncorrectInstanceState', () => call('StartInstances', { InstanceIds: [runs] }))
  refused('IncorrectInstanceState', () => call('StopInstances', { InstanceIds: [runs] }))
})

test('A19: termination ends the interface, the volume and the association, and is seen for an hour', () => {
  const { call, clock, running, see, settled, elastic, addressOf, primaryOf, subnetId } = place()
  const id = running()
  const eni = primaryOf(id)
  const allocation = elastic()
  call('AssociateAddress', { AllocationId: allocation, InstanceId: id })
  const ended = call('TerminateInstances', { InstanceIds: [id] }).TerminatingInstances?.[0]
  assert.equal(ended?.CurrentState?.Name, 'shutting-down')
  refused('DependencyViolation', () => call('DeleteSubnet', { SubnetId: subnetId }))
  settled()
  assert.deepEqual(see(id).State, { Code: 48, Name: 'terminated' })
  assert.deepEqual([see(id).SubnetId, see(id).PrivateIpAddress, see(id).NetworkInterfaces], [undefined, undefined, []])
  refused('InvalidNetworkInterfaceID.NotFound', () => call('DescribeNetworkInterfaces', { NetworkInterfaceIds: [eni] }))
  assert.deepEqual(call('DescribeVolumes', {}).Volumes, [])
  assert.equal(addressOf(allocation).AssociationId, undefined)
  call('DeleteSubnet', { SubnetId: subnetId })
  assert.equal(
    call('TerminateInstances', { InstanceIds: [id] }).TerminatingInstances?.[0]?.CurrentState?.Name,
    'terminated',
  )
  clock.advance(HOUR + 1)
  refused('InvalidInstanceID.NotFound', () => see(id), `The instance ID '${id}' does not exist`)
})

test('a protected instance is neither terminated nor stopped, and the call spares the others too', () => {
  const { call, running, see } = place()
  const [kept, other] = [running({ DisableApiTermination: true, DisableApiStop: true }), running()]
  refused(
    'OperationNotPermitted',
    () => call('TerminateInstances', { InstanceIds: [other, kept] }),
    /^The instance 'i-[0-9a-f]+' may not be terminated\. Modify its 'disableApiTermination' instance attribute and try/,
  )
  refused(
    'OperationNotPermitted',
    () => call('StopInstances', { InstanceIds: [kept] }),
    `The instance '${kept}' may not be stopped. Modify its 'disableApiStop' instance attribute and try again.`,
  )
  assert.equal(see(other).State?.Name, 'running')
  call('ModifyInstanceAttribute', { InstanceId: kept, DisableApiTermination: { Value: false } })
  call('TerminateInstances', { InstanceIds: [kept] })
})

test('an instance is booted at its launch, its start and its reboot', () => {
  const { call, records, running, settled } = place()
  const id = running()
  const boots = () => records.get('instance', id)?.boots
  assert.equal(boots(), 1)
  call('RebootInstances', { InstanceIds: [id] })
  assert.equal(boots(), 2)
  call('StopInstances', { InstanceIds: [id] })
  settled()
  refused('IncorrectInstanceState', () => call('RebootInstances', { InstanceIds: [id] }))
  assert.equal(boots(), 2)
  call('StartInstances', { InstanceIds: [id] })
  assert.equal(boots(), 3)
})

for (const [behavior, moving, ended] of [
  ['stop', 'stopping', 'stopped'],
  ['terminate', 'shutting-down', 'terminated'],
] as const) {
  test(`an instance that shuts itself down is ${ended} where its launch says ${behavior}, protected or not`, () => {
    const { running, see, settled, transaction } = place()
    const id = running({
      InstanceInitiatedShutdownBehavior: behavior,
      DisableApiStop: true,
      DisableApiTermination: true,
    })
    transaction(US, (context) => endedByItself(context, id, 'halt'))
    const { State, StateReason, StateTransitionReason } = see(id)
    assert.deepEqual(
      [State?.Name, StateReason?.Code, StateReason?.Message, StateTransitionReason],
      [moving, 'Client.InstanceInitiatedShutdown', 'Client.InstanceInitiatedShutdown: Instance initiated shutdown', ''],
    )
    settled()
    assert.equal(see(id).State?.Name, ended)
  })
}

test('a reboot from inside is a boot more; where the instance does not run, nothing that ends in it counts', () => {
  const { call, records, running, run, settled, transaction } = place()
  const id = running()
  const tell = (instance: string, how: 'halt' | 'reboot') =>
    transaction(US, (context) => endedByItself(context, instance, how))
  tell(id, 'reboot')
  assert.deepEqual([records.get('instance', id)?.boots, records.get('instance', id)?.state], [2, 'running'])
  call('StopInstances', { InstanceIds: [id] })
  tell(id, 'reboot')
  tell(id, 'halt')
  settled()
  assert.deepEqual([records.get('instance', id)?.boots, records.get('instance', id)?.state], [2, 'stopped'])
  assert.equal(records.get('instance', id)?.stateReason?.code, 'Client.UserInitiatedShutdown')
  const pending = must(run()[0]?.InstanceId)
  tell(pending, 'halt')
  assert.equal(records.get('instance', pending)?.state, 'pending')
  tell('i-0123456789abcdef0', 'halt')
})
