/** Break/fix labs are graded by what works: several ways to mend each, what is too wide, and what does not help. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { before, describe, type TestContext, test } from 'node:test'
import { findLab } from '../../src/cli/lab-find.ts'
import { inForce, openSession, type Session } from '../../src/cli/session.ts'
import type { Ec2 } from '../../src/client/ec2-client.ts'
import { type Course, look, sightOf } from '../../src/lab/course/course.ts'
import { startCourse } from '../../src/lab/course/start.ts'
import { ownState } from '../cli/person.ts'

const noAws = spawnSync('aws', ['--version']).status === 0 ? false : 'the AWS CLI is not installed'

const { state, isthmus } = ownState('other-fixes')
let session: Session

before(async () => {
  if (noAws) return
  const { code, stderr } = await isthmus('up', '-d', '--sim', '--port', '0')
  assert.equal(code, 0, stderr)
  session = await openSession({ state })
  assert.equal((await isthmus('snapshot', 'save', 'nothing')).code, 0)
})

/** `$name` and `$name.attribute` of the lab's only step. */
type Name = (mention: string) => string

interface Attempt {
  readonly what: string
  /** Titles' ids that do not pass after it; those of warnings do not hold the learner up. */
  readonly failing: readonly string[]
  make(client: Ec2, name: Name): Promise<unknown>
}

/** Starts the lab once, and makes each attempt on what its setup has broken. */
async function attempts(t: TestContext, slug: string, list: readonly Attempt[]): Promise<void> {
  assert.equal((await isthmus('snapshot', 'restore', 'nothing')).code, 0)
  const course = await startCourse(session, findLab(slug), () => {})
  assert.equal((await isthmus('snapshot', 'save', slug)).code, 0)
  for (const { what, failing, make } of list)
    await t.test(what, async () => {
      assert.equal((await isthmus('snapshot', 'restore', slug)).code, 0)
      await inForce(session)
      await make(session.client, await namesOf(course))
      assert.deepEqual(await notPassed(course), failing)
    })
}

async function namesOf(course: Course): Promise<Name> {
  const [step] = course.lab.steps
  assert.ok(step)
  const { names } = await sightOf(course, step)
  return names.text
}

async function notPassed(course: Course): Promise<string[]> {
  const [step] = course.lab.steps
  assert.ok(step)
  const { results } = await look(course, step, false)
  return results.flatMap(({ id, status }) => (status === 'passed' ? [] : [id]))
}

const tcp = (port: number) => ({ IpProtocol: 'tcp', FromPort: port, ToPort: port })

describe('a break/fix lab is passed by whatever works', { skip: noAws }, () => {
  test('stale-group-reference', (t) => {
    const letIn = (client: Ec2, name: Name, permission: object) =>
      client.call('AuthorizeSecurityGroupIngress', { GroupId: name('$database.sg'), IpPermissions: [permission] })
    return attempts(t, 'stale-group-reference', [
      { what: 'nothing done', failing: ['client', 'guest', 'port', 'tidy'], make: async () => {} },
      {
        what: 'the new group beside the old one: it works, and the old rule is warned of',
        failing: ['tidy'],
        make: (client, name) =>
          letIn(client, name, { ...tcp(5432), UserIdGroupPairs: [{ GroupId: name('$client.sg') }] }),
      },
      {
        what: 'the new group in place of the old one',
        failing: [],
        make: async (client, name) => {
          const group = { Name: 'group-id', Values: [name('$database.sg')] }
          const { SecurityGroupRules = [] } = await client.call('DescribeSecurityGroupRules', { Filters: [group] })
          const old = SecurityGroupRules.flatMap(({ IsEgress, SecurityGroupRuleId: id = '' }) => (IsEgress ? [] : [id]))
          const rule = { ReferencedGroupId: name('$client.sg'), ...tcp(5432) }
          await client.call('ModifySecurityGroupRules', {
            GroupId: name('$database.sg'),
            SecurityGroupRules: old.map((id) => ({ SecurityGroupRuleId: id, SecurityGroupRule: rule })),
          })
        },
      },
      {
        what: "addresses of the client's subnet instead of a group, and the old rule taken away",
        failing: [],
        make: async (client, name) => {
          await letIn(client, name, { ...tcp(5432), IpRanges: [{ CidrIp: name('$clients.cidr') }] })
          const { StaleSecurityGroupSet: [stale] = [] } = await client.call('DescribeStaleSecurityGroups', {
            VpcId: name('$vpc2'),
          })
          const pairs = stale?.StaleIpPermissions?.[0]?.UserIdGroupPairs ?? []
          assert.equal(pairs.length, 1)
          await client.call('RevokeSecurityGroupIngress', {
            GroupId: name('$database.sg'),
            IpPermissions: [{ ...tcp(5432), UserIdGroupPairs: pairs }],
          })
        },
      },
      {
        what: 'everybody in the other VPC: it works, and is warned of',
        failing: ['guest', 'port', 'tidy'],
        make: (client, name) => letIn(client, name, { IpProtocol: '-1', IpRanges: [{ CidrIp: name('$vpc1.cidr') }] }),
      },
      {
        what: 'peered anew: that revives no rule for a group that is gone',
        failing: ['client', 'guest', 'port', 'tidy'],
        make: async (client, name) => {
          const [VpcId, PeerVpcId] = [name('$vpc1'), name('$vpc2')]
          const { VpcPeeringConnections: [old] = [] } = await client.call('DescribeVpcPeeringConnections', {})
          const { RouteTables = [] } = await client.call('DescribeRouteTables', {})
          await client.call('DeleteVpcPeeringConnection', { VpcPeeringConnectionId: old?.VpcPeeringConnectionId ?? '' })
          const { VpcPeeringConnection: made } = await client.call('CreateVpcPeeringConnection', { VpcId, PeerVpcId })
          const VpcPeeringConnectionId = made?.VpcPeeringConnectionId ?? ''
          await client.call('AcceptVpcPeeringConnection', { VpcPeeringConnectionId })
          for (const { RouteTableId = '', Routes = [] } of RouteTables)
            for (const { DestinationCidrBlock, VpcPeeringConnectionId: over } of Routes)
              if (over !== undefined)
                await client.call('ReplaceRoute', { RouteTableId, DestinationCidrBlock, VpcPeeringConnectionId })
        },
      },
    ])
  })

  test('missing-return-route', (t) =>
    attempts(t, 'missing-return-route', [
      {
        what: 'a route in the table that the subnet uses',
        failing: [],
        make: (client, name) =>
          client.call('CreateRoute', {
            RouteTableId: name('$subnet2.routeTable'),
            DestinationCidrBlock: name('$vpc1.cidr'),
            VpcPeeringConnectionId: name('$pcx'),
          }),
      },
      {
        what: 'the main table for the subnet, which has the route',
        failing: [],
        make: async (client, name) => {
          const asked = { RouteTableIds: [name('$subnet2.routeTable')] }
          const { RouteTables: [table] = [] } = await client.call('DescribeRouteTables', asked)
          const AssociationId = table?.Associations?.[0]?.RouteTableAssociationId ?? ''
          await client.call('DisassociateRouteTable', { AssociationId })
        },
      },
      {
        what: 'more rules for ping: they were never what is missing',
        failing: ['answered', 'other-way'],
        make: (client, name) =>
          client.call('AuthorizeSecurityGroupIngress', {
            GroupId: name('$i1.sg'),
            IpPermissions: [{ IpProtocol: 'icmp', FromPort: -1, ToPort: -1, IpRanges: [{ CidrIp: '0.0.0.0/0' }] }],
          }),
      },
    ]))

  test('forgotten-ephemeral-ports', (t) => {
    const letOut = (client: Ec2, name: Name, from: number) =>
      client.call('CreateNetworkAclEntry', {
        ...{ NetworkAclId: name('$acl'), Egress: true, RuleNumber: 200, RuleAction: 'allow', Protocol: '6' },
        ...{ CidrBlock: '0.0.0.0/0', PortRange: { From: from, To: 65_535 } },
      })
    return attempts(t, 'forgotten-ephemeral-ports', [
      { what: 'all ports that clients choose', failing: [], make: (client, name) => letOut(client, name, 1024) },
      { what: 'some of these ports', failing: ['ssh', 'closed'], make: (client, name) => letOut(client, name, 50_000) },
      {
        what: 'the default ACL again: it works, and is warned of',
        failing: ['closed'],
        make: async (client, name) => {
          const { NetworkAcls = [] } = await client.call('DescribeNetworkAcls', {
            Filters: [{ Name: 'vpc-id', Values: [name('$vpc')] }],
          })
          const own = NetworkAcls.find(({ NetworkAclId }) => NetworkAclId === name('$acl'))
          const other = NetworkAcls.find(({ IsDefault }) => IsDefault)
          const AssociationId = own?.Associations?.[0]?.NetworkAclAssociationId ?? ''
          await client.call('ReplaceNetworkAclAssociation', { AssociationId, NetworkAclId: other?.NetworkAclId ?? '' })
        },
      },
    ])
  })
})
