import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Ec2 } from '../../src/client/ec2-client.ts'
import { crowd, distinct, imageOf, place, tally } from './crowd.ts'

/** A /28 less the five that AWS keeps (C3). */
const ROOM = 11

async function addressesIn(ec2: Ec2, subnetId: string): Promise<string[]> {
  const Filters = [{ Name: 'subnet-id', Values: [subnetId] }]
  const { NetworkInterfaces = [] } = await ec2.call('DescribeNetworkInterfaces', { Filters })
  return NetworkInterfaces.flatMap(({ PrivateIpAddresses = [] }) =>
    PrivateIpAddresses.map((a) => a.PrivateIpAddress ?? ''),
  )
}

describe('64 clients want an address of one small subnet at once, and none is given out twice', () => {
  test('interfaces: as many as there is room for', async (t) => {
    const { ec2, all } = await crowd(t)
    const { subnetId } = await place(ec2, '10.1.0.0/28')
    const answers = await all(() => ({ Action: 'CreateNetworkInterface', SubnetId: subnetId }))
    assert.deepEqual(tally(answers), { ok: ROOM, InsufficientFreeAddressesInSubnet: 64 - ROOM })
    const addresses = await addressesIn(ec2, subnetId)
    assert.deepEqual([addresses.length, distinct(addresses)], [ROOM, ROOM])
  })

  test('instances, interfaces and further addresses of an interface, against each other', async (t) => {
    const { ec2, all } = await crowd(t)
    const { subnetId } = await place(ec2, '10.1.0.0/28')
    const ImageId = await imageOf(ec2)
    const { NetworkInterface } = await ec2.call('CreateNetworkInterface', { SubnetId: subnetId })
    const eni = NetworkInterface?.NetworkInterfaceId ?? ''
    const wishes: readonly Readonly<Record<string, string>>[] = [
      { Action: 'RunInstances', ImageId, InstanceType: 't3.micro', MinCount: '1', MaxCount: '1', SubnetId: subnetId },
      { Action: 'CreateNetworkInterface', SubnetId: subnetId },
      { Action: 'AssignPrivateIpAddresses', NetworkInterfaceId: eni, SecondaryPrivateIpAddressCount: '1' },
    ]
    const answers = await all((n) => wishes[n % 3] ?? {})
    const { ok, ...refusals } = tally(answers)
    assert.equal(ok, ROOM - 1)
    assert.deepEqual(Object.keys(refusals), ['InsufficientFreeAddressesInSubnet'])
    const addresses = await addressesIn(ec2, subnetId)
    assert.deepEqual([addresses.length, distinct(addresses)], [ROOM, ROOM])
    const { Subnets = [] } = await ec2.call('DescribeSubnets', { SubnetIds: [subnetId] })
    assert.equal(Subnets[0]?.AvailableIpAddressCount, 0)
  })

  test('launches of several: each is made whole or not at all', async (t) => {
    const { ec2, all } = await crowd(t)
    const { subnetId } = await place(ec2, '10.1.0.0/28')
    const ImageId = await imageOf(ec2)
    const launch = { Action: 'RunInstances', ImageId, InstanceType: 't3.micro', MinCount: '3', MaxCount: '3' }
    const answers = await all(() => ({ ...launch, SubnetId: subnetId }))
    assert.deepEqual(tally(answers), { ok: 3, InsufficientFreeAddressesInSubnet: 61 })
    assert.equal((await addressesIn(ec2, subnetId)).length, 9)
  })

  test('one and the same address: one has it', async (t) => {
    const { ec2, all } = await crowd(t)
    const { subnetId } = await place(ec2)
    const wish = { Action: 'CreateNetworkInterface', SubnetId: subnetId, PrivateIpAddress: '10.1.0.77' }
    assert.deepEqual(tally(await all(() => wish)), { ok: 1, 'InvalidIPAddress.InUse': 63 })
  })

  test('overlapping subnets: one is made', async (t) => {
    const { ec2, all } = await crowd(t)
    const { vpcId } = await place(ec2)
    const answers = await all((n) => ({
      Action: 'CreateSubnet',
      VpcId: vpcId,
      CidrBlock: `10.1.128.0/${18 + (n % 8)}`,
    }))
    assert.deepEqual(tally(answers), { ok: 1, 'InvalidSubnet.Conflict': 63 })
  })

  test('public addresses: exactly the quota, and all different', async (t) => {
    const { ec2, all } = await crowd(t)
    assert.deepEqual(tally(await all(() => ({ Action: 'AllocateAddress' }))), { ok: 5, AddressLimitExceeded: 59 })
    const { Addresses = [] } = await ec2.call('DescribeAddresses', {})
    assert.equal(distinct(Addresses.map(({ PublicIp }) => PublicIp)), 5)
  })
})
