/** The lines of peerings between VPCs: by the gutters beside them, and above all where they are far from each other. */
import { isOver, labelOf, type Peering } from '../estate/estate.ts'
import type { Box, Line } from './drawing.ts'
import type { Index } from './index.ts'
import { FONT, GUTTER, INTERNET, LANE } from './sizes.ts'
import { cropped } from './text.ts'
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
  return pairsOf(index, placed).map((pair) => {
    const { peering, left, right } = pair
    const [one, other] = [left, right].map((end) => portOf(byKey, peering, end)) as [Port, Port]
    const edge = left.x + widthIn(placed, left.column)
    const x = lane(left.column, edge)
    const gone = isFar(pair)
      ? { y: INTERNET.height + 8 + above++ * LANE, x: lane(right.column - 1, right.x - GUTTER.x) }
      : undefined
    return lineOf(pair, one, other, x, gone)
  })
}

const widthIn = (placed: readonly Placed[], column: number): number =>
  Math.max(...placed.filter((one) => one.column === column).map(({ drawing }) => drawing.boxes[0].width))

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
): Line {
  const end = left.column === right.column ? other.right : other.left
  const way = above ? [`V${above.y}`, `H${above.x}`, `V${other.y}`] : [`V${other.y}`]
  return {
    key: peering.id,
    from: one.key,
    to: other.key,
    kind: 'peering',
    tone: peering.status,
    path: [`M${one.right} ${one.y}`, `H${x}`, ...way, `H${end}`].join(''),
    label: { text: cropped(labelOf(peering), 150, FONT.detail), x, y: (one.y + (above?.y ?? other.y)) / 2 },
  }
}
