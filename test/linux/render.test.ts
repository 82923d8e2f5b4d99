import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Actual, Desired, Found } from '../../src/engines/linux/desired.ts'
import { isEmpty, plan } from '../../src/engines/linux/diff.ts'
import { changeTable } from '../../src/engines/linux/nft.ts'
import { render } from '../../src/engines/linux/render.ts'
import { lab, PING_IN_B, route, rule, PING } from './networks.ts'
import type { Network } from '../../src/network/network.ts'

const rendered = (network: Network = lab()): Desired => render(network, { tag: 't' })
const namespace = (name: string, desired = rendered()) => {
  const found = desired.namespaces.get(`t-${name}`)
  assert.ok(found, `${name} has a namespace`)
  return found
}
const texts = (facts: ReadonlyMap<string, string>) => [...facts.values()].sort()

/** Exactly what is wanted, as if it had been applied. */
const asApplied = (want: Desired): Actual =>
  new Map(
    [...want.namespaces].map(([name, n]): [string, Found] => {
      const ends = want.links.flatMap((l) =>
        l.ends
          .filter((e) => e.namespace === name)
          .map((e) => [e.name, { index: 0, mac: e.mac, mtu: l.mtu, arp: l.arp, up: true }] as const),
      )
      return [name, { ...n, links: new Map(ends), nft: n.nft }]
    }),
  )

test('an instance has its address, its gateway and the ttl of Amazon Linux', () => {
  const host = namespace('i-a')
  assert.deepEqual(texts(host.addresses), ['10.1.11.10/24 dev eth0'])
  assert.deepEqual(texts(host.routes), ['default via 10.1.11.1 dev eth0 table main'])
  assert.equal(host.sysctls.get('ipv4/ip_default_ttl'), '127')
  assert.equal(host.nft, undefined)
})

test('a route table is a kernel table that its mark leads to; what no route matches ends there in silence (R7)', () => {
  const router = namespace('vpc-b')
  assert.deepEqual(texts(router.rules), [
    'pref 100 fwmark 0x1 lookup 16777217',
    'pref 100 fwmark 0x2 lookup 16777218',
    'pref 30000 lookup local',
    'pref 30001 lookup 33554432',
  ])
  const edge = texts(router.routes).filter((r) => r.endsWith('16777218'))
  assert.deepEqual(edge, ['blackhole default table 16777218', 'throw 10.2.0.0/16 table 16777218'])
})

test('X6: what comes over a peering is marked for the table that leads to its own hosts only', () => {
  const chains = namespace('vpc-a').nft?.chains
  const edges = [...(chains ?? [])].filter(([name]) => name.startsWith('edge-')).flatMap(([, chain]) => chain.rules)
  assert.deepEqual(edges, ['meta mark set 2 accept', 'meta mark set 2 accept'])
})

test('a closed group names itself in the drop', () => {
  const rules = [...(namespace('vpc-b').nft?.chains ?? [])].find(([name]) => name.startsWith('sg-ingress-'))?.[1].rules
  assert.deepEqual(rules, [
    'ct direction original ct mark and 2 == 2 accept comment "tracked"',
    'ct direction reply ct mark and 1 == 1 accept comment "tracked"',
    'counter drop comment "sg-b|ingress|SG_HAS_NO_RULES"',
  ])
})

test('D30: ports and ICMP types become matches of their protocols', () => {
  const more = [
    rule('sg-b', 'ingress', 'web', { ...PING, protocol: 6, ports: { from: 80, to: 90 } }),
    rule('sg-b', 'ingress', 'frag', { ...PING, icmp: { type: 3, code: 4 } }),
  ]
  const rules = [...(namespace('vpc-b', rendered(lab(...more))).nft?.chains ?? [])]
    .find(([name]) => name.startsWith('sg-ingress-'))?.[1]
    .rules.slice(2, -1)
  assert.deepEqual(rules?.toSorted(), [
    'meta nfproto ipv4 icmp type 3 icmp code 4 goto track-ingress comment "sg-b|frag|"',
    'meta nfproto ipv4 tcp dport 80-90 accept comment "sg-b|web|"',
  ])
})

test('what is as wanted needs nothing', () => {
  assert.ok(isEmpty(plan(asApplied(rendered()), rendered())))
})

test('a rule that is added changes one chain of one router, and adds to no other', () => {
  const steps = plan(asApplied(rendered()), rendered(lab(PING_IN_B)))
  assert.deepEqual([...steps.changes.keys()], ['t-vpc-b'])
  const change = steps.changes.get('t-vpc-b')
  assert.deepEqual(change?.ip, [])
  assert.ok(change?.nft.every((line) => !line.startsWith('delete table')))
})

test('a route that is added is one command', () => {
  const steps = plan(asApplied(rendered()), rendered(lab(route('vpc-a-rtb', '10.77.0.0/16', { kind: 'blackhole' }))))
  assert.deepEqual(
    [...steps.changes],
    [['t-vpc-a', { ip: ['route replace blackhole 10.77.0.0/16 table 16777217'], nft: [] }]],
  )
})

test('a link that is missing at one end is remade whole, with what hung on it', () => {
  const have = new Map(asApplied(rendered()))
  const host = have.get('t-i-a')
  assert.ok(host)
  have.set('t-i-a', { ...host, links: new Map() })
  const steps = plan(have, rendered())
  assert.equal(steps.links.length, 1)
  assert.equal(steps.unlinked.get('t-vpc-a')?.length, 1)
  assert.ok(steps.changes.get('t-vpc-a')?.ip.some((line) => line.startsWith('route replace 10.1.11.10 dev')))
})

test('an element that changes its value leaves before it comes back', () => {
  const table = (value: string) => ({
    sets: new Map([['m', { kind: 'map' as const, type: 'ifname : verdict', elements: new Map([['"a"', value]]) }]]),
    chains: new Map(),
  })
  assert.deepEqual(changeTable(table('accept'), table('drop')), [
    'delete element inet isthmus m { "a" }',
    'add element inet isthmus m { "a" : drop }',
  ])
})
