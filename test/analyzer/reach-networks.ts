/** Small dense networks by a seed: many interfaces that differ in little, and every kind of thing between them. */
import { internet as internetFacts } from '../../src/compile/internet.ts'
import { ip } from '../../src/ip/address.ts'
import { prefix } from '../../src/ip/prefix.ts'
import type { Match } from '../../src/network/match.ts'
import type { Fact, Network, NextHop } from '../../src/network/network.ts'
import { type Random, random } from '../differential/random.ts'
import {
  host,
  link,
  network,
  over,
  route,
  rule,
  ruleSet,
  service,
  subnet,
  translation,
  vpc,
} from '../linux/networks.ts'

interface Site {
  readonly id: string
  readonly block: number
  readonly subnets: { readonly id: string; readonly net: string; readonly table: string }[]
  readonly groups: readonly string[]
  readonly hosts: { readonly id: string; readonly address: string; readonly groups: readonly string[] }[]
  readonly uplink: string | undefined
}

export function randomNetwork(seed: number): Network {
  const chance = random(seed)
  const sites = Array.from({ length: 1 + chance.below(3) }, (_, i) => siteOf(chance, i))
  const facts = sites.flatMap((site) => siteFacts(chance, site, sites))
  const peered = sites.flatMap((a, i) =>
    sites
      .slice(i + 1)
      .filter(() => chance.chance(0.7))
      .map((b) => [a, b] as const),
  )
  return network(withoutDoubles(flat([internetFacts(), facts, peered.map(([a, b]) => peeringFacts(chance, a, b))])))
}

/** A table has a prefix once. */
function withoutDoubles(facts: readonly Fact[]): Fact[] {
  const seen = new Set<string>()
  return facts.filter((fact) => {
    const key = 'route' in fact ? `${fact.route.table} ${fact.route.prefix}` : undefined
    const isNew = key === undefined || !seen.has(key)
    if (key !== undefined) seen.add(key)
    return isNew
  })
}

type Nested = Fact | readonly Nested[]
const flat = (facts: Nested): Fact[] => (Array.isArray(facts) ? facts.flatMap(flat) : [facts as Fact])

function siteOf(chance: Random, index: number): Site {
  const id = `vpc-${index}`
  // Now and then two VPCs have the same block.
  const block = chance.chance(0.15) ? 1 : index + 1
  return {
    id,
    block,
    subnets: Array.from({ length: 1 + chance.below(2) }, (_, i) => ({
      id: `${id}-subnet${i}`,
      net: `10.${block}.${i}`,
      table: i === 0 ? `${id}-rtb` : `${id}-rtb2`,
    })),
    groups: [`${id}-sg0`, `${id}-sg1`],
    hosts: [],
    uplink: chance.chance(0.7) ? `igw-${index}` : undefined,
  }
}

function siteFacts(chance: Random, site: Site, sites: readonly Site[]): Nested[] {
  const { id, block, subnets, uplink } = site
  const facts: Nested[] = [vpc(id, `10.${block}.0.0/16`), service(id, 'dns', `10.${block}.0.2`)]
  facts.push({ table: { id: `${id}-rtb2`, node: id, number: 3, origin: { resource: `${id}-rtb2` } } })
  facts.push(route(`${id}-rtb2`, `10.${block}.0.0/16`, { kind: 'connected' }))
  if (uplink) facts.push(link(uplink, 'uplink', [id, 'internet'], 1500))
  for (const one of subnets) facts.push(subnetFacts(chance, site, one))
  for (const one of subnets) facts.push(hostFacts(chance, site, one))
  for (const group of site.groups) facts.push(groupFacts(chance, site, group, sites))
  for (const table of new Set(subnets.map((s) => s.table))) facts.push(routeFacts(chance, site, table))
  return facts
}

function subnetFacts(chance: Random, { id }: Site, { id: own, net, table }: Site['subnets'][number]): Fact[] {
  const acl = chance.chance(0.4) ? `${own}-acl` : undefined
  const facts = subnet(own, id, `${net}.0/24`, acl).map((fact) =>
    'interface' in fact ? { interface: { ...fact.interface, table } } : fact,
  )
  if (!acl) return facts
  const entries = (['ingress', 'egress'] as const).flatMap((direction) => [
    ...Array.from({ length: chance.below(3) }, (_, i) =>
      rule(acl, direction, `${i}`, matchOf(chance, remoteOf(chance)), chance.chance(0.5) ? 'allow' : 'deny', 10 + i),
    ),
    ...(chance.chance(0.85) ? [rule(acl, direction, 'all', { remote: anywhere }, 'allow', 900)] : []),
  ])
  return [...facts, ruleSet(acl, false), ...entries]
}

const anywhere = { prefix: prefix('0.0.0.0/0') }

function hostFacts(chance: Random, site: Site, { id: own, net }: Site['subnets'][number]): Nested[] {
  const facts: Nested[] = []
  const count = 1 + chance.below(4)
  for (let i = 0; i < count; i++) {
    const id = `${own}-i${i}`
    const groups = chance.chance(0.2) ? site.groups : [chance.pick(site.groups)]
    const addresses = [`${net}.${10 + i}`, ...(chance.chance(0.1) ? [`${net}.${100 + i}`] : [])]
    facts.push(host(id, own, addresses.join(' '), groups, chance.chance(0.85)))
    for (const address of addresses) site.hosts.push({ id, address, groups })
    if (site.uplink && chance.chance(0.4))
      facts.push(
        translation(
          `${site.uplink}:${site.id}`,
          addresses[0] as string,
          `198.18.${site.id.slice(4)}.${i + 1 + Number(net.at(-1)) * 20}`,
        ),
      )
    if (chance.chance(0.2)) facts.push(secondInterface(chance, site, id, net, i))
  }
  return facts
}

/** Another interface of a host, on the first subnet of the VPC. */
function secondInterface(chance: Random, { subnets, groups, hosts }: Site, node: string, net: string, i: number): Fact {
  const address = `${subnets[0]?.net}.${200 + i + Number(net.at(-1)) * 10}`
  hosts.push({ id: node, address, groups: [groups[0] as string] })
  return {
    interface: {
      id: `${node}-eni1`,
      node,
      segment: subnets[0]?.id as string,
      addresses: [ip(address)],
      sourceDestCheck: chance.chance(0.6),
      ruleSets: [groups[0] as string],
      deviceIndex: 1,
      placement: 'here',
      origin: { resource: `${node}-eni1` },
    },
  }
}

function groupFacts(chance: Random, site: Site, group: string, sites: readonly Site[]): Fact[] {
  const members = site.hosts.filter(({ groups }) => groups.includes(group)).map(({ address }) => ip(address))
  const groups = sites.slice(0, sites.indexOf(site) + 1).flatMap((s) => s.groups)
  const remote = () => (chance.chance(0.35) ? { addressSet: chance.pick(groups) } : remoteOf(chance))
  const some = (direction: 'ingress' | 'egress', count: number) =>
    Array.from({ length: count }, (_, i) => rule(group, direction, `${direction}${i}`, matchOf(chance, remote())))
  return [
    { addressSet: { id: group, addresses: members, origin: { resource: group } } },
    ruleSet(group, true),
    ...some('ingress', 1 + chance.below(4)),
    ...(chance.chance(0.7) ? [rule(group, 'egress', 'all', { remote: anywhere })] : some('egress', chance.below(3))),
  ]
}

const remoteOf = (chance: Random): Match['remote'] => ({
  prefix: prefix(
    chance.weighted([
      [6, '0.0.0.0/0'],
      [2, '10.0.0.0/8'],
      [1, '10.1.0.0/16'],
      [1, '10.1.0.0/24'],
      [1, '10.2.0.8/30'],
      [1, '10.1.0.11/32'],
      [1, '203.0.113.0/24'],
      [1, '198.18.1.0/28'],
    ]),
  ),
})

const matchOf = (chance: Random, remote: Match['remote']): Match => ({
  remote,
  ...chance.weighted<Omit<Match, 'remote'>>([
    [4, {}],
    [2, { protocol: 1 }],
    [1, { protocol: 1, icmp: { type: 8 } }],
    [2, { protocol: 6, ports: { from: 22, to: 22 } }],
    [2, { protocol: 6, ports: { from: 80, to: 443 } }],
    [1, { protocol: 6, ports: { from: 1024, to: 65535 } }],
    [1, { protocol: 6 }],
    [2, { protocol: 17 }],
    [1, { protocol: 17, ports: { from: 53, to: 53 } }],
  ]),
})

function routeFacts(chance: Random, site: Site, table: string): Nested[] {
  const facts: Nested[] = []
  const nat = `${site.id}-nat`
  const home = site.subnets[0]?.id as string
  const isFirst = table === `${site.id}-rtb`
  const hasNat = !isFirst && site.uplink !== undefined && chance.chance(0.5)
  if (hasNat) {
    const address = `10.${site.block}.0.4`
    const [, at] = host(nat, home, address, [], false)
    facts.push({
      node: { id: nat, kind: 'nat', serves: [prefix(`10.${site.block}.0.0/16`)], origin: { resource: nat } },
    })
    facts.push(at as Fact, translation(`${site.uplink}:${site.id}`, address, `198.18.${site.id.slice(4)}.250`))
    facts.push(route(table, '0.0.0.0/0', { kind: 'interface', interface: `${nat}-eni` }))
  } else if (site.uplink && chance.chance(0.85)) {
    facts.push(route(table, '0.0.0.0/0', over(`${site.uplink}:${site.id}`)))
  }
  const targets: readonly NextHop[] = [
    { kind: 'blackhole' },
    ...site.hosts.slice(0, 2).map(({ id }): NextHop => ({ kind: 'interface', interface: `${id}-eni` })),
  ]
  if (chance.chance(0.3))
    facts.push(route(table, chance.pick(['192.168.0.0/16', '10.2.0.10/32', '8.8.8.0/24']), chance.pick(targets)))
  return facts
}

function peeringFacts(chance: Random, a: Site, b: Site): Nested[] {
  const id = `pcx-${a.id}-${b.id}`
  const through = (from: Site, to: Site) =>
    [...new Set(from.subnets.map(({ table }) => table))]
      .filter(() => chance.chance(0.85))
      .map((table) =>
        route(table, chance.pick([`10.${to.block}.0.0/16`, `10.${to.block}.0.0/24`]), over(`${id}:${from.id}`)),
      )
  return [link(id, 'peering', [a.id, b.id]), ...(a.block === b.block ? [] : [...through(a, b), ...through(b, a)])]
}
