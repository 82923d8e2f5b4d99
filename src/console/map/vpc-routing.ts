/** The other columns of a VPC: its route tables, and what these lead to; and the lines between the columns. */
import type { Gateway, Peering, RouteTable, Vpc } from '../estate/estate.ts'
import { type Box, joined, type Line } from './drawing.ts'
import type { Index } from './index.ts'
import { COLUMNS, CONNECTION, FONT, GAP, TABLE, VPC } from './sizes.ts'
import { cropped } from './text.ts'

/** Tables in the order of the subnets that use them, so that few lines cross; unused ones last. */
export function tableColumn(index: Index, vpc: Vpc, subnets: readonly Box[]): Box[] {
  const place = new Map(subnets.map(({ id, y }) => [id, y]))
  const first = new Map<string, number>()
  for (const subnet of index.subnetsOf(vpc.id)) {
    const table = index.tableOf(subnet)
    if (table) first.set(table.id, Math.min(first.get(table.id) ?? Infinity, place.get(subnet.id) ?? Infinity))
  }
  const order = ({ id }: RouteTable) => first.get(id) ?? Infinity
  const tables = index.tablesOf(vpc.id).toSorted((one, other) => (order(one) < order(other) ? -1 : 1))
  return stacked(tables.map((table) => tableBox(index, table)))
}

function tableBox(index: Index, table: RouteTable): Box {
  const shown = table.routes.slice(0, TABLE.most)
  const more = table.routes.length - shown.length
  const lines = shown.map(
    ({ destination, target, state }) =>
      `${destination} → ${state === 'blackhole' ? 'blackhole' : targetName(index, target)}`,
  )
  const details = more > 0 ? [...lines, `and ${more} more`] : lines
  return {
    key: table.id,
    id: table.id,
    kind: 'table',
    x: COLUMNS.table,
    y: 0,
    width: TABLE.width,
    height: TABLE.header + details.length * TABLE.route + TABLE.padding,
    title: cropped(table.name || (table.main ? 'Main route table' : table.id), TABLE.width - 20, FONT.title),
    details: details.map((line) => cropped(line, TABLE.width - 20, FONT.detail)),
    full: `Route table ${table.name} ${table.id}${table.main ? ', the main one' : ''}`,
    tone: table.routes.some(({ state }) => state === 'blackhole') ? 'blackhole' : '',
  }
}

function targetName({ estate }: Index, target: string): string {
  const things = [...estate.gateways, ...estate.peerings]
  return (things.find(({ id }) => id === target)?.name || target).replace(/^pcx-(.{6}).*/, 'pcx-$1…')
}

/** Gateways, then peerings. */
export function connectionColumn(index: Index, vpc: Vpc): Box[] {
  const peerings = index.peeringsOf(vpc.id).map((peering) => peeringBox(index, vpc, peering))
  return stacked([...index.gatewaysOf(vpc.id).map(gatewayBox), ...peerings])
}

const connection = (key: string, id: string, kind: Box['kind']) => ({
  key,
  id,
  kind,
  x: COLUMNS.connection,
  y: 0,
  width: CONNECTION.width,
  height: CONNECTION.height,
})

const gatewayBox = (gateway: Gateway): Box => ({
  ...connection(gateway.id, gateway.id, 'gateway'),
  title: cropped(gateway.name || gateway.id, CONNECTION.width - 20, FONT.title),
  details: [cropped([gateway.kind, gateway.publicIp].filter(Boolean).join(' · '), CONNECTION.width - 20, FONT.detail)],
  full: `${gateway.kind} ${gateway.name} ${gateway.id}, ${gateway.state}`,
  tone: gateway.state,
})

/** The key of a peering's box at one of its VPCs. */
export const peeringKey = (id: string, vpcId: string): string => `${id}@${vpcId}`

function peeringBox(index: Index, vpc: Vpc, peering: Peering): Box {
  const { requester, accepter } = peering
  const other = requester.vpcId === vpc.id ? accepter : requester
  const to = `to ${index.nameOf(other.vpcId)}`
  const blocks = other.cidrs.join(', ')
  const details = peering.status === 'active' ? [to, blocks] : [peering.status]
  return {
    ...connection(peeringKey(peering.id, vpc.id), peering.id, 'peering'),
    title: cropped(peering.name || peering.id, CONNECTION.width - 20, FONT.title),
    height: CONNECTION.height + (details.length - 1) * CONNECTION.line,
    details: details.map((line) => cropped(line, CONNECTION.width - 20, FONT.detail)),
    full: `Peering connection ${peering.name} ${peering.id}, ${peering.status}, ${to} ${blocks}`,
    tone: peering.status,
  }
}

/** One below the other, from below the header. */
function stacked(boxes: readonly Box[]): Box[] {
  let y = VPC.header
  return boxes.map((box) => {
    const placed = { ...box, y }
    y += box.height + GAP
    return placed
  })
}

/** From each subnet to its table, from each table to what its routes lead to. */
export function routingLines(index: Index, vpc: Vpc, boxes: readonly Box[]): Line[] {
  const byKey = new Map(boxes.map((box) => [box.key, box]))
  const line = (kind: Line['kind'], from: string, to: string, tone: string): Line[] => {
    const [one, other] = [byKey.get(from), byKey.get(to)]
    return one && other ? [{ key: `${from}→${to}`, from, to, kind, tone, path: joined(one, other) }] : []
  }
  const associations = index.subnetsOf(vpc.id).flatMap((subnet) => {
    const table = index.tableOf(subnet)
    return table ? line('association', subnet.id, table.id, index.isPublic(subnet) ? 'public' : 'private') : []
  })
  const routes = index.tablesOf(vpc.id).flatMap((table) => {
    const active = table.routes.filter(({ state }) => state === 'active').map(({ target }) => target)
    return [...new Set(active)].flatMap((target) =>
      line('route', table.id, byKey.has(target) ? target : peeringKey(target, vpc.id), ''),
    )
  })
  return [...associations, ...routes]
}
