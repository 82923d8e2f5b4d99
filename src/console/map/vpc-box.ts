/** One VPC by itself, at the origin: its frame and what is in it. */
import type { Vpc } from '../estate/estate.ts'
import type { Box, Line } from './drawing.ts'
import type { Folds } from './folds.ts'
import type { Index } from './index.ts'
import { FOLDED, FONT, VPC, VPC_WIDTH } from './sizes.ts'
import { cropped } from './text.ts'
import { connectionColumn, routingLines, tableColumn } from './vpc-routing.ts'
import { subnetColumn } from './vpc-subnets.ts'

/** The frame is the first box. */
export interface VpcDrawing {
  readonly boxes: readonly [Box, ...Box[]]
  readonly lines: readonly Line[]
}

export function drawVpc(index: Index, vpc: Vpc, folds: Folds): VpcDrawing {
  if (folds.vpcs.has(vpc.id)) {
    // Beside open ones it is a bar of their width.
    const isBar = folds.vpcs.size < index.estate.vpcs.length
    const size = isBar ? { width: VPC_WIDTH, height: FOLDED.bar } : FOLDED
    return { boxes: [frameOf(index, vpc, size, true)], lines: [] }
  }
  const subnets = subnetColumn(index, vpc, folds)
  const inside = [...subnets.boxes, ...tableColumn(index, vpc, subnets.boxes), ...connectionColumn(index, vpc)]
  const bottom = Math.max(VPC.header + 24, ...inside.map(({ y, height }) => y + height))
  const frame = frameOf(index, vpc, { width: VPC_WIDTH, height: bottom + VPC.padding }, false)
  return { boxes: [frame, ...inside], lines: routingLines(index, vpc, inside) }
}

const counted = (number: number, noun: string): string => `${number} ${noun}${number === 1 ? '' : 's'}`

function frameOf(index: Index, vpc: Vpc, size: { width: number; height: number }, folded: boolean): Box {
  const name = vpc.name || (vpc.isDefault ? 'Default VPC' : vpc.id)
  const blocks = vpc.cidrs.join(', ')
  const [subnets, instances] = [index.subnetsOf(vpc.id).length, index.instancesIn(vpc.id)]
  const counts = `${counted(subnets, 'subnet')} · ${counted(instances, 'instance')}`
  const about = vpc.id.includes('<') ? 'not made yet' : vpc.id
  const isSmall = size.width === FOLDED.width
  const details = isSmall ? [blocks, counts] : [`${blocks} · ${folded ? counts : about}`]
  return {
    key: vpc.id,
    id: vpc.id,
    kind: 'vpc',
    x: 0,
    y: 0,
    ...size,
    title: cropped(name, size.width - 60, FONT.title + 1),
    details: details.map((line) => cropped(line, size.width - 32, FONT.detail)),
    full: `${vpc.isDefault ? 'Default VPC' : 'VPC'} ${vpc.name} ${vpc.id}, ${blocks}, ${counts}`,
    tone: vpc.isDefault ? 'default' : '',
    folded,
  }
}
