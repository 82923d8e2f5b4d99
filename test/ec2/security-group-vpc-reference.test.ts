/** What rules of groups that are used in two VPCs mean, and what packets make of it (S6, S7). */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { compile } from '../../src/compile/compile.ts'
import { IncrementalCompile } from '../../src/compile/incremental.ts'
import { simulator } from '../../src/engines/simulator/simulator.ts'
import { ip } from '../../src/ip/address.ts'
import { grouped, tcp, twoVpcs } from './groups.ts'
import { must, place } from './place.ts'
import { refused, US } from './world.ts'

describe('a rule that names a group of two VPCs', () => {
  const from = (GroupId: string) => ({ IpProtocol: '-1', UserIdGroupPairs: [{ GroupId }] })

  test('S6: a group of the further VPC may name it without a peering, and is stale when the association ends', () => {
    const w = twoVpcs()
    refused('InvalidGroup.NotFound', () => w.b.allow(from(w.a.GroupId)))
    w.associate()
    w.b.allow(from(w.a.GroupId))
    assert.deepEqual(w.b.show()?.IpPermissions?.[0]?.UserIdGroupPairs, [
      { GroupId: w.a.GroupId, UserId: US.account, VpcId: w.a.VpcId },
    ])
    const GroupId = [w.a.GroupId]
    assert.deepEqual(w.call('DescribeSecurityGroupReferences', { GroupId }).SecurityGroupReferenceSet, [])
    const stale = () => w.call('DescribeStaleSecurityGroups', { VpcId: w.b.VpcId }).StaleSecurityGroupSet
    assert.deepEqual(stale(), [])
    assert.deepEqual(
      w.b.rules().map((r) => r.match.remote),
      [{ addressSet: `${w.a.GroupId}/${w.b.VpcId}` }],
    )
    w.disassociate()
    assert.deepEqual(
      stale()?.map((g) => g.GroupId),
      [w.b.GroupId],
    )
    assert.match(JSON.stringify(w.b.rules()[0]?.match.remote), /\/stale"/)
    w.associate()
    assert.deepEqual(stale(), [])
  })

  test('S6: the associated group may name one of the further VPC', () => {
    const w = twoVpcs()
    w.associate()
    w.a.allow(from(w.b.GroupId))
    assert.deepEqual(
      w.a.rules().map((r) => r.match.remote),
      [{ addressSet: w.b.GroupId }],
    )
  })

  test('S7: means its members in the VPCs that are met, and not the same addresses of another VPC', () => {
    const w = twoVpcs(['10.1.0.0/16', '10.1.0.0/16'])
    w.associate()
    w.eni(w.subnet(w.a.VpcId, '10.1.1.0/24'), w.a.GroupId, '10.1.1.11')
    w.eni(w.subnet(w.b.VpcId, '10.1.1.0/24'), w.a.GroupId, '10.1.1.22')
    w.b.allow(from(w.a.GroupId))
    const network = compile(w.records)
    const addresses = (id: string) => network.addressSets.get(id)?.addresses
    assert.deepEqual(addresses(w.a.GroupId), ['10.1.1.11'])
    assert.deepEqual(addresses(`${w.a.GroupId}/${w.b.VpcId}`), ['10.1.1.22'])
    assert.deepEqual(
      w.b.rules().map((r) => r.match.remote),
      [{ addressSet: `${w.a.GroupId}/${w.b.VpcId}` }],
      'a group of VPC B alone meets no member in VPC A',
    )
  })

  test('X10: over a peering it means its members on both sides', () => {
    const w = twoVpcs()
    w.associate()
    w.b.allow(from(w.a.GroupId))
    const { VpcPeeringConnectionId = '' } =
      w.call('CreateVpcPeeringConnection', { VpcId: w.a.VpcId, PeerVpcId: w.b.VpcId }).VpcPeeringConnection ?? {}
    const one = [{ addressSet: `${w.a.GroupId}/${w.b.VpcId}` }]
    const remotes = () => w.b.rules().map((r) => r.match.remote)
    assert.deepEqual(remotes(), one)
    w.call('AcceptVpcPeeringConnection', { VpcPeeringConnectionId })
    assert.deepEqual(remotes(), [{ addressSet: w.a.GroupId }, ...one])
  })

  test('a compile that follows the state sees an association come and go', () => {
    const w = twoVpcs()
    w.associate()
    w.b.allow(from(w.a.GroupId))
    const following = new IncrementalCompile(w.records)
    for (const work of [w.disassociate, w.associate]) {
      const before = new Map([...w.records.all('security-group-vpc-association')].map((r) => [r.id, r]))
      work()
      w.associations()
      const after = new Map([...w.records.all('security-group-vpc-association')].map((r) => [r.id, r]))
      const changes = [...new Set([...before.keys(), ...after.keys()])].map((id) => {
        const record = after.get(id)
        return { type: 'security-group-vpc-association' as const, id, ...(record && { record }) }
      })
      const { network } = following.update(changes)
      assert.deepEqual(network.rules, compile(w.records).rules)
      const sets = ({ addressSets }: typeof network) =>
        [...addressSets.values()].toSorted((one, two) => one.id.localeCompare(two.id))
      assert.deepEqual(sets(network), sets(compile(w.records)))
    }
  })
})

test('S6: packets to an interface of the further VPC are judged by the group that it took', async () => {
  const p = place('10.0.0.0/16', '10.0.1.0/24')
  const other = grouped(p, '10.7.0.0/16')
  p.call('AssociateSecurityGroupVpc', { GroupId: other.GroupId, VpcId: p.vpcId })
  other.allow({ ...tcp(22), IpRanges: [], UserIdGroupPairs: [{ GroupId: other.GroupId }] })
  const member = p.running({ SecurityGroupIds: [other.GroupId] })
  const target = p.running({ SecurityGroupIds: [other.GroupId] })
  const stranger = p.running()
  const engine = simulator()
  try {
    await engine.apply(compile(p.records), 1)
    const address = (id: string) => ip(must(p.see(id).PrivateIpAddress))
    const reaches = async (from: string, destinationPort: number) => {
      const flow = { protocol: 6, sourcePort: 40_000, destinationPort }
      const trace = await engine.probe({ ...flow, source: address(from), destination: address(target) }, from)
      return trace.request.disposition
    }
    assert.deepEqual(
      [await reaches(member, 22), await reaches(member, 23), await reaches(stranger, 22)],
      ['accepted', 'denied', 'denied'],
    )
  } finally {
    await engine.close()
  }
})

test('S7: a group of two VPCs with the same blocks takes no address of one for that of the other', async () => {
  const p = place('10.0.0.0/16', '10.0.1.0/24')
  const other = grouped(p, '10.0.0.0/16')
  p.call('AssociateSecurityGroupVpc', { GroupId: other.GroupId, VpcId: p.vpcId })
  other.allow({ ...tcp(22), IpRanges: [], UserIdGroupPairs: [{ GroupId: other.GroupId }] })
  const target = p.running({ SecurityGroupIds: [other.GroupId] })
  const stranger = p.running()
  const address = (id: string) => ip(must(p.see(id).PrivateIpAddress))
  const elsewhere = must(p.call('CreateSubnet', { VpcId: other.VpcId, CidrBlock: '10.0.1.0/24' }).Subnet?.SubnetId)
  const namesake = { SubnetId: elsewhere, Groups: [other.GroupId], PrivateIpAddress: address(stranger) }
  p.call('CreateNetworkInterface', namesake)
  const network = compile(p.records)
  assert.deepEqual(network.addressSets.get(other.GroupId)?.addresses, [address(stranger)])
  assert.deepEqual(network.interfaces.get(p.primaryOf(target))?.ruleSets, [`${other.GroupId}/${p.vpcId}`])
  const engine = simulator()
  try {
    await engine.apply(network, 1)
    const flow = { protocol: 6, sourcePort: 40_000, destinationPort: 22 }
    const trace = await engine.probe({ ...flow, source: address(stranger), destination: address(target) }, stranger)
    const last = trace.request.steps.at(-1)
    assert.equal(trace.request.disposition, 'denied')
    assert.equal(last?.origin.resource, other.GroupId, 'the group is named, not its rule set in the VPC')
  } finally {
    await engine.close()
  }
})
