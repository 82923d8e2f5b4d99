/** The map as text: each VPC as a tree of its subnets, route tables and gateway; then the peerings between them. */
import { compareIp, parseIp } from '../ip/address.ts'
import type { Instance, Inventory, Item, Peering, Route, RouteTable, Subnet, Vpc } from './inventory.ts'

/** A line and what hangs on it. */
interface Branch {
  readonly text: string
  readonly below: readonly Branch[]
}

const branch = (text: string, below: readonly Branch[] = []): Branch => ({ text, below })

/** Peerings in these states carry nothing any more; AWS shows them for hours or days. */
const over = new Set(['deleted', 'failed', 'rejected', 'expired'])

/**
 * Without `all`, a default VPC that has neither instances nor peerings is left out, for every Region has one; so are
 * peerings that are over.
 */
export function drawMap(everything: Inventory, { all }: { all: boolean }): string {
  const peeringsShown = everything.peerings.filter(({ status }) => all || !over.has(status))
  const inventory = { ...everything, peerings: peeringsShown }
  const shown = inventory.vpcs.filter((vpc) => all || !vpc.isDefault || isUsed(inventory, vpc.id))
  const hidden = inventory.vpcs.length - shown.length
  const blocks = shown.map((vpc) => drawTree(vpcBranch(inventory, vpc)))
  const peerings = inventory.peerings.map((peering) => peeringLine(inventory, peering))
  if (peerings.length > 0) blocks.push(['Peering connections', ...peerings.map((line) => `  ${line}`)].join('\n'))
  if (blocks.length === 0) blocks.push('There are no VPCs here yet: `isthmus create vpc my-vpc 10.1.0.0/16` makes one.')
  if (hidden > 0) blocks.push('The default VPC is not shown; --all shows it.')
  return [`Region ${inventory.region}`, ...blocks].join('\n\n')
}

const isUsed = ({ instances, peerings }: Inventory, vpcId: string): boolean =>
  instances.some((instance) => instance.vpcId === vpcId) ||
  peerings.some(({ requester, accepter }) => requester === vpcId || accepter === vpcId)

/** The name first, as people know things; the id after it. */
const label = ({ id, name }: Item): string => (name ? `${name} (${id})` : id)

const byAddress = (one: Instance, other: Instance): number => compareText(one.privateIp, other.privateIp)
const byBlock = (one: Subnet, other: Subnet): number => compareText(one.cidr, other.cidr)
const mainFirst = (one: RouteTable, other: RouteTable): number =>
  Number(other.main) - Number(one.main) || one.name.localeCompare(other.name)

/** Orders addresses, and blocks by their first address. */
function compareText(one: string, other: string): number {
  const [a, b] = [one, other].map((text) => parseIp(text.split('/')[0] ?? ''))
  return a && b ? compareIp(a, b) : one.localeCompare(other)
}

const within = <T extends { vpcId: string }>(things: readonly T[], { id }: Vpc): T[] =>
  things.filter(({ vpcId }) => vpcId === id)

function vpcBranch(inventory: Inventory, vpc: Vpc): Branch {
  const subnets = within(inventory.subnets, vpc)
    .toSorted(byBlock)
    .map((subnet) => subnetBranch(inventory, subnet))
  const tables = within(inventory.routeTables, vpc)
    .toSorted(mainFirst)
    .map((table) => tableBranch(inventory, table))
  const gateways = within(inventory.gateways, vpc).map((gateway) => branch(`Internet gateway ${label(gateway)}`))
  const kind = vpc.isDefault ? 'Default VPC' : 'VPC'
  return branch(`${kind} ${label(vpc)} ${vpc.cidrs.join(', ')}`, [...subnets, ...tables, ...gateways])
}

function subnetBranch({ instances, routeTables }: Inventory, subnet: Subnet): Branch {
  const table =
    routeTables.find(({ subnetIds }) => subnetIds.includes(subnet.id)) ??
    routeTables.find(({ vpcId, main }) => main && vpcId === subnet.vpcId)
  const here = instances
    .filter(({ subnetId }) => subnetId === subnet.id)
    .toSorted(byAddress)
    .map(instanceBranch)
  const routed = table ? ` · routed by ${table.name || table.id}` : ''
  return branch(`Subnet ${label(subnet)} ${subnet.cidr} in ${subnet.zone}${routed}`, here)
}

function instanceBranch(instance: Instance): Branch {
  const addresses = [instance.privateIp, instance.publicIp && `public ${instance.publicIp}`].filter(Boolean)
  return branch(`Instance ${label(instance)} ${addresses.join(', ')} · ${instance.state}`)
}

function tableBranch(inventory: Inventory, table: RouteTable): Branch {
  const width = Math.max(0, ...table.routes.map(({ destination }) => destination.length))
  const routes = table.routes.map((route) => branch(routeLine(inventory, route, width)))
  return branch(`Route table ${label(table)}${table.main ? ' · main' : ''}`, routes)
}

function routeLine({ gateways, peerings }: Inventory, { destination, target, state }: Route, width: number): string {
  const known = [...gateways, ...peerings].find(({ id }) => id === target)
  return `${destination.padEnd(width)} → ${known ? label(known) : target}${state === 'active' ? '' : ` · ${state}`}`
}

function peeringLine({ vpcs }: Inventory, peering: Peering): string {
  const end = (vpcId: string) => vpcs.find(({ id }) => id === vpcId)?.name || vpcId
  return `${end(peering.requester)} ⇄ ${end(peering.accepter)} · ${label(peering)} · ${peering.status}`
}

function drawTree({ text, below }: Branch): string {
  const children = below.map((child, index) => {
    const last = index === below.length - 1
    const [first = '', ...rest] = drawTree(child).split('\n')
    return [`${last ? '└─ ' : '├─ '}${first}`, ...rest.map((line) => `${last ? '   ' : '│  '}${line}`)].join('\n')
  })
  return [text, ...children].join('\n')
}
