/** The lines of peerings between VPCs: by the gutters beside them, and above all where they are far from each other. */
import { isOver, labelOf, type Peering } from '../estate/estate.ts'
import type { Box, Line } from './drawing.ts'
import type { Index } from './index.ts'
import { FONT, GUTTER, INTERNET, LANE } from './sizes.ts'
import { cropped, widthOf } from './text.ts'
import type { VpcDrawing } from './vpc-box.ts'
import { peeringKey } from './vpc-routing.ts'

/** A VPC at its place; VPCs in one column are below each other. */
export interface Placed {
  readonly drawing: VpcDrawing
  readonly column: number
  readonly x: number
  readonly y: number
}

interface Pair {
  readonly peering: Peering
  readonly left: Placed
  readonly right: Placed
}

const frameId = ({ drawing }: Placed): string => drawing.boxes[0].id

/** Peerings of which both VPCs are on the map, with the one further left first. */
function pairsOf({ estate }: Index, placed: readonly Placed[]): Pair[] {
  const byId = new Map(placed.map((one) => [frameId(one), one]))
  return estate.peerings.flatMap((peering) => {
    const one = byId.get(peering.requester.vpcId)
    const other = byId.get(peering.accepter.vpcId)
    if (!one || !other || one === other || isOver(peering)) return []
    return [{ peering, ...(one.column <= other.column ? { left: one, right: other } : { left: other, right: one }) }]
  })
}

const isFar = ({ left, right }: Pair): boolean => right.column - left.column > 1

/** How many lines lead above all VPCs. */
export const topLanes = (index: Index, placed: readonly Placed[]): number => pairsOf(index, placed).filter(isFar).length

/** `boxes` are at their places. */
export function peeringLines(index: Index, placed: readonly Placed[], boxes: readonly Box[]): Line[] {
  const byKey = new Map(boxes.map((box) => [box.key, box]))
  const used = new Map<number, number>()
  let above = 0
  /** The next free lane of the gutter on the right of a column, from its middle to its sides. */
  const lane = (column: number, from: number): number => {
    const count = used.get(column) ?? 0
    used.set(column, count + 1)
    const most = Math.floor((GUTTER.x - 20) / LANE)
    return from + 12 + (count % most) * LANE
  }
  const labels = labeller()
  return pairsOf(index, placed).map((pair) => {
    const { peering, left, right } = pair
    const [one, other] = [left, right].map((end) => portOf(byKey, peering, end)) as [Port, Port]
    const edge = left.x + widthIn(placed, left.column)
    const x = lane(left.column, edge)
    const gone = isFar(pair)
      ? { y: INTERNET.height + 8 + above++ * LANE, x: lane(right.column - 1, right.x - GUTTER.x) }
      : undefined
    const { upright, ...line } = lineOf(pair, one, other, x, gone)
    return { ...line, ...labels(labelOf(peering), upright) }
  })
}

const widthIn = (placed: readonly Placed[], column: number): number =>
  Math.max(...placed.filter((one) => one.column === column).map(({ drawing }) => drawing.boxes[0].width))

/** The piece of a line that leads up or down. */
interface Upright {
  readonly x: number
  readonly from: number
  readonly to: number
}

const LABEL = { longest: 150, margin: 16, apart: 16 }

/** Labels stand where there is room for them, and no other beside. */
function labeller(): (name: string, at: Upright) => Pick<Line, 'label'> {
  const taken: { x: number; y: number; half: number }[] = []
  return (name, { x, from, to }) => {
    const text = cropped(name, LABEL.longest, FONT.detail)
    const half = widthOf(text, FONT.detail) / 2 + LABEL.margin / 2
    const y = (from + to) / 2
    const isFree = taken.every((one) => Math.abs(one.x - x) >= LABEL.apart || Math.abs(one.y - y) >= one.half + half)
    if (Math.abs(to - from) < 2 * half || !isFree) return {}
    taken.push({ x, y, half })
    return { label: { text, x, y } }
  }
}

/** Where a line comes to a VPC: its peering's box, else, where it is folded, its frame. */
interface Port {
  readonly key: string
  readonly left: number
  readonly right: number
  readonly y: number
}

function portOf(byKey: ReadonlyMap<string, Box>, { id }: Peering, at: Placed): Port {
  const frame = byKey.get(frameId(at)) as Box
  const key = peeringKey(id, frame.id)
  const box = byKey.get(key)
  const y = box ? box.y + box.height / 2 : frame.y + frame.height / 2
  // From the left a line ends at the frame: behind it are the subnets.
  return { key: box ? key : frame.key, left: frame.x, right: box ? box.x + box.width : frame.x + frame.width, y }
}

function lineOf(
  { peering, left, right }: Pair,
  one: Port,
  other: Port,
  x: number,
  above: { readonly x: number; readonly y: number } | undefined,
): Line & { upright: Upright } {
  const end = left.column === right.column ? other.right : other.left
  const way = above ? [`V${above.y}`, `H${above.x}`, `V${other.y}`] : [`V${other.y}`]
  return {
    key: peering.id,
    from: one.key,
    to: other.key,
    kind: 'peering',
    tone: peering.status,
    path: [`M${one.right} ${one.y}`, `H${x}`, ...way, `H${end}`].join(''),
    upright: { x, from: one.y, to: above?.y ?? other.y },
  }
}
