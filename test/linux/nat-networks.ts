/** Networks with nat nodes: a client, two gateways, and a way out. */
import { ip } from '../../src/ip/address.ts'
import { prefix } from '../../src/ip/prefix.ts'
import type { Fact, Network } from '../../src/network/network.ts'
import { anywhere, host, internet, link, network, over, route, rule, ruleSet, translation } from './networks.ts'

export const OUTSIDE = '203.0.113.10'
const BLOCK = prefix('10.1.0.0/16')
const at = (resource: string) => ({ origin: { resource } })

/** A nat node with one interface, called `<id>-eni`. */
const nat = (id: string, subnetId: string, address: string): Fact[] => [
  { node: { id, kind: 'nat', serves: [BLOCK], ...at(id) } },
  {
    interface: {
      id: `${id}-eni`,
      node: id,
      segment: subnetId,
      addresses: [ip(address)],
      sourceDestCheck: false,
      deviceIndex: 0,
      placement: 'here',
      ...at(`${id}-eni`),
    },
  },
]

/** A subnet of the VPC `v` with a table of its own, whose default route leads to a nat node or out. */
const subnet = (name: string, third: number, way: string | undefined): Fact[] => [
  { table: { id: `${name}-rtb`, node: 'v', number: 10 + third, ...at(`${name}-rtb`) } },
  route(`${name}-rtb`, BLOCK, { kind: 'connected' }),
  ...(way === undefined
    ? []
    : [
        route(
          `${name}-rtb`,
          '0.0.0.0/0',
          way === 'out' ? over('igw:v') : { kind: 'interface', interface: `${way}-eni` },
        ),
      ]),
  {
    segment: { id: name, kind: 'subnet', prefix: prefix(`10.1.${third}.0/24`), mtu: 9001, ruleSet: 'acl', ...at(name) },
  },
  {
    interface: {
      id: `${name}-gw`,
      node: 'v',
      segment: name,
      addresses: [ip(`10.1.${third}.1`)],
      table: `${name}-rtb`,
      sourceDestCheck: false,
      placement: 'here',
      ...at(name),
    },
  },
]

/** A client whose table leads to nat1; where nat1's and nat2's own tables lead is the question. */
export function natLab(one: string | undefined, two: string | undefined, ...more: readonly Fact[]): Network {
  return network(
    [ruleSet('acl', false), ruleSet('sg', true), rule('sg', 'egress', 'out', { remote: anywhere })],
    [rule('acl', 'egress', '100-out', { remote: anywhere }, 'allow', 100)],
    [rule('acl', 'ingress', '100-in', { remote: anywhere }, 'allow', 100)],
    [{ node: { id: 'v', kind: 'router', ...at('v') } }],
    [{ table: { id: 'v-edge', node: 'v', number: 2, ...at('igw') } }, route('v-edge', BLOCK, { kind: 'connected' })],
    internet(),
    link('igw', 'uplink', ['v', 'internet'], 1500, [OUTSIDE]),
    subnet('inside', 3, 'nat1'),
    subnet('front', 1, one),
    subnet('other', 2, two),
    nat('nat1', 'front', '10.1.1.10'),
    nat('nat2', 'other', '10.1.2.10'),
    host('client', 'inside', '10.1.3.5', ['sg']),
    host('free', 'inside', '10.1.3.6', ['sg'], false),
    more as Fact[],
  )
}
export const PUBLIC_ONE = translation('igw:v', '10.1.1.10', '198.51.100.1')
export const PUBLIC_TWO = translation('igw:v', '10.1.2.10', '198.51.100.2')
