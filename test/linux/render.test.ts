import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Actual, Desired, Found } from '../../src/engines/linux/desired.ts'
import { isEmpty, plan } from '../../src/engines/linux/diff.ts'
import { changeTable, type NftTable } from '../../src/engines/linux/nft.ts'
import { render } from '../../src/engines/linux/render.ts'
import { lab, PING_IN_B, route, rule, PING, service } from './networks.ts'
import type { Fact, Network } from '../../src/network/network.ts'
import { prefix } from '../../src/ip/prefix.ts'

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
      return [name, { ...n, links: new Map(ends), loopback: true, nft: n.nft }]
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
    'ct direction reply ct mark and 1 == 1 oifname . ip daddr @senders accept comment "tracked"',
    'ct direction reply ct mark and 4 == 4 oifname . ip daddr != @senders accept comment "tracked"',
    'counter drop comment "sg-b|ingress|SG_HAS_NO_RULES"',
  ])
})

describe('the services of a router', () => {
  const served = lab(
    service('vpc-b', 'metadata', '169.254.169.254'),
    service('vpc-b', 'dns', '10.2.0.2'),
    service('vpc-b', 'dns', 'fd00:ec2::253'),
  )
  const router = namespace('vpc-b', rendered(served))
  const rules = (name: string) => router.nft?.chains.get(name)?.rules

  test('P6: their addresses are its own, which no route table comes before', () => {
    assert.deepEqual(texts(router.addresses), [
      '10.2.0.2/32 dev lo scope link',
      '10.2.11.1/32 dev lo',
      '169.254.169.254/32 dev lo scope link',
    ])
    assert.deepEqual(
      router.services?.map((s) => s.address),
      ['10.2.0.2', '169.254.169.254'],
    )
  })

  test('only who sends from an own address is marked for them; the mark leads to no table', () => {
    const entry = [...(router.nft?.chains ?? [])].find(([name]) => name.startsWith('subnet-'))?.[1].rules
    assert.deepEqual(entry, [
      'ip daddr { 10.2.0.2, 169.254.169.254 } goto service-source',
      'ip daddr 10.2.11.0/24 meta mark set 16777216 accept',
      'meta mark set 1 accept',
    ])
    assert.deepEqual(rules('service-source'), [
      'iifname . ip saddr != @senders counter drop comment "vpc-b|service-source|ISTHMUS_SERVICE_SOURCE"',
      'update @askers { iifname limit rate over 1024/second burst 1024 packets } ' +
        'counter drop comment "vpc-b|service-rate|ISTHMUS_SERVICE_RATE"',
      'meta mark set 33554432 notrack accept',
    ])
    assert.ok(texts(router.rules).every((r) => !r.includes('0x2000000')))
  })

  test('P5: no group and no ACL judges what is for them', () => {
    assert.deepEqual(rules('egress-rules'), ['meta mark 33554432 accept', 'iifname vmap @egress'])
    assert.equal(rules('segment-egress')?.[1], 'meta mark 33554432 accept')
  })

  test('their ports are taken and answer; all else is silence', () => {
    assert.deepEqual(rules('input'), [
      'meta mark 33554432 goto service',
      'counter drop comment "vpc-b|no-host|NO_POSSIBLE_DESTINATION"',
    ])
    assert.deepEqual(rules('service'), [
      'ip daddr 10.2.0.2 udp dport 53 accept comment "vpc-b|dns|"',
      'ip daddr 10.2.0.2 tcp dport 53 accept comment "vpc-b|dns|"',
      'ip daddr 169.254.169.254 tcp dport 80 accept comment "vpc-b|metadata|"',
      'counter drop comment "vpc-b|service-port|ISTHMUS_SERVICE_PORT"',
    ])
    assert.deepEqual(rules('output'), [
      'icmp type destination-unreachable icmp code frag-needed accept',
      'ip saddr 10.2.0.2 udp sport 53 notrack accept',
      'ip saddr 10.2.0.2 tcp sport 53 notrack accept',
      'ip saddr 169.254.169.254 tcp sport 80 notrack accept',
      'counter drop comment "silence"',
    ])
  })

  test('a router without any has no gate for them', () => {
    const { nft, services } = namespace('vpc-a', rendered(served))
    assert.deepEqual(services, [])
    assert.equal(nft?.chains.has('service'), false)
    assert.equal(nft?.chains.has('service-source'), false)
  })
})

test('D30: ports and ICMP types become matches of their protocols', () => {
  const more = [
    rule('sg-b', 'ingress', 'web', { ...PING, protocol: 6, ports: { from: 80, to: 90 } }),
    rule('sg-b', 'ingress', 'frag', { ...PING, icmp: { type: 3, code: 4 } }),
  ]
  const rules = [...(namespace('vpc-b', rendered(lab(...more))).nft?.chains ?? [])]
    .find(([name]) => name.startsWith('sg-ingress-'))?.[1]
    .rules.slice(3, -1)
  assert.deepEqual(rules?.toSorted(), [
    'meta nfproto ipv4 icmp type 3 icmp code 4 counter goto track-ingress comment "sg-b|frag|"',
    'meta nfproto ipv4 tcp dport 80-90 counter accept comment "sg-b|web|"',
  ])
})

describe('rules that differ in a block or a port are entries of one map', () => {
  const web = (id: string, block: string, port: number) =>
    rule('sg-b', 'ingress', id, { protocol: 6, ports: { from: port, to: port }, remote: { prefix: prefix(block) } })
  const table = (...rules: Fact[]) => namespace('vpc-b', rendered(lab(...rules))).nft
  const judging = (nft: NftTable | undefined) =>
    [...(nft?.chains ?? [])].find(([, { rules }]) => rules.some((r) => r.includes('"sg-b|ingress|')))?.[1].rules
  const entries = (nft: NftTable | undefined) =>
    [...(nft?.sets ?? [])].flatMap(([name, { type, elements }]) =>
      name.startsWith('rules-ingress-') ? [{ type, keys: [...elements.keys()] }] : [],
    )
  const three = [web('a', '10.7.0.0/16', 80), web('b', '10.8.0.0/16', 443), web('c', '192.0.2.7/32', 80)]

  test('one for each length of block, and each entry leads to a rule that names itself', () => {
    const nft = table(...three)
    assert.deepEqual(
      judging(nft)
        ?.slice(3, -1)
        .map((line) => line.replace(/@.*/, '@')),
      ['ip saddr & 255.255.0.0 . tcp dport vmap @', 'ip saddr . tcp dport vmap @'],
    )
    assert.deepEqual(entries(nft), [
      { type: 'ipv4_addr . inet_service : verdict', keys: ['10.7.0.0 . 80', '10.8.0.0 . 443'] },
      { type: 'ipv4_addr . inet_service : verdict', keys: ['192.0.2.7 . 80'] },
    ])
    const named = [...(nft?.chains.values() ?? [])]
      .flatMap(({ rules }) => rules)
      .filter((r) => /"sg-b\|[abc]\|"$/.test(r))
    assert.deepEqual(
      named,
      ['a', 'b', 'c'].map((id) => `counter goto track-ingress comment "sg-b|${id}|"`),
    )
  })

  test('one more is one more entry and one more chain: no rule is written again', () => {
    const [have, want] = [table(...three), table(...three, web('d', '10.9.0.0/16', 22))]
    assert.ok(have && want)
    const lines = changeTable(have, want).map((line) => line.replace(/-[0-9a-f]{12}/g, '-#'))
    assert.deepEqual(lines, [
      'add chain inet isthmus sg-ingress-#',
      'add element inet isthmus rules-ingress-# { 10.9.0.0 . 22 : goto sg-ingress-# }',
      'add rule inet isthmus sg-ingress-# counter goto track-ingress comment "sg-b|d|"',
    ])
  })

  test('two rules of the same block and port are one entry', () => {
    assert.deepEqual(
      entries(table(web('a', '10.7.0.0/16', 80), web('b', '10.7.0.0/16', 80))).map(({ keys }) => keys),
      [['10.7.0.0 . 80']],
    )
  })

  test('S10: those whose flows go untracked are asked first', () => {
    const open = (protocol: number, port: number) =>
      rule('sg-b', 'ingress', `any-${port}`, { ...PING, protocol, ports: { from: port, to: port } })
    const facts = open(6, 80)
    assert.ok('rule' in facts)
    const { icmp: _, ...match } = facts.rule.match
    const lines = judging(table({ rule: { ...facts.rule, match } }, web('a', '10.7.0.0/16', 80)))?.slice(3, -1)
    assert.deepEqual(
      lines?.map((line) => line.replace(/@.*/, '@')),
      ['meta nfproto ipv4 tcp dport vmap @', 'ip saddr & 255.255.0.0 . tcp dport vmap @'],
    )
  })
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
    timeouts: new Map(),
    sets: new Map([['m', { kind: 'map' as const, type: 'ifname : verdict', elements: new Map([['"a"', value]]) }]]),
    chains: new Map(),
  })
  assert.deepEqual(changeTable(table('accept'), table('drop')), [
    'delete element inet isthmus m { "a" }',
    'add element inet isthmus m { "a" : drop }',
  ])
})
