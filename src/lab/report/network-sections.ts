/** The parts of a report that show the network: pictures, peering, routes and rules, addresses, what is left. */
import { isOver, labelOf, type Peering, type Side, type Thing } from '../../console/estate/estate.ts'
import type { EstateSeen } from '../course/network-seen.ts'
import { type Block, block } from './blocks.ts'
import type { Facts } from './facts.ts'
import { clock } from './in-words.ts'
import type { SettingFacts } from './setting-facts.ts'
import { svgOf } from './svg.ts'

type Networks = Facts['networks']

const sizeOf = ({ network: { estate, map } }: Networks[number]): number =>
  estate ? estate.vpcs.length + estate.subnets.length + estate.tables.length + estate.instances.length : map.length

/** The network when it was largest, and the latest of these: at the end everything may be gone. */
const fullest = (networks: Networks): Networks[number] | undefined =>
  networks.toReversed().toSorted((one, other) => sizeOf(other) - sizeOf(one))[0]

export function pictures({ networks }: Facts): Block[] {
  const [first] = networks
  const full = fullest(networks)
  if (!first || !full) return []
  return [
    block('heading', 'The network, before and after'),
    ...picture('network-before.svg', 'Before: as it was at the start', first),
    ...(full === first ? [] : picture('network-after.svg', `After: as it was after step ${full.step}`, full)),
    block('yours', 'what can reach what over it now, and what can not.'),
  ]
}

function picture(name: string, title: string, { network: { estate, map } }: Networks[number]): Block[] {
  if (!estate) return map === '' ? [block('text', `${title}: it was too large to be drawn.`)] : [block('code', map)]
  if (estate.vpcs.length === 0) return [block('text', `${title}: no VPC but the default one.`)]
  return [{ kind: 'picture', name, title, svg: svgOf(estate, title) }]
}

export function peerings({ networks }: Facts): Block[] {
  const all = networks.flatMap(({ network }) => network.estate?.peerings ?? [])
  const latest = [...new Map(all.map((one) => [one.id, one])).values()]
  if (latest.length === 0) return []
  // One that is over tells the blocks of its sides no more.
  const best = (id: string) => all.findLast((one) => one.id === id && one.status === 'active')
  return [
    block('heading', 'Peering'),
    {
      kind: 'table',
      head: ['connection', 'requester', 'accepter', 'in the end'],
      rows: latest.map((one) => peeringRow(best(one.id) ?? one, one.status)),
    },
    block('yours', 'which side asked, which accepted, and why both had to.'),
  ]
}

const peeringRow = ({ id, name, requester, accepter }: Peering, status: string): string[] => [
  name ? `${name} (${id})` : id,
  side(requester),
  side(accepter),
  status,
]

const side = ({ vpcId, cidrs }: Side): string => [vpcId, ...cidrs].join(' ')

const HEADINGS: readonly (readonly [SettingFacts['kind'], string])[] = [
  ['route table', 'Route tables, before and after'],
  ['security group', 'Security groups, before and after'],
  ['network ACL', 'Network ACLs, before and after'],
]

export const settings = (facts: Facts): Block[] =>
  HEADINGS.flatMap(([kind, heading]) => {
    const changed = facts.settings.filter((one) => one.kind === kind)
    return changed.length === 0 ? [] : [block('heading', heading), ...changed.flatMap(settingBlocks)]
  })

function settingBlocks({ id, name, vpcId, before, after, changes }: SettingFacts): Block[] {
  const rows = changes.map(({ at, by, lines }) => [clock(at), by.join(', '), lines.join('\n')])
  return [
    block('subheading', `${name ? `${name} (${id})` : id} of ${vpcId}`),
    block('code', ['before', ...indented(before), 'after', ...indented(after)].join('\n')),
    { kind: 'table', head: ['time (UTC)', 'calls', 'what became otherwise'], rows },
  ]
}

const indented = (lines: readonly string[]): string[] =>
  lines.length === 0 ? ['  (nothing)'] : lines.map((line) => `  ${line}`)

export function addresses(facts: Facts): Block[] {
  if (facts.addresses.length === 0) return []
  const all = facts.networks.flatMap(({ network }) => network.estate?.addresses ?? [])
  // The latest that was with an instance: in the end it is with none.
  const known = new Map(all.toSorted(({ instanceId }) => (instanceId ? 1 : -1)).map((one) => [one.id, one]))
  const rows = facts.addresses.map(({ at, action, changed }) => {
    const [id = ''] = changed.filter((one) => one.startsWith('eipalloc-'))
    const { publicIp = '', instanceId = '' } = known.get(id) ?? {}
    return [clock(at), action, id, publicIp, /^(A|Disa)ssociate/.test(action) ? instanceId : '']
  })
  const head = ['time (UTC)', 'call', 'allocation', 'address', 'instance']
  return [block('heading', 'Elastic IP'), { kind: 'table', head, rows }]
}

/** What a lab makes, and who counts. */
const KINDS: readonly (readonly [string, (estate: EstateSeen) => readonly Thing[]])[] = [
  ['VPCs', ({ vpcs }) => vpcs],
  ['subnets', ({ subnets }) => subnets],
  ['route tables', ({ tables }) => tables],
  ['gateways', ({ gateways }) => gateways],
  ['peering connections', ({ peerings: all }) => all.filter((one) => !isOver(one))],
  ['instances', ({ instances }) => instances],
  ['Elastic IPs', ({ addresses: all }) => all],
]

export function cleanUp({ networks, isDone }: Facts): Block[] {
  const estates = networks.flatMap(({ network }) => network.estate ?? [])
  const [first, last] = [estates[0], estates.at(-1)]
  if (!isDone || !first || !last) return []
  const rows = KINDS.map(([kind, of]) => {
    const there = new Set(of(first).map(({ id }) => id))
    const made = new Set(estates.flatMap((estate) => of(estate).map(({ id }) => id)).filter((id) => !there.has(id)))
    const left = of(last).filter(({ id }) => !there.has(id))
    return { kind, made: made.size, left }
  })
  const remains = rows.some(({ left }) => left.length > 0)
  return [
    block('heading', 'Clean-up'),
    block('text', remains ? 'Of what was made, this is left:' : 'Of what was made, nothing is left.'),
    {
      kind: 'table',
      head: ['', 'made', 'left', 'which'],
      rows: rows.map(({ kind, made, left }) => [
        kind,
        String(made),
        String(left.length),
        left.slice(0, 8).map(labelOf).join(', '),
      ]),
    },
    ...onTheMachine(networks),
  ]
}

/** Only where packets are real: of a simulation nothing can be left. */
function onTheMachine(networks: Networks): Block[] {
  const counts = networks.flatMap(({ network: { namespaces } }) => (namespaces ? [namespaces] : []))
  const last = counts.at(-1)
  if (!last) return []
  const most = Math.max(...counts.map(({ length }) => length))
  const left = last.length === 0 ? 'none of them is left' : `these are left: ${last.join(', ')}`
  return [block('text', `On this machine it had up to ${most} network namespaces; ${left}.`)]
}
