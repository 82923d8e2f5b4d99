/** Timeouts of tracked flows: taken within AWS's bounds, shown again, and part of the network. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compile } from '../../src/compile/compile.ts'
import { interfaces } from './interfaces.ts'
import { must } from './place.ts'
import { refused } from './world.ts'

const ALL = { TcpEstablishedTimeout: 300, UdpStreamTimeout: 90, UdpTimeout: 45 }

test('S12: an interface is made with timeouts of its own, and shows them', () => {
  const { create, interfaceOf } = interfaces()
  const id = create({ ConnectionTrackingSpecification: ALL })
  assert.deepEqual(interfaceOf(id).ConnectionTrackingConfiguration, ALL)
})

test('S12: an interface without any shows none', () => {
  const { create, interfaceOf } = interfaces()
  assert.equal(interfaceOf(create()).ConnectionTrackingConfiguration, undefined)
})

test('S12: a change names some timeouts, and leaves the others (unverified)', () => {
  const { create, modify, interfaceOf } = interfaces()
  const id = create({ ConnectionTrackingSpecification: { TcpEstablishedTimeout: 300 } })
  modify(id, { ConnectionTrackingSpecification: { UdpTimeout: 60 } })
  assert.deepEqual(interfaceOf(id).ConnectionTrackingConfiguration, { TcpEstablishedTimeout: 300, UdpTimeout: 60 })
})

test('S12: a launch gives them to its interface, and the instance shows them', () => {
  const { running, see, subnetId, interfaceOf, primaryOf } = interfaces()
  const id = running({
    NetworkInterfaces: [{ DeviceIndex: 0, SubnetId: subnetId, ConnectionTrackingSpecification: ALL }],
  })
  assert.deepEqual(see(id).NetworkInterfaces?.[0]?.ConnectionTrackingConfiguration, ALL)
  assert.deepEqual(interfaceOf(primaryOf(id)).ConnectionTrackingConfiguration, ALL)
})

test('S12: a launch with an interface that is there can not give it others (unverified)', () => {
  const { create, run } = interfaces()
  const NetworkInterfaceId = create()
  refused('InvalidParameterCombination', () =>
    run({ NetworkInterfaces: [{ DeviceIndex: 0, NetworkInterfaceId, ConnectionTrackingSpecification: ALL }] }),
  )
})

const bounds = [
  ['TcpEstablishedTimeout', 60, 432_000],
  ['UdpStreamTimeout', 60, 180],
  ['UdpTimeout', 30, 60],
] as const
for (const [name, least, most] of bounds)
  test(`S12: ${name} is ${least} to ${most} seconds; what is outside changes nothing`, () => {
    const { create, modify, interfaceOf } = interfaces()
    const id = create()
    for (const seconds of [least - 1, most + 1]) {
      refused('InvalidParameterValue', () => create({ ConnectionTrackingSpecification: { [name]: seconds } }))
      refused('InvalidParameterValue', () => modify(id, { ConnectionTrackingSpecification: { [name]: seconds } }))
    }
    assert.equal(interfaceOf(id).ConnectionTrackingConfiguration, undefined)
    for (const seconds of [least, most]) {
      modify(id, { ConnectionTrackingSpecification: { [name]: seconds } })
      assert.deepEqual(interfaceOf(id).ConnectionTrackingConfiguration, { [name]: seconds })
    }
  })

test('S12: the network has them, at the interfaces that have their own', () => {
  const { running, primaryOf, modify, records } = interfaces()
  const [own, plain] = [primaryOf(running()), primaryOf(running())]
  modify(own, { ConnectionTrackingSpecification: ALL })
  const network = compile(records)
  const of = (id: string) => must(network.interfaces.get(id)).idleTimeouts
  assert.deepEqual([of(own), of(plain)], [{ tcpEstablished: 300, udpStream: 90, udp: 45 }, undefined])
})
