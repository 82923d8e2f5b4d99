/** Assertions on a network: what words mean, what holds, and what is said of what does not. */
import assert from 'node:assert/strict'
import { afterEach, beforeEach, describe, test } from 'node:test'
import { endsOf } from '../../src/check/ends.ts'
import { evaluate, type Result } from '../../src/check/evaluate.ts'
import { readAssertions } from '../../src/check/file.ts'
import { junit } from '../../src/check/junit.ts'
import { NameError } from '../../src/check/names.ts'
import { answered } from '../../src/network/flow.ts'
import { type Lab, lab } from './lab.ts'

let l: Lab
beforeEach(async () => {
  l = await lab()
})
afterEach(() => l.b.close())

async function results(...lines: string[]): Promise<Result[]> {
  const read = readAssertions(lines.map((line) => `- ${line}`).join('\n'))
  assert.ok('assertions' in read, JSON.stringify(read))
  return evaluate(await l.subject(), read.assertions, {})
}
const statuses = async (...lines: string[]) => (await results(...lines)).map(({ status }) => status)

describe('a word means', () => {
  const ids = (word: string): string[] =>
    endsOf(l.b.plane.state, word, {}).map((end) => ('id' in end ? end.id : JSON.stringify(end)))
  const refused = (word: string, message: RegExp) =>
    assert.throws(
      () => endsOf(l.b.plane.state, word, {}),
      (error: Error) => error instanceof NameError && message.test(error.message),
    )

  test('an instance by Name, id and beginning of an id', () => {
    for (const word of ['web', 'Web', l.web.id, l.web.id.slice(0, 12)]) assert.deepEqual(ids(word), [l.web.id], word)
  })

  test('all with a tag, in a block, a VPC, a subnet or a group', () => {
    const words = ['Name=db', 'tag:Name=db', '10.2.0.0/16', 'vpc NextWork-2', 'instances in subnet public-2']
    for (const word of [...words, `group ${l.v2.defaultGroup}`]) {
      const [one, ...more] = ids(word)
      assert.ok(one === l.db.id || one === l.db.interface, `${word}: ${one}`)
      assert.equal(more.length, 0)
    }
  })

  test('a part of the internet, where a public block is nobody here has', () => {
    assert.deepEqual(endsOf(l.b.plane.state, '203.0.113.0/24', {}), [{ kind: 'internet', prefix: '203.0.113.0/24' }])
  })

  test('a peering or gateway by Name or id', () => {
    assert.deepEqual(ids('VPC 1 <> VPC 2'), [l.peering])
    assert.deepEqual(ids(l.v1.gateway ?? ''), [l.v1.gateway])
  })

  test('what is there: the name of a peering that is over may be given again', () => {
    const before = l.peering
    l.b.call('DeleteVpcPeeringConnection', { VpcPeeringConnectionId: before })
    const again = l.s.peer(l.v1, l.v2)
    l.name(again, 'VPC 1 <> VPC 2')
    assert.deepEqual(ids('VPC 1 <> VPC 2'), [again])
    assert.deepEqual(ids(before), [before], 'by its id, as routes still lead to it')
  })

  test('nothing, or several: then it is said what there is', () => {
    refused('nobody', /^There is no instance nobody\. There is: .*web \(i-/)
    refused('vpc nobody', /^There is no VPC nobody/)
    refused('group default', /^default may mean several, so give an id: default \(sg-/)
    refused('10.9.0.0/16', /^Nobody has an address in 10\.9\.0\.0\/16/)
    refused('Team=none', /^No instance has the tag Team=none/)
  })

  test('the thing of the own account, where another has one of the same name', () => {
    l.name(l.db.id, 'web')
    refused('web', /may mean several/)
    assert.throws(() => endsOf(l.b.plane.state, 'web', { account: '123456789012' }), NameError)
  })
})

describe('an assertion', () => {
  test('holds or fails by the verdict', async () => {
    l.s.allow(l.v2.defaultGroup, 'tcp 22-80 10.1.0.0/16')
    assert.deepEqual(
      await statuses(
        '{from: web, to: db, expect: reachable}',
        '{from: web, to: db, expect: unreachable}',
        '{from: web, to: db, port: 22, expect: reachable}',
        '{from: web, to: db, port: 20-90, expect: partly}',
        '{from: web, to: db, port: 20-90, expect: unreachable}',
      ),
      ['fails', 'holds', 'holds', 'holds', 'fails'],
    )
  })

  test('of lists holds only if it does of every pair; what is within one host is no pair', async () => {
    l.s.allow(l.v2.defaultGroup, 'icmp 8 10.1.0.0/16')
    const [both] = await results('{from: [web, db], to: [web, vpc NextWork-2], expect: reachable}')
    assert.deepEqual([both?.status, both?.pairs, both?.failing], ['fails', 2, 1])
    assert.equal(both?.failures[0]?.explanation.headline, '`db` can not ping `web`: one setting is in the way.')
    assert.equal(both?.failures[0]?.explanation.fixes[0]?.calls[0]?.action, 'AuthorizeSecurityGroupIngress')
  })

  test('`only` fails with the first traffic that is too much, answered or not', async () => {
    l.s.allow(l.v2.defaultGroup, 'tcp 22-80 10.1.0.0/16')
    const only = (ports: string) => `{from: web, to: db, expect: only, ports: ${ports}}`
    const [exact, less, more] = await results(only('[tcp 22-80]'), only('[tcp 22]'), only('[tcp, icmp]'))
    assert.deepEqual([exact?.status, less?.status, more?.status], ['holds', 'fails', 'holds'])
    assert.deepEqual(less?.failures[0]?.explanation.question.traffic.destinationPorts, { from: 23, to: 80 })
    l.s.allow(l.v2.defaultGroup, 'icmp 13 10.1.0.0/16')
    assert.deepEqual(await statuses(only('[tcp 22-80]')), ['fails'])
    // One way: the request arrives, though nothing comes back.
    l.s.revoke(l.v2.defaultGroup, 'icmp 13 10.1.0.0/16')
    l.b.call('DeleteRoute', { RouteTableId: l.s2.table, DestinationCidrBlock: '10.1.0.0/16' })
    assert.deepEqual(await statuses(only('[udp]')), ['fails'])
  })

  test('about something that is not there is an error at its place in the file', async () => {
    const [missing, same] = await results(
      '{from: web, to: nobody, expect: reachable}',
      '{from: web, to: web, expect: reachable}',
    )
    assert.deepEqual([missing?.status, missing?.error?.line, missing?.error?.column], ['error', 1, 19])
    assert.match(same?.error?.message ?? '', /the same thing/)
  })

  test('has packets that the simulator judges as the model does', async () => {
    l.s.allow(l.v2.defaultGroup, 'tcp 22 0.0.0.0/0')
    const checked = await results(
      '{from: web, to: db, expect: reachable}',
      '{from: web, to: db, port: 22, expect: reachable}',
      '{from: db, to: internet, expect: reachable}',
      '{from: web, to: db, expect: only, ports: [tcp 22]}',
    )
    const samples = checked.flatMap((result) => result.samples)
    assert.ok(samples.length >= 5)
    assert.deepEqual(new Set(samples.map((sample) => sample.answered)), new Set([true, false]))
    for (const { flow, from, answered: expected } of samples)
      assert.equal(answered(await l.b.probe(flow, from)), expected, JSON.stringify(flow))
  })
})

test('JUnit XML has a case for each assertion, and no character that XML has no place for', async () => {
  const found = await results(
    '{name: "a < b\\u0001 & \\"c\\"", because: so, from: web, to: db, expect: reachable}',
    '{from: web, to: db, expect: unreachable}',
    '{from: web, to: nobody, expect: reachable}',
  )
  const xml = junit('reach.yaml', found)
  assert.match(xml, /<testsuite name="reach\.yaml" tests="3" failures="1" errors="1">/)
  assert.match(xml, /<testcase name="a &lt; b &amp; &quot;c&quot;" classname="reach\.yaml" line="1">/)
  assert.match(xml, /<failure message="`web` can not ping `db`: one setting is in the way\.">Because: so\n/)
  assert.match(xml, /<testcase name="web to db" classname="reach\.yaml" line="2"\/>/)
  assert.match(xml, /<error message="There is no instance nobody\./)
})
