/** The first column of a VPC: its zones, their subnets, and the instances in these. */
import type { Instance, Subnet, Vpc } from '../estate/estate.ts'
import type { Box } from './drawing.ts'
import type { Folds } from './folds.ts'
import type { Index } from './index.ts'
import { COLUMNS, FONT, GAP, INSTANCE, SUBNET, VPC, ZONE } from './sizes.ts'
import { cropped } from './text.ts'

/** The boxes, zone by zone, and where the column ends. */
export function subnetColumn(index: Index, vpc: Vpc, folds: Folds): { boxes: Box[]; bottom: number } {
  const zones = Map.groupBy(index.subnetsOf(vpc.id), ({ zone }) => zone)
  let y = VPC.header
  const boxes: Box[] = []
  for (const zone of [...zones.keys()].toSorted()) {
    const inside = zoneBoxes(index, vpc, zone, zones.get(zone) ?? [], folds, y)
    boxes.push(...inside.boxes)
    y = inside.bottom + GAP
  }
  return { boxes, bottom: y - GAP }
}

function zoneBoxes(index: Index, vpc: Vpc, zone: string, subnets: readonly Subnet[], folds: Folds, top: number) {
  let y = top + ZONE.header
  const boxes: Box[] = []
  for (const subnet of subnets) {
    const inside = subnetBoxes(index, subnet, folds, COLUMNS.zone + ZONE.padding, y)
    boxes.push(...inside)
    y += (inside[0]?.height ?? 0) + GAP
  }
  const bottom = y - GAP + ZONE.padding
  const frame: Box = {
    key: `${zone}@${vpc.id}`,
    id: `${zone}@${vpc.id}`,
    kind: 'zone',
    x: COLUMNS.zone,
    y: top,
    width: SUBNET.width + 2 * ZONE.padding,
    height: bottom - top,
    title: zone,
    details: [],
    full: `Availability Zone ${zone}`,
    tone: '',
  }
  return { boxes: [frame, ...boxes], bottom }
}

function subnetBoxes(index: Index, subnet: Subnet, folds: Folds, x: number, y: number): Box[] {
  const instances = index.instancesOf(subnet.id)
  const folded = folds.subnets.has(subnet.id)
  const inside = folded ? [] : instances.map((instance, i) => instanceBox(instance, i, x, y))
  const rows = Math.ceil(inside.length / INSTANCE.columns)
  const tone = index.isPublic(subnet) ? 'public' : 'private'
  const count = `${instances.length} ${instances.length === 1 ? 'instance' : 'instances'}`
  const frame: Box = {
    key: subnet.id,
    id: subnet.id,
    kind: 'subnet',
    x,
    y,
    width: SUBNET.width,
    height: SUBNET.header + (rows > 0 ? rows * (INSTANCE.height + 8) - 8 + SUBNET.padding : 0),
    title: cropped(subnet.name || subnet.id, SUBNET.width - 60, FONT.title),
    details: [`${subnet.cidr} · ${tone} · ${count}`],
    full: `${tone === 'public' ? 'Public' : 'Private'} subnet ${subnet.name} ${subnet.id}, ${subnet.cidr}, ${count}`,
    tone,
    ...(instances.length > 0 && { folded }),
  }
  return [frame, ...inside]
}

function instanceBox(instance: Instance, i: number, x: number, y: number): Box {
  const column = i % INSTANCE.columns
  const row = Math.floor(i / INSTANCE.columns)
  const addresses = [instance.privateIp, instance.publicIp].filter(Boolean).join(' · ')
  return {
    key: instance.id,
    id: instance.id,
    kind: 'instance',
    x: x + SUBNET.padding + column * (INSTANCE.width + SUBNET.width - 2 * SUBNET.padding - 2 * INSTANCE.width),
    y: y + SUBNET.header + row * (INSTANCE.height + 8),
    width: INSTANCE.width,
    height: INSTANCE.height,
    title: cropped(instance.name || instance.id, INSTANCE.width - 34, FONT.title),
    details: [cropped(addresses, INSTANCE.width - 20, FONT.detail)],
    full: `Instance ${instance.name} ${instance.id}, ${instance.state}, ${addresses}`,
    tone: instance.state,
  }
}
