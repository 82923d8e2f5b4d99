import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Ec2, UnreachableError } from '../../src/client/ec2-client.ts'
import { clientOf, folder, served } from './bench.ts'

/** What one client was told, in the order in which it asked. */
interface Acknowledged {
  readonly vpcs: string[]
  readonly subnets: string[]
  /** Group and the rule's port. */
  readonly rules: [group: string, port: number][]
}

/** Creates things until the server goes away; whoever asked for an answer that never came learns nothing. */
async function createUntilGone(ec2: Ec2, told: Acknowledged): Promise<void> {
  try {
    for (let n = 0; ; n++) {
      const { Vpc } = await ec2.call('CreateVpc', { CidrBlock: '10.0.0.0/16' })
      const VpcId = Vpc?.VpcId ?? ''
      told.vpcs.push(VpcId)
      const { Subnet } = await ec2.call('CreateSubnet', { VpcId, CidrBlock: '10.0.1.0/24' })
      told.subnets.push(Subnet?.SubnetId ?? '')
      const { GroupId = '' } = await ec2.call('CreateSecurityGroup', { VpcId, GroupName: `g${n}`, Description: 'x' })
      await ec2.call('AuthorizeSecurityGroupIngress', {
        GroupId,
        IpProtocol: 'tcp',
        FromPort: n,
        ToPort: n,
        CidrIp: '10.0.0.0/8',
      })
      told.rules.push([GroupId, n])
    }
  } catch (error) {
    if (!(error instanceof UnreachableError)) throw error
  }
}

/** Every acknowledged change is there, and every VPC, acknowledged or not, has all that comes with one. */
async function checkAll(ec2: Ec2, told: Acknowledged): Promise<void> {
  const { Vpcs = [] } = await ec2.call('DescribeVpcs', {})
  const { Subnets = [] } = await ec2.call('DescribeSubnets', {})
  const { SecurityGroups = [] } = await ec2.call('DescribeSecurityGroups', {})
  const { RouteTables = [] } = await ec2.call('DescribeRouteTables', {})
  const { NetworkAcls = [] } = await ec2.call('DescribeNetworkAcls', {})
  const missing = (ids: readonly string[], there: readonly (string | undefined)[]) =>
    ids.filter((id) => !there.includes(id))
  assert.deepEqual(
    missing(
      told.vpcs,
      Vpcs.map((v) => v.VpcId),
    ),
    [],
    'VPCs',
  )
  assert.deepEqual(
    missing(
      told.subnets,
      Subnets.map((s) => s.SubnetId),
    ),
    [],
    'subnets',
  )
  const rules = told.rules.filter(
    ([id, port]) => !SecurityGroups.find((g) => g.GroupId === id)?.IpPermissions?.some((p) => p.FromPort === port),
  )
  assert.deepEqual(rules, [], 'rules')
  for (const { VpcId } of Vpcs) {
    assert.equal(
      RouteTables.filter((r) => r.VpcId === VpcId && r.Associations?.some((a) => a.Main)).length,
      1,
      'main table',
    )
    assert.equal(NetworkAcls.filter((a) => a.VpcId === VpcId && a.IsDefault).length, 1, 'default ACL')
    assert.equal(
      SecurityGroups.filter((g) => g.VpcId === VpcId && g.GroupName === 'default').length,
      1,
      'default group',
    )
  }
  const acls = NetworkAcls.flatMap((a) => a.Associations ?? []).map((a) => a.SubnetId)
  assert.deepEqual(acls.toSorted(), Subnets.map((s) => s.SubnetId).toSorted(), 'every subnet has one ACL')
}

describe('what has been answered is on the disk', () => {
  test('a server killed at a random moment has lost nothing it acknowledged, and nothing is half there', async (t) => {
    const stateDir = folder(t)
    const told: Acknowledged = { vpcs: [], subnets: [], rules: [] }
    for (let round = 0; round < 4; round++) {
      const server = await served(t, stateDir, { quotas: { vpcs: 1000 } })
      await checkAll(clientOf(server.endpoint), told)
      const clients = [1, 2, 3].map(() => createUntilGone(clientOf(server.endpoint), told))
      // While answers are under way: some are acknowledged, some are not.
      while (told.vpcs.length < 25 * (round + 1)) await sleep(1)
      await sleep(Math.random() * 150)
      await server.killed()
      await Promise.all(clients)
    }
    const server = await served(t, stateDir, { quotas: { vpcs: 1000 } })
    await checkAll(clientOf(server.endpoint), told)
    t.diagnostic(`${told.vpcs.length} VPCs, ${told.subnets.length} subnets, ${told.rules.length} rules`)
    await server.killed()
  })
})
