/** What a journal keeps of the network: changes of routes and rules with their calls, and verdicts in both directions. */
import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import { openSession, type Session } from '../../src/cli/session.ts'
import { look, takeEvents } from '../../src/lab/course/course.ts'
import type { Entry, Journal } from '../../src/lab/course/journal.ts'
import { startCourse } from '../../src/lab/course/start.ts'
import { ownState, shop } from '../cli/person.ts'
import { labIn, written } from './written.ts'

const { state, isthmus } = ownState('lab-changes')
let session: Session
let group = ''

before(async () => {
  const names = ['web', 'db'].map((name) => ({ name, isPublic: false }))
  group = (await shop(isthmus, 'shop', names)).group
  session = await openSession({ state })
})

const LAB = `where:
  vpc: { vpc: { cidr: 10.1.0.0/16 } }
  web: { instance: { vpc: $vpc, name: web } }
  db: { instance: { vpc: $vpc, name: db } }
checks:
  - { id: ping, title: It answers, reach: { from: $web, to: $db, proto: icmp, expect: reachable } }`

const ofKind = <K extends Entry['kind']>(journal: Journal, kind: K) =>
  journal.entries().filter((entry): entry is Extract<Entry, { kind: K }> => entry.kind === kind)

describe('the journal of a lab', () => {
  test('has the routes and rules that calls have changed, each with its calls', async (t) => {
    const { client } = session
    const course = await startCourse(session, labIn(written(t, LAB)), () => {})
    const [{ network } = { network: undefined }] = ofKind(course.journal, 'network')
    const table = network?.estate?.tables.find(({ name }) => name.includes('public'))
    assert.ok(table)
    const route = { RouteTableId: table.id, DestinationCidrBlock: '10.9.0.0/16' }
    const GatewayId = table.routes.find(({ target }) => target.startsWith('igw-'))?.target ?? ''
    await client.call('CreateRoute', { ...route, GatewayId })
    await client.call('CreateRoute', { ...route, DestinationCidrBlock: '10.1.0.0/16', GatewayId }).catch(() => {})
    await client.call('CreateVpc', { CidrBlock: '10.77.0.0/16' })
    await takeEvents(course)
    const changed = ofKind(course.journal, 'changed')
    const actions = new Map(ofKind(course.journal, 'event').map(({ event }) => [event.number, event.action]))
    const [own, ...others] = changed.filter(({ before: was }) => was !== undefined)
    assert.deepEqual(others, [])
    assert.equal(own?.setting.id, table.id)
    assert.deepEqual(
      own?.setting.lines.filter((line) => !own.before?.includes(line)),
      [`10.9.0.0/16 → ${GatewayId} active`],
    )
    assert.deepEqual(
      own?.by.map((number) => actions.get(number)),
      ['CreateRoute'],
    )
    // What a new VPC brings along was not there before.
    assert.deepEqual(changed.flatMap(({ setting, before: was }) => (was ? [] : setting.kind)).toSorted(), [
      'network ACL',
      'route table',
      'security group',
    ])
    await takeEvents(course)
    assert.equal(ofKind(course.journal, 'changed').length, changed.length)
  })

  test('has what the analyzer says of a check, there and back, each time it becomes something else', async (t) => {
    const lab = labIn(written(t, LAB))
    const [step] = lab.steps
    assert.ok(step)
    const course = await startCourse(session, lab, () => {})
    await look(course, step, false)
    await look(course, step, false)
    const rule = { IpProtocol: 'icmp', FromPort: -1, ToPort: -1, IpRanges: [{ CidrIp: '10.1.0.0/16' }] }
    await session.client.call('AuthorizeSecurityGroupIngress', { GroupId: group, IpPermissions: [rule] })
    await look(course, step, false)
    const verdicts = ofKind(course.journal, 'verdict').map(({ ways }) => ways.map(({ isReachable }) => isReachable))
    assert.deepEqual(verdicts, [
      [false, false],
      [true, true],
    ])
    const [first] = ofKind(course.journal, 'verdict')
    assert.match(first?.ways[0]?.words.join(' ') ?? '', /security group `shop`/)
    const [rules] = ofKind(course.journal, 'changed')
    assert.deepEqual(
      rules?.setting.lines.filter((line) => !rules.before?.includes(line)),
      ['in icmp from 10.1.0.0/16'],
    )
  })
})
