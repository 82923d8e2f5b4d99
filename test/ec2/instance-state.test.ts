/** How instances live and end. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { must, place } from './place.ts'
import { refused } from './world.ts'

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
  assert.equal(see(id).StateReason, undefined)
  refused(
    'IncorrectInstanceState',
    () => call('StopInstances', { InstanceIds: [id] }),
    `This instance '${id}' is not in a state from which it can be stopped.`,
  )
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

test('status is of running instances unless all are asked for', () => {
  const { call, running, run } = place()
  const id = running()
  run()
  const shown = call('DescribeInstanceStatus', {}).InstanceStatuses
  assert.deepEqual(
    shown?.map((s) => [s.InstanceId, s.InstanceStatus?.Status, s.SystemStatus?.Status]),
    [[id, 'ok', 'ok']],
  )
  assert.equal(call('DescribeInstanceStatus', { IncludeAllInstances: true }).InstanceStatuses?.length, 2)
})
