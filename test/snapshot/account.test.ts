/** A snapshot in the shape of a real account's answers, written by hand: `account/`. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { compile } from '../../src/compile/compile.ts'
import { routeState, routesOf } from '../../src/ec2/route.ts'
import { rulesOf } from '../../src/ec2/security-group-rule.ts'
import { readSnapshot } from '../../src/snapshot/read-snapshot.ts'

const ACCOUNT = '111122223333'
const PRIVATE = 'rtb-0c000000000000003'

describe('a snapshot of a real account', () => {
  const { state, report } = readSnapshot('test/snapshot/account')
  const network = compile(state)
  const noted = (kind: string) =>
    report.notes.filter((note) => note.kind === kind).map(({ what, count }) => `${what} ${count}`)
  const routes = (id: string) => {
    const table = state.get('route-table', id)
    assert.ok(table)
    return routesOf(state, table).map((r) => `${r.destination} ${routeState(state, table, r)}`)
  }

  test('keeps ids, tags, states and the account', () => {
    const vpc = state.get('vpc', 'vpc-0a1b2c3d4e5f60718')
    assert.equal(vpc?.account, ACCOUNT)
    assert.equal(vpc.region, 'us-east-1')
    assert.deepEqual(vpc.tags, { Name: 'prod', 'aws:cloudformation:stack-name': 'network' })
    assert.deepEqual(
      vpc.cidrBlocks.map((b) => b.cidrBlock),
      ['10.20.0.0/16', '100.64.0.0/20'],
    )
    assert.equal(vpc.enableDnsHostnames, true)
    assert.equal(state.get('instance', 'i-0a100000000000001')?.state, 'running')
    assert.equal(state.get('instance', 'i-0a100000000000002')?.state, 'stopped')
    assert.equal(state.get('elastic-ip', 'eipalloc-0a10000000000000a')?.account, ACCOUNT)
  })

  test('has routes to what is not emulated as blackholes, and the others as in AWS (R7)', () => {
    assert.deepEqual(routes(PRIVATE), [
      ...['10.20.0.0/16 active', '100.64.0.0/20 active', '0.0.0.0/0 active', '10.0.0.0/8 blackhole'],
      // The static route, as AWS prefers it to the propagated one.
      '192.168.0.0/16 active',
      ...['pl-63a5400a blackhole', '172.30.0.0/16 blackhole'],
    ])
    assert.ok(routes('rtb-0c000000000000002').includes('172.20.0.0/16 blackhole'), 'a peering that leads outside')
    assert.ok(noted('not-emulated').includes('routes to transit gateways 1'))
    assert.ok(!noted('outside').some((what) => what.includes('pcx-0e000000000000009')), 'a blackhole in AWS as well')
  })

  test('has a live host behind the interface of each service, and none behind a free one', () => {
    for (const n of [1, 3, 4, 5, 6, 7]) assert.ok(network.interfaces.has(`eni-0a10000000000000${n}`), String(n))
    for (const n of [2, 8]) assert.ok(!network.interfaces.has(`eni-0a10000000000000${n}`), String(n))
    assert.equal(network.nodes.get('nat-0d000000000000001')?.kind, 'nat')
    assert.equal(network.interfaces.get('eni-0a100000000000006')?.node, 'nat-0d000000000000001')
  })

  test('lets an interface without groups through where AWS does, and closes one whose group nobody knows', () => {
    const [open = ''] = network.interfaces.get('eni-0a100000000000004')?.ruleSets ?? []
    assert.deepEqual(
      rulesOf(state, open).map((r) => r.protocol),
      ['-1', '-1'],
    )
    assert.deepEqual(rulesOf(state, 'sg-0f000000000000077'), [])
  })

  test('has each permission once, with the id and the tags of its rule where that is told (D32)', () => {
    const rules = rulesOf(state, 'sg-0f000000000000001').filter((r) => !r.egress)
    assert.deepEqual(
      rules.map((r) => [r.id, r.tags, r.description]),
      [['sgr-0a000000000000001', { team: 'edge' }, 'the world']],
    )
    const web = rulesOf(state, 'sg-0f000000000000002').filter((r) => !r.egress)
    assert.deepEqual(
      web.map((r) => `${r.protocol} ${r.fromPort} ${r.toPort} ${r.cidrIpv4 ?? r.prefixListId ?? r.referencedGroupId}`),
      [
        'tcp 8080 8080 sg-0f000000000000001',
        'tcp 22 22 pl-0123456789abcdef0',
        'tcp 22 22 sg-0f000000000000099',
        'icmp 8 -1 10.0.0.0/8',
        '50 -1 -1 10.0.0.0/8',
      ],
    )
  })

  test('has public addresses of all kinds: Elastic, of a launch, of a service', () => {
    const outside = network.translations.map((t) => `${t.outside} ${t.inside}`).toSorted()
    assert.deepEqual(outside, ['52.0.113.7 10.20.1.10', '52.0.113.8 10.20.1.60', '54.9.9.9 10.20.1.30'])
  })

  test('has no entry of the ACL but the ones that can be changed', () => {
    const acl = state.get('network-acl', 'acl-0c000000000000001')
    assert.deepEqual(
      acl?.entries.map((e) => e.number),
      [100, 100, 101, 101, 90, 80],
    )
  })

  test('says what it does not know, and nothing of what it read', () => {
    assert.deepEqual(noted('unknown'), ['the key "Widgets" 1'])
    assert.deepEqual(noted('replaced').length, 2)
    assert.deepEqual(noted('left-out'), ['terminated instances 1', 'propagated routes 1'])
    assert.deepEqual(report.contents[0]?.account, ACCOUNT)
  })
})
