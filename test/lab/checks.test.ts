/** Each kind of check on a running network: when it holds, when not, and what it says. */
import assert from 'node:assert/strict'
import { before, describe, type TestContext, test } from 'node:test'
import { openSession, type Session } from '../../src/cli/session.ts'
import type { Result } from '../../src/lab/checks/run-checks.ts'
import { look } from '../../src/lab/course/course.ts'
import { startCourse } from '../../src/lab/course/start.ts'
import { ownState, shop } from '../cli/person.ts'
import { labIn, written } from './written.ts'

const { state, isthmus } = ownState('lab-checks')
let session: Session
let group = ''

/** Two instances of one subnet and group, `web` with a public address; nothing may come in. */
before(async () => {
  group = (
    await shop(isthmus, 'shop', [
      { name: 'web', isPublic: true },
      { name: 'db', isPublic: false },
    ])
  ).group
  session = await openSession({ state })
})

const WHERE = `where:
  vpc: { vpc: { cidr: 10.1.0.0/16 } }
  subnet: { subnet: { vpc: $vpc } }
  igw: { internetGateway: { vpc: $vpc } }
  web: { instance: { vpc: $vpc, name: web } }
  db: { instance: { vpc: $vpc, name: db } }
  any: { instance: { vpc: $vpc } }
  none: { instance: { vpc: $vpc, name: nobody } }
`

/** What becomes of checks written as \`id: look\`. */
async function looked(t: TestContext, checks: Readonly<Record<string, string>>): Promise<Map<string, Result>> {
  const list = Object.entries(checks).map(([id, one]) => `  - { id: ${id}, ${one} }`)
  const lab = labIn(
    written(t, `${WHERE}checks:\n${list.join('\n')}`, { 'step1/good.sh': GOOD, 'step1/bad.sh': 'echo no; exit 1' }),
  )
  const course = await startCourse(session, lab, () => {})
  const [step] = lab.steps
  assert.ok(step)
  const { results } = await look(course, step, false)
  return new Map(results.map((result) => [result.id, result]))
}

const GOOD = 'test "$web_privateIp" != "" && test "$AWS_ENDPOINT_URL" != "" && test "$vpc_cidr" = 10.1.0.0/16'

async function statuses(t: TestContext, checks: Readonly<Record<string, string>>) {
  return Object.fromEntries([...(await looked(t, checks))].map(([id, { status }]) => [id, status]))
}

describe('checks', () => {
  test('exists and absent find things by relation', async (t) => {
    const found = await statuses(t, {
      there: 'exists: $web',
      state: 'exists: { instance: { vpc: $vpc, state: running } }',
      nobody: 'exists: $none',
      gone: 'absent: $none',
      'not-gone': 'absent: $web',
      'of-nobody': 'absent: { address: { instance: $none } }',
    })
    assert.deepEqual(found, {
      ...{ there: 'passed', state: 'passed', nobody: 'failed' },
      ...{ gone: 'passed', 'not-gone': 'failed', 'of-nobody': 'passed' },
    })
  })

  test('a name that is nobody, or several, is said where it is needed', async (t) => {
    const found = await looked(t, {
      none: 'reach: { from: $none, to: $db, expect: reachable }',
      any: 'reach: { from: $any, to: $db, expect: reachable }',
    })
    assert.match(found.get('none')?.words ?? '', /^There is no instance in vpc-\w+ called nobody yet\.$/)
    assert.match(found.get('any')?.words ?? '', /^There is more than one instance in vpc-\w+: i-\w+, i-\w+\.$/)
  })

  test('what is there more than once is not absent, nor is what belongs to it', async (t) => {
    const found = await looked(t, {
      'of-any': 'absent: { address: { instance: $any } }',
      'of-nobody': 'absent: { address: { instance: $none } }',
    })
    assert.match(found.get('of-any')?.words ?? '', /^There is more than one instance in vpc-\w+: /)
    assert.equal(found.get('of-nobody')?.status, 'passed')
  })

  test('route looks at the table that a subnet uses', async (t) => {
    const found = await statuses(t, {
      out: 'route: { table: $subnet, to: 0.0.0.0/0, via: internet-gateway }',
      'out-by-id': 'route: { table: $subnet, to: 0.0.0.0/0, via: $igw }',
      local: 'route: { table: $subnet, to: 10.1.0.0/16, via: local }',
      peering: 'route: { table: $subnet, to: 0.0.0.0/0, via: peering }',
      missing: 'route: { table: $subnet, to: 10.9.0.0/16 }',
      dead: 'route: { table: $subnet, to: 0.0.0.0/0, state: blackhole }',
    })
    assert.deepEqual(found, {
      ...{ out: 'passed', 'out-by-id': 'passed', local: 'passed' },
      ...{ peering: 'failed', missing: 'failed', dead: 'failed' },
    })
  })

  test('api compares what is at a path', async (t) => {
    const path = `action: DescribeVpcs, input: { VpcIds: [$vpc] }, path`
    const found = await looked(t, {
      equals: `api: { ${path}: "Vpcs[].CidrBlock", equals: [10.1.0.0/16] }`,
      contains: `api: { ${path}: "Vpcs[].CidrBlock", contains: 10.1.0.0/16 }`,
      matches: `api: { ${path}: "Vpcs[0].VpcId", matches: "^vpc-" }`,
      some: `api: { ${path}: "Vpcs[?IsDefault]" }`,
      other: `api: { ${path}: "Vpcs[].CidrBlock", equals: [10.2.0.0/16] }`,
      refused: 'api: { action: DescribeVpcs, input: { VpcIds: [vpc-0] }, path: Vpcs }',
      mistyped: `api: { ${path}: "length(Nothing)", equals: 0 }`,
    })
    const status = Object.fromEntries([...found].map(([id, one]) => [id, one.status]))
    assert.deepEqual(status, {
      ...{ equals: 'passed', contains: 'passed', matches: 'passed' },
      ...{ some: 'failed', other: 'failed', refused: 'failed', mistyped: 'failed' },
    })
    assert.equal(found.get('other')?.words, 'DescribeVpcs says ["10.1.0.0/16"], and it should be ["10.2.0.0/16"].')
    assert.match(found.get('refused')?.words ?? '', /InvalidVpcID\.Malformed/)
  })

  test('reach asks the model and sends a packet, and says who stops it', async (t) => {
    const found = await looked(t, {
      ping: 'engine: [model, wire], reach: { from: $web, to: $db, proto: icmp, expect: reachable }',
      closed:
        'engine: [model, wire], reach: { from: $web, to: $db, proto: icmp, is: blocked, by: security-group, on: $db }',
      'not-the-acl': 'reach: { from: $web, to: $db, proto: icmp, is: blocked, by: network-acl }',
      'not-web': 'reach: { from: $web, to: $db, proto: icmp, is: blocked, on: $web }',
      ssh: 'engine: wire, reach: { from: internet, to: $web.publicIp, port: 22, expect: unreachable }',
      why: 'fail: "Why? {{why}}", reach: { from: $web, to: $db, proto: icmp, expect: reachable }',
      code: 'explain: { from: $web, to: $db, code: SG_HAS_NO_RULES }',
      'other-code': 'explain: { from: $web, to: $db, code: NO_ROUTE_TO_DESTINATION }',
    })
    const status = Object.fromEntries([...found].map(([id, one]) => [id, one.status]))
    assert.deepEqual(status, {
      ...{ ping: 'failed', closed: 'passed', 'not-the-acl': 'failed', 'not-web': 'failed' },
      ...{ ssh: 'passed', why: 'failed', code: 'passed', 'other-code': 'failed' },
    })
    const { words = '', evidence = '' } = found.get('ping') ?? {}
    assert.match(words, /security group `shop` .*of `db`/)
    assert.match(words, /aws ec2 authorize-security-group-ingress/)
    const why = found.get('why')?.words ?? ''
    assert.match(why, /^Why\? .*\n.*security group `shop` .*of `db`/)
    assert.doesNotMatch(why, /aws ec2/)
    assert.match(evidence, /^\$ ping .*\nPING 10\.1\.[\d.]+ .*100% packet loss/s)
  })

  test('reach holds once the way is open, and via says over what it leads', async (t) => {
    const rule = { IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] }
    await session.client.call('AuthorizeSecurityGroupIngress', { GroupId: group, IpPermissions: [rule] })
    t.after(() => session.client.call('RevokeSecurityGroupIngress', { GroupId: group, IpPermissions: [rule] }))
    const found = await looked(t, {
      ping: 'engine: [model, wire], reach: { from: $web, to: $db, proto: icmp, expect: reachable }',
      ssh: 'engine: [model, wire], reach: { from: internet, to: $web.publicIp, port: 22, expect: reachable, via: internet-gateway }',
      'over-peering': 'reach: { from: $web, to: $db, proto: icmp, expect: reachable, via: peering }',
      closed: 'engine: [model, wire], reach: { from: $web, to: $db, proto: icmp, is: blocked }',
    })
    const status = Object.fromEntries([...found].map(([id, one]) => [id, one.status]))
    assert.deepEqual(status, { ping: 'passed', ssh: 'passed', 'over-peering': 'failed', closed: 'failed' })
    assert.match(found.get('over-peering')?.words ?? '', /does not lead over peering/)
  })

  test('reach of what gets through in part is neither, and no packet contradicts that', async (t) => {
    const rule = { IpProtocol: 'icmp', FromPort: -1, ToPort: -1, IpRanges: [{ CidrIp: '203.0.113.0/24' }] }
    await session.client.call('AuthorizeSecurityGroupIngress', { GroupId: group, IpPermissions: [rule] })
    t.after(() => session.client.call('RevokeSecurityGroupIngress', { GroupId: group, IpPermissions: [rule] }))
    const ping = 'from: internet, to: $web.publicIp, proto: icmp'
    const found = await looked(t, {
      all: `engine: [model, wire], reach: { ${ping}, expect: reachable }`,
      none: `engine: [model, wire], reach: { ${ping}, expect: unreachable }`,
      some: 'engine: [model, wire], reach: { from: 203.0.113.10, to: $web.publicIp, port: 22, expect: unreachable }',
    })
    for (const id of ['all', 'none']) {
      assert.equal(found.get(id)?.status, 'failed', id)
      assert.match(found.get(id)?.words ?? '', /security group `shop`/, id)
    }
    assert.equal(found.get('some')?.status, 'passed')
  })

  test('exec looks at exit code and output, and a command that can not run has failed', async (t) => {
    const found = await statuses(t, {
      name: 'exec: { on: $web, command: hostname, output: "^ip-10-1-" }',
      words: 'exec: { on: $web, command: [hostname], output: ip }',
      shell: 'exec: { on: $web, command: "test=$$HOME; false", exit: 1 }',
      wrong: 'exec: { on: $web, command: "true", output: something }',
      nobody: 'exec: { on: i-0, command: "true" }',
      named: 'exec: { on: $web, command: "echo it is $db.privateIp", output: "^it is $db.privateIp$$" }',
      other: 'exec: { on: $web, command: "echo it is $db.privateIp", output: "^it is $web.privateIp$$" }',
    })
    assert.deepEqual(found, {
      ...{ name: 'passed', words: 'passed', shell: 'passed', wrong: 'failed', nobody: 'failed' },
      ...{ named: 'passed', other: 'failed' },
    })
  })

  test('exec may end otherwise where instances are simulated', async (t) => {
    const found = await statuses(t, {
      there: 'exec: { on: $web, command: "false", simulated: { exit: 1 } }',
      said: 'exec: { on: $web, command: hostname, exit: 9, simulated: { output: "^ip-" } }',
      not: 'exec: { on: $web, command: "true", simulated: { exit: 1 } }',
    })
    assert.deepEqual(found, { there: 'passed', said: 'passed', not: 'failed' })
  })

  test('script runs with the server and the names as variables', async (t) => {
    const found = await looked(t, { good: 'script: good.sh', bad: 'script: bad.sh' })
    assert.deepEqual([found.get('good')?.status, found.get('bad')?.status], ['passed', 'failed'])
    assert.equal(found.get('bad')?.words, 'no')
  })

  test('event is about what happened since the lab began', async (t) => {
    await session.client.call('CreateVpc', { CidrBlock: '10.0.0.0/8' }).catch(() => {})
    const checks = `checks:
  - { id: refused, event: { action: CreateVpc, error: InvalidVpc.Range } }
  - { id: words, event: { action: CreateVpc, message: "10.0.0.0/8" } }
  - { id: done, event: { action: CreateVpc } }`
    const lab = labIn(written(t, checks))
    const [step] = lab.steps
    assert.ok(step)
    const course = await startCourse(session, lab, () => {})
    const now = async () => (await look(course, step, false)).results.map(({ status }) => status)
    assert.deepEqual(await now(), ['failed', 'failed', 'failed'])
    await session.client.call('CreateVpc', { CidrBlock: '10.0.0.0/8' }).catch(() => {})
    assert.deepEqual(await now(), ['passed', 'passed', 'failed'])
    const { Vpc } = await session.client.call('CreateVpc', { CidrBlock: '10.7.0.0/16' })
    await session.client.call('DeleteVpc', { VpcId: Vpc?.VpcId ?? '' })
    assert.deepEqual(await now(), ['passed', 'passed', 'passed'])
  })
})
