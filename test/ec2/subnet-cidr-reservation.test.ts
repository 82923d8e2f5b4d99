/** Parts of a subnet that are given to nobody who does not ask for them. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Input } from '../../src/protocol/types.ts'
import { must, place } from './place.ts'
import { refused, US } from './world.ts'

type Wish = Partial<Input<'CreateSubnetCidrReservation'>>

function laid(block = '10.0.1.0/24') {
  const w = place('10.0.0.0/16', block)
  return {
    ...w,
    reserve: (Cidr: string, wish: Wish = {}) =>
      must(
        w.call('CreateSubnetCidrReservation', { SubnetId: w.subnetId, Cidr, ReservationType: 'explicit', ...wish })
          .SubnetCidrReservation,
      ),
    free: (SubnetCidrReservationId = '') => w.call('DeleteSubnetCidrReservation', { SubnetCidrReservationId }),
    get: (query: Partial<Input<'GetSubnetCidrReservations'>> = {}) =>
      w.call('GetSubnetCidrReservations', { SubnetId: w.subnetId, ...query }),
    eni: (PrivateIpAddress?: string) =>
      w.call('CreateNetworkInterface', { SubnetId: w.subnetId, ...(PrivateIpAddress && { PrivateIpAddress }) })
        .NetworkInterface?.PrivateIpAddress,
  }
}

describe('a reservation', () => {
  test('is shown as it was asked for, with its tags, and once more when it goes', () => {
    const w = laid()
    const Tags = [{ Key: 'Name', Value: 'kept' }]
    const made = w.reserve('10.0.1.16/28', {
      Description: 'for appliances',
      TagSpecifications: [{ ResourceType: 'subnet-cidr-reservation', Tags }],
    })
    assert.match(must(made.SubnetCidrReservationId), /^scr-[0-9a-f]{17}$/)
    assert.deepEqual(made, {
      SubnetCidrReservationId: made.SubnetCidrReservationId,
      SubnetId: w.subnetId,
      Cidr: '10.0.1.16/28',
      ReservationType: 'explicit',
      OwnerId: US.account,
      Description: 'for appliances',
      Tags,
    })
    assert.deepEqual(w.get(), { SubnetIpv4CidrReservations: [made], SubnetIpv6CidrReservations: [] })
    assert.deepEqual(w.free(made.SubnetCidrReservationId).DeletedSubnetCidrReservation, made)
    assert.deepEqual(w.get(), { SubnetIpv4CidrReservations: [], SubnetIpv6CidrReservations: [] })
    refused('InvalidSubnetCidrReservationID.NotFound', () => w.free(made.SubnetCidrReservationId))
    refused('InvalidSubnetCidrReservationID.Malformed', () => w.free('subnet-1'))
  })

  test('C2: clears host bits', () => {
    assert.equal(laid().reserve('10.0.1.17/28').Cidr, '10.0.1.16/28')
  })

  test('C13: lies within its subnet and overlaps no other one of it', () => {
    const w = laid()
    w.reserve('10.0.1.16/28')
    refused('InvalidParameterValue', () => w.reserve('10.0.1.0/27'), /It overlaps with the reservation scr-/)
    refused('InvalidParameterValue', () => w.reserve('10.0.1.16/30', { ReservationType: 'prefix' }))
    refused('InvalidParameterValue', () => w.reserve('10.0.2.0/28'), /It is not within a CIDR block of subnet-/)
    refused('InvalidParameterValue', () => w.reserve('10.0.0.0/16'))
    refused('InvalidParameterValue', () => w.reserve('2001:db8::/80'))
    refused('InvalidParameterValue', () => w.reserve('10.0.1.32'), /This is not a valid CIDR block/)
    refused('InvalidSubnetID.NotFound', () => w.reserve('10.0.1.32/28', { SubnetId: 'subnet-0123456789abcdef0' }))
    w.reserve('10.0.1.32/28', { ReservationType: 'prefix' })
    assert.equal(w.get().SubnetIpv4CidrReservations?.length, 2)
  })

  test("of IPv6 is a record of the subnet's IPv6 block, and keeps that block", () => {
    const w = laid()
    w.call('AssociateVpcCidrBlock', { VpcId: w.vpcId, AmazonProvidedIpv6CidrBlock: true })
    const [block] = must(w.call('DescribeVpcs', { VpcIds: [w.vpcId] }).Vpcs?.[0]?.Ipv6CidrBlockAssociationSet)
    const Ipv6CidrBlock = must(block?.Ipv6CidrBlock).replace('/56', '/64')
    const { Ipv6CidrBlockAssociation } = w.call('AssociateSubnetCidrBlock', { SubnetId: w.subnetId, Ipv6CidrBlock })
    const AssociationId = must(Ipv6CidrBlockAssociation?.AssociationId)
    const made = w.reserve(Ipv6CidrBlock.replace('/64', '/80'), { ReservationType: 'prefix' })
    assert.deepEqual(w.get(), { SubnetIpv4CidrReservations: [], SubnetIpv6CidrReservations: [made] })
    refused('DependencyViolation', () => w.call('DisassociateSubnetCidrBlock', { AssociationId }))
    w.free(made.SubnetCidrReservationId)
    w.call('DisassociateSubnetCidrBlock', { AssociationId })
  })

  test('C13: goes with its subnet, which it does not keep', () => {
    const w = laid()
    const { SubnetCidrReservationId } = w.reserve('10.0.1.16/28')
    w.call('DeleteSubnet', { SubnetId: w.subnetId })
    refused('InvalidSubnetCidrReservationID.NotFound', () => w.free(SubnetCidrReservationId))
    refused('InvalidSubnetID.NotFound', () => w.get())
  })

  test('is found by its type, its subnet and its tags, and in pages', () => {
    const w = laid()
    const Tags = [{ Key: 'Team', Value: 'A' }]
    w.reserve('10.0.1.16/28', { TagSpecifications: [{ ResourceType: 'subnet-cidr-reservation', Tags }] })
    for (const at of [32, 48, 64, 80, 96]) w.reserve(`10.0.1.${at}/28`, { ReservationType: 'prefix' })
    const found = (Name: string, value: string) =>
      w.get({ Filters: [{ Name, Values: [value] }] }).SubnetIpv4CidrReservations?.length
    assert.deepEqual([found('reservationType', 'prefix'), found('reservationType', 'explicit')], [5, 1])
    assert.deepEqual([found('subnet-id', w.subnetId), found('subnet-id', 'subnet-1')], [6, 0])
    assert.deepEqual([found('tag:Team', 'A'), found('tag:Team', 'B')], [1, 0])
    assert.deepEqual([found('tag-key', 'Team'), found('tag-key', 'team')], [1, 0])
    refused('InvalidParameterValue', () => found('colour', 'red'))
    const first = w.get({ MaxResults: 5 })
    assert.equal(first.SubnetIpv4CidrReservations?.length, 5)
    const rest = w.get({ MaxResults: 5, NextToken: must(first.NextToken) })
    assert.deepEqual([rest.SubnetIpv4CidrReservations?.length, rest.NextToken], [1, undefined])
    refused('InvalidParameterValue', () => w.get({ MaxResults: 4 }))
  })

  test("of another account's is not there", () => {
    const w = laid()
    const SubnetCidrReservationId = must(w.reserve('10.0.1.16/28').SubnetCidrReservationId)
    const other = { ...US, account: '210987654321' }
    refused('InvalidSubnetCidrReservationID.NotFound', () =>
      w.call('DeleteSubnetCidrReservation', { SubnetCidrReservationId }, other),
    )
  })
})

describe('what is reserved', () => {
  test('C13: is not given out by itself, and counts as unused', () => {
    const w = laid('10.0.1.0/27')
    w.reserve('10.0.1.0/28')
    const given = Array.from({ length: 15 }, () => must(w.eni()))
    assert.deepEqual(
      given.map((address) => Number(address.split('.')[3])).toSorted((a, b) => a - b),
      Array.from({ length: 15 }, (_, i) => i + 16),
    )
    const count = () => w.call('DescribeSubnets', { SubnetIds: [w.subnetId] }).Subnets?.[0]?.AvailableIpAddressCount
    assert.equal(count(), 12)
    refused('InsufficientFreeAddressesInSubnet', () => w.eni())
    assert.equal(w.eni('10.0.1.5'), '10.0.1.5')
    assert.equal(count(), 11)
  })

  test('comes free again with the reservation; what it held stays with whom it has', () => {
    const w = laid('10.0.1.0/28')
    const { SubnetCidrReservationId } = w.reserve('10.0.1.0/28')
    assert.equal(w.eni('10.0.1.5'), '10.0.1.5')
    refused('InsufficientFreeAddressesInSubnet', () => w.eni())
    w.free(SubnetCidrReservationId)
    for (let i = 0; i < 10; i++) assert.notEqual(w.eni(), '10.0.1.5')
    refused('InsufficientFreeAddressesInSubnet', () => w.eni())
  })

  test('may hold addresses that somebody has', () => {
    const w = laid('10.0.1.0/28')
    w.eni('10.0.1.5')
    w.reserve('10.0.1.4/30')
    for (let i = 0; i < 7; i++) assert.match(must(w.eni()), /^10\.0\.1\.(8|9|1\d)$/)
    refused('InsufficientFreeAddressesInSubnet', () => w.eni())
  })

  test('C13: for prefixes is not given to who names an address of it', () => {
    const w = laid()
    w.reserve('10.0.1.16/28', { ReservationType: 'prefix' })
    refused('InvalidParameterValue', () => w.eni('10.0.1.20'))
    assert.equal(w.eni('10.0.1.32'), '10.0.1.32')
  })

  test('leaves room for as many instances as the subnet has for itself', () => {
    const w = laid('10.0.1.0/28')
    w.reserve('10.0.1.8/29')
    assert.equal(w.run({ MinCount: 1, MaxCount: 9 }).length, 4)
  })
})
