/**
 * The map of an estate: VPCs in columns, those that are peered beside each other, and peerings in the gutters between.
 *
 * Invariant: no box lies over another that it is not inside of, and no line of a peering crosses a VPC.
 */
import { type Estate, labelOf, type Vpc } from '../estate/estate.ts'
import { type Box, type Drawing, moved } from './drawing.ts'
import type { Folds } from './folds.ts'
import { type Index, indexOf } from './index.ts'
import { peeringLines, type Placed, topLanes } from './peering-lines.ts'
import { COLUMNS, FOLDED, GUTTER, INTERNET, LANE, VPC_WIDTH } from './sizes.ts'
import { drawVpc, type VpcDrawing } from './vpc-box.ts'

/** From the left edge to the first column. */
const LEFT = 16

export function layout(estate: Estate, folds: Folds, ratio = 1.4): Drawing {
  const index = indexOf(estate)
  const vpcs = neighbours(index).map((vpc) => drawVpc(index, vpc, folds))
  const placed = arranged(vpcs, ratio, INTERNET.height + INTERNET.below)
  const lanes = topLanes(index, placed)
  const down = lanes * LANE
  const lowered = placed.map((one) => ({ ...one, y: one.y + down }))
  const boxes = lowered.flatMap(({ drawing, x, y }) => drawing.boxes.map((box) => moved(box, x, y)))
  const right = Math.max(INTERNET.width, ...boxes.map((box) => box.x + box.width)) + GUTTER.x
  const bottom = Math.max(INTERNET.height, ...boxes.map((box) => box.y + box.height))
  const inner = lowered.flatMap(({ drawing, x, y }) =>
    drawing.lines.map((line) => ({ ...line, path: movedPath(line.path, x, y) })),
  )
  return {
    width: right,
    height: bottom + 8,
    boxes: [internetBox(right > VPC_WIDTH && boxes.some(({ kind }) => kind === 'gateway')), ...boxes],
    lines: [...inner, ...peeringLines(index, lowered, boxes)],
  }
}

/** Paths here have pairs of coordinates only. */
function movedPath(path: string, x: number, y: number): string {
  let isX = false
  return path.replace(/-?[\d.]+/g, (number) => {
    isX = !isX
    return String(Number(number) + (isX ? x : y))
  })
}

/** Above the gateways of the first column, where there are any. */
const internetBox = (isOverGateways: boolean): Box => ({
  key: 'internet',
  id: 'internet',
  kind: 'internet',
  x: LEFT + (isOverGateways ? COLUMNS.connection : 0),
  y: 0,
  width: INTERNET.width,
  height: INTERNET.height,
  title: 'Internet',
  details: [],
  full: 'The internet',
  tone: '',
})

/** What is peered follows each other; the largest net first, then by name, a default VPC last. */
function neighbours(index: Index): Vpc[] {
  const byId = new Map(index.estate.vpcs.map((vpc) => [vpc.id, vpc]))
  const order = index.estate.vpcs.toSorted(
    (one, other) =>
      Number(one.isDefault) - Number(other.isDefault) ||
      index.peeringsOf(other.id).length - index.peeringsOf(one.id).length ||
      labelOf(one).localeCompare(labelOf(other), 'en', { numeric: true }),
  )
  const seen = new Set<string>()
  const found: Vpc[] = []
  const queue: string[] = []
  for (const { id: start } of order) {
    queue.push(start)
    for (let id = queue.shift(); id !== undefined; id = queue.shift()) {
      const vpc = byId.get(id)
      if (!vpc || seen.has(id)) continue
      seen.add(id)
      found.push(vpc)
      for (const { requester, accepter } of index.peeringsOf(id)) queue.push(requester.vpcId, accepter.vpcId)
    }
  }
  return found
}

/** Each into the shortest column; as many columns as make the whole about as wide as the window. */
function arranged(drawings: readonly VpcDrawing[], ratio: number, top: number): Placed[] {
  const sizes = drawings.map(({ boxes: [frame] }) => frame)
  const column = sizes.every(({ folded }) => folded) ? FOLDED.width : VPC_WIDTH
  const area = sizes.reduce((sum, { height }) => sum + (column + GUTTER.x) * (height + GUTTER.y), 0)
  const fitting = Math.round(Math.sqrt(area * ratio) / (column + GUTTER.x))
  const columns = Math.max(1, Math.min(fitting, drawings.length))
  const bottoms = Array.from({ length: columns }, () => top)
  return drawings.map((drawing) => {
    const at = bottoms.indexOf(Math.min(...bottoms))
    const y = bottoms[at] ?? top
    bottoms[at] = y + drawing.boxes[0].height + GUTTER.y
    return { drawing, column: at, x: LEFT + at * (column + GUTTER.x), y }
  })
}
