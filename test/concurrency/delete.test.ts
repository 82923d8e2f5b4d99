import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { caughtUp } from '../server/bench.ts'
import { crowd, launched, place, tally, told } from './crowd.ts'

/** Each client that is told of a success does so truthfully, whichever of the two kinds of calls came first. */
describe('what some clients delete while others use it is never half gone', () => {
  test('a VPC, and subnets in it: no subnet is left without its VPC', async (t) => {
    const { ec2, all } = await crowd(t)
    const { SubnetId: defaultSubnet } = (await ec2.call('DescribeSubnets', {})).Subnets?.[0] ?? {}
    const outcomes = new Set<string>()
    for (let round = 0; round < 12; round++) {
      const vpcId = (await ec2.call('CreateVpc', { CidrBlock: '10.1.0.0/16' })).Vpc?.VpcId ?? ''
      // One in turn begins, so that each side has a chance to be first.
      const answers = await all((n) =>
        (n + round) % 2 === 0
          ? { Action: 'DeleteVpc', VpcId: vpcId }
          : { Action: 'CreateSubnet', VpcId: vpcId, CidrBlock: `10.1.${n}.0/24` },
      )
      const { Vpcs = [] } = await ec2.call('DescribeVpcs', {})
      const { Subnets = [] } = await ec2.call('DescribeSubnets', {})
      const mine = Subnets.filter((s) => s.VpcId === vpcId).map((s) => s.SubnetId ?? '')
      const isThere = Vpcs.some((vpc) => vpc.VpcId === vpcId)
      outcomes.add(isThere ? 'there' : 'gone')
      const [deletions, creations] = [0, 1].map((kind) => answers.filter((_, n) => (n + round) % 2 === kind))
      assert.deepEqual(mine.toSorted(), told(creations ?? [], 'subnetId').toSorted())
      assert.deepEqual(
        tally(deletions ?? []),
        isThere ? { DependencyViolation: 32 } : { ok: 1, 'InvalidVpcID.NotFound': 31 },
      )
      assert.equal(isThere, mine.length > 0)
      for (const SubnetId of mine) await ec2.call('DeleteSubnet', { SubnetId })
      if (isThere) await ec2.call('DeleteVpc', { VpcId: vpcId })
    }
    assert.ok(defaultSubnet)
    assert.deepEqual([...outcomes].toSorted(), ['gone', 'there'], 'each side was first at least once')
  })

  test('a subnet, and interfaces in it; a group, and a rule that names it', async (t) => {
    const { ec2, all } = await crowd(t)
    const { vpcId, subnetId } = await place(ec2)
    const answers = await all((n) =>
      n % 2 === 0
        ? { Action: 'CreateNetworkInterface', SubnetId: subnetId }
        : { Action: 'DeleteSubnet', SubnetId: subnetId },
    )
    const { NetworkInterfaces = [] } = await ec2.call('DescribeNetworkInterfaces', {})
    const made = told(
      answers.filter((_, n) => n % 2 === 0),
      'networkInterfaceId',
    )
    assert.deepEqual(NetworkInterfaces.map((eni) => eni.NetworkInterfaceId).toSorted(), made.toSorted())
    const { Subnets = [] } = await ec2.call('DescribeSubnets', {})
    assert.equal(
      Subnets.some((s) => s.SubnetId === subnetId),
      made.length > 0,
    )

    const group = async (GroupName: string) =>
      (await ec2.call('CreateSecurityGroup', { VpcId: vpcId, GroupName, Description: 'x' })).GroupId ?? ''
    const [named, naming] = [await group('named'), await group('naming')]
    const rules = await all((n) =>
      n % 2 === 0
        ? { Action: 'DeleteSecurityGroup', GroupId: named }
        : {
            Action: 'AuthorizeSecurityGroupIngress',
            GroupId: naming,
            'IpPermissions.1.IpProtocol': 'tcp',
            'IpPermissions.1.FromPort': `${n}`,
            'IpPermissions.1.ToPort': `${n}`,
            'IpPermissions.1.Groups.1.GroupId': named,
          },
    )
    const { SecurityGroups = [] } = await ec2.call('DescribeSecurityGroups', {
      Filters: [{ Name: 'vpc-id', Values: [vpcId] }],
    })
    const isThere = SecurityGroups.some((g) => g.GroupId === named)
    const pairs = SecurityGroups.find((g) => g.GroupId === naming)?.IpPermissions?.length ?? 0
    assert.equal(pairs, rules.filter(({ code }, n) => n % 2 === 1 && code === 'ok').length)
    assert.equal(isThere, pairs > 0, 'no rule names a group that is not there')
  })

  test('an instance that is terminated while interfaces are attached to it', async (t) => {
    const { ec2, all, server } = await crowd(t)
    const { subnetId } = await place(ec2)
    const [InstanceId = ''] = await launched(ec2, subnetId, 1)
    await caughtUp(server.stateDir)
    const enis = await Promise.all(
      Array.from({ length: 64 }, async () => {
        const { NetworkInterface } = await ec2.call('CreateNetworkInterface', { SubnetId: subnetId })
        return NetworkInterface?.NetworkInterfaceId ?? ''
      }),
    )
    await all((n) =>
      n % 8 === 7
        ? { Action: 'TerminateInstances', 'InstanceId.1': InstanceId }
        : { Action: 'AttachNetworkInterface', NetworkInterfaceId: enis[n] ?? '', InstanceId, DeviceIndex: '1' },
    )
    await caughtUp(server.stateDir)
    const look = async () =>
      (await ec2.call('DescribeNetworkInterfaces', { NetworkInterfaceIds: enis })).NetworkInterfaces ?? []
    let seen = await look()
    // It takes a second to detach what was attached.
    while (seen.some(({ Attachment }) => Attachment?.Status === 'detaching')) seen = await look()
    assert.equal(seen.length, 64, 'what was made apart outlives the instance')
    assert.deepEqual(
      [...new Set(seen.map(({ Attachment }) => Attachment?.Status ?? 'none'))].filter((s) => s !== 'detached'),
      ['none'],
    )
  })

  test('X1: peerings asked for from both sides at once are one, and are accepted or rejected once', async (t) => {
    const { ec2, all } = await crowd(t)
    const vpc = async (CidrBlock: string) => (await ec2.call('CreateVpc', { CidrBlock })).Vpc?.VpcId ?? ''
    const [a, b] = [await vpc('10.1.0.0/16'), await vpc('10.2.0.0/16')]
    const asked = await all((n) => ({
      Action: 'CreateVpcPeeringConnection',
      VpcId: n % 2 === 0 ? a : b,
      PeerVpcId: n % 2 === 0 ? b : a,
    }))
    assert.equal(tally(asked).ok, 1, JSON.stringify(tally(asked)))
    const [VpcPeeringConnectionId = ''] = told(asked, 'vpcPeeringConnectionId')
    const verbs = ['Accept', 'Reject', 'Delete'] as const
    const answers = await all((n) => ({ Action: `${verbs[n % 3]}VpcPeeringConnection`, VpcPeeringConnectionId }))
    const wins = verbs.map((_, verb) => answers.filter(({ code }, n) => n % 3 === verb && code === 'ok').length)
    const { VpcPeeringConnections = [] } = await ec2.call('DescribeVpcPeeringConnections', {})
    const state = VpcPeeringConnections[0]?.Status?.Code
    assert.ok(
      wins.every((count) => count <= 1),
      `${wins}`,
    )
    assert.equal(wins[1] === 1, state === 'rejected')
    assert.equal(wins[2] === 1, state === 'deleted')
    assert.ok((wins[0] ?? 0) + (wins[1] ?? 0) + (wins[2] ?? 0) >= 1)
    assert.ok(wins[0] === 0 || wins[1] === 0, 'not both accepted and rejected')
  })
})
