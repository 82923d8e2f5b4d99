/** Networks made by hand, in a few words each. */
import { assemble } from '../../src/compile/assemble.ts'
import { ip } from '../../src/ip/address.ts'
import { addressAt, prefix } from '../../src/ip/prefix.ts'
import type { Match } from '../../src/network/match.ts'
import type { Fact, Network, NextHop, Rule, Service } from '../../src/network/network.ts'

const at = (resource: string, rule?: string) => ({ origin: { resource, ...(rule !== undefined && { rule }) } })

/** A router with one table, and the way in from links, which leads to its own hosts only. */
export const vpc = (id: string, cidr: string): Fact[] => [
  { node: { id, kind: 'router', ...at(id) } },
  { table: { id: `${id}-rtb`, node: id, number: 1, ...at(`${id}-rtb`) } },
  { table: { id: `${id}-edge`, node: id, number: 2, ...at(id) } },
  ...[`${id}-rtb`, `${id}-edge`].map((table) => route(table, cidr, { kind: 'connected' })),
]

export const subnet = (id: string, vpcId: string, cidr: string, ruleSet?: string, mtu = 9001): Fact[] => [
  { segment: { id, kind: 'subnet', prefix: prefix(cidr), mtu, ...(ruleSet !== undefined && { ruleSet }), ...at(id) } },
  {
    interface: {
      id: `${id}-gw`,
      node: vpcId,
      segment: id,
      addresses: [addressAt(prefix(cidr), 1)],
      table: `${vpcId}-rtb`,
      sourceDestCheck: false,
      placement: 'here',
      ...at(id),
    },
  },
]

/** A host with one interface, called `<id>-eni`. */
export const host = (
  id: string,
  subnetId: string,
  address: string,
  ruleSets: readonly string[],
  sourceDestCheck = true,
): Fact[] => [
  { node: { id, kind: 'host', ...at(id) } },
  {
    interface: {
      id: `${id}-eni`,
      node: id,
      segment: subnetId,
      addresses: address.split(' ').map(ip),
      sourceDestCheck,
      ruleSets,
      deviceIndex: 0,
      placement: 'here',
      ...at(`${id}-eni`),
    },
  },
]

/** A link of two routers, or of a router and the internet. Interfaces are `<id>:<node>`. */
export const link = (
  id: string,
  kind: 'peering' | 'uplink',
  nodes: readonly [string, string],
  mtu = 9001,
  outside: readonly string[] = [],
): Fact[] => [
  { segment: { id, kind, mtu, ...at(id) } },
  ...nodes.map(
    (node): Fact => ({
      interface: {
        id: `${id}:${node}`,
        node,
        segment: id,
        addresses: node === 'internet' ? outside.map(ip) : [],
        sourceDestCheck: false,
        placement: 'here',
        ...(node !== 'internet' && { table: `${node}-edge` }),
        ...at(id),
      },
    }),
  ),
]

export const internet = (): Fact[] => [{ node: { id: 'internet', kind: 'internet', ...at('internet') } }]

export const route = (table: string, to: string, nextHop: NextHop): Fact => ({
  route: { table, prefix: prefix(to), nextHop, ...at(table, to) },
})

export const over = (interfaceId: string): NextHop => ({ kind: 'link', interface: interfaceId })

export const translation = (interfaceId: string, inside: string, outside: string): Fact => ({
  translation: { interface: interfaceId, inside: ip(inside), outside: ip(outside), ...at(`eip-${outside}`) },
})

/** What a router serves its hosts with, at one address. */
export const service = (router: string, kind: Service['kind'], address: string): Fact => ({
  service: { node: router, kind, address: ip(address), ...at(router, kind) },
})

export const ruleSet = (id: string, stateful: boolean): Fact => ({ ruleSet: { id, stateful, ...at(id, 'default') } })

/** `name` becomes the rule's id. */
export const rule = (
  set: string,
  direction: Rule['direction'],
  name: string,
  match: Match,
  action: Rule['action'] = 'allow',
  priority = 0,
): Fact => ({ rule: { ruleSet: set, direction, priority, action, match, ...at(set, name) } })

/** The default rule of a new group: everything out. */
export const allOut = (set: string): Fact => rule(set, 'egress', 'all-out', { remote: { prefix: prefix('0.0.0.0/0') } })
export const anywhere = { prefix: prefix('0.0.0.0/0') }
export const PING: Match = { protocol: 1, remote: anywhere, icmp: { type: 8 } }

export const network = (...facts: readonly (Fact | readonly Fact[])[]): Network => assemble(facts.flat() as Fact[])

/** The lab: two VPCs that peer, an instance in each and one more in the first, the first with a way to the internet. */
export function lab(...more: readonly Fact[]): Network {
  return network(labFacts(), more)
}

export const labFacts = (): Fact[] => [
  ...vpc('vpc-a', '10.1.0.0/16'),
  ...vpc('vpc-b', '10.2.0.0/16'),
  ...subnet('subnet-a', 'vpc-a', '10.1.11.0/24', 'acl'),
  ...subnet('subnet-a2', 'vpc-a', '10.1.12.0/24', 'acl'),
  ...subnet('subnet-b', 'vpc-b', '10.2.11.0/24', 'acl'),
  ruleSet('acl', false),
  rule('acl', 'ingress', '100-in', { remote: anywhere }, 'allow', 100),
  rule('acl', 'egress', '100-out', { remote: anywhere }, 'allow', 100),
  ...['sg-a', 'sg-b'].flatMap((id) => [ruleSet(id, true), allOut(id)]),
  ...host('i-a', 'subnet-a', '10.1.11.10', ['sg-a']),
  ...host('i-a2', 'subnet-a2', '10.1.12.20', ['sg-a']),
  ...host('i-b', 'subnet-b', '10.2.11.172', ['sg-b']),
  ...internet(),
  ...link('pcx', 'peering', ['vpc-a', 'vpc-b']),
  ...link('igw-a', 'uplink', ['vpc-a', 'internet'], 1500, ['203.0.113.10']),
  ...link('igw-b', 'uplink', ['vpc-b', 'internet'], 1500),
  route('vpc-a-rtb', '10.2.0.0/16', over('pcx:vpc-a')),
  route('vpc-a-rtb', '0.0.0.0/0', over('igw-a:vpc-a')),
  route('vpc-b-rtb', '10.1.0.0/16', over('pcx:vpc-b')),
  route('vpc-b-rtb', '0.0.0.0/0', over('igw-b:vpc-b')),
  translation('igw-a:vpc-a', '10.1.11.10', '198.51.100.10'),
  translation('igw-b:vpc-b', '10.2.11.172', '198.51.100.20'),
]

export const PING_IN_B = rule('sg-b', 'ingress', 'ping', PING)
export const PING_IN_A = rule('sg-a', 'ingress', 'ping', PING)
