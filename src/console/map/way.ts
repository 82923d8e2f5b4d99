/** A packet's way over the map: the boxes that it passes, in order, and the curves between them. */
import type { PathPart } from '../../analyzer/words/path.ts'
import type { Box, Line } from './drawing.ts'

/** One thing on the way. `beyond`: only reached once what stops the packet is mended. */
export interface Stop {
  readonly box: Box
  readonly stops: boolean
  readonly beyond: boolean
}

/**
 * Where a leg is drawn; parts that are on no map are left out. A guard that stops the packet is shown where it guards:
 * at the destination behind which nothing comes, else at the sender before it. `entering`: the last guard that stops it
 * judges what comes in; within a subnet nothing else would tell.
 */
export function stopsOf(parts: readonly PathPart[], boxes: readonly Box[], entering = false): Stop[] {
  const stops: Stop[] = []
  const find = finder(boxes)
  let [beyond, guarded] = [false, false]
  for (const [i, part] of parts.entries()) {
    const before = stops.at(-1)
    const isGuard = part.kind === 'guard'
    const found = isGuard ? [] : find(part.id, before?.box)
    for (const box of found) if (box !== stops.at(-1)?.box) stops.push({ box, stops: part.stops || guarded, beyond })
    const isLast = (i > 1 || entering) && i === parts.length - 2 && parts[i + 1]?.kind === 'host'
    if (found.length === 0 && part.stops && !isLast && before) stops[stops.length - 1] = { ...before, stops: true }
    guarded = isGuard && part.stops && isLast
    beyond ||= part.stops && !guarded
  }
  return stops
}

/** The line between two stops: that of the peering itself, where they are its two ends. */
function wayBetween(from: Box, to: Box, lines: readonly Line[], shift: number): { path: string; back: boolean } {
  const line = from.kind === 'peering' && from.id === to.id && lines.find(({ key }) => key === from.id)
  return line ? { path: line.path, back: line.to === from.key } : { path: curve(from, to, shift), back: false }
}

/** One line of a leg. `back`: its path is drawn against the packet's way; `rest`: no packet comes so far as yet. */
export interface Piece {
  readonly path: string
  readonly back: boolean
  readonly rest: boolean
}

/** The lines between the stops of a leg, in order: one less than it has stops. */
export const piecesOf = (stops: readonly Stop[], lines: readonly Line[], shift: number): Piece[] =>
  stops.slice(1).map((stop, i) => {
    const from = stops[i] as Stop
    const rest = stop.beyond || from.beyond || (from.stops && i + 1 < stops.length)
    return { ...wayBetween(from.box, stop.box, lines, shift), rest }
  })

type Find = (id: string, before: Box | undefined) => readonly Box[]

/** The boxes of a thing: a peering has one at either VPC, and is passed from the packet's to the other. */
function finder(boxes: readonly Box[]): Find {
  const byId = Map.groupBy(boxes, ({ id }) => id)
  const frames = boxes.filter(({ kind }) => kind === 'vpc')
  const frameOf = (box: Box | undefined) =>
    box && frames.find((frame) => box.x >= frame.x && box.y >= frame.y && isWithin(box, frame))
  return (id, before) => {
    const [one, other, ...more] = byId.get(id) ?? []
    if (!one || !other || more.length > 0) return one ? [one] : []
    return frameOf(one) === frameOf(before) ? [one, other] : [other, one]
  }
}

const isWithin = (box: Box, frame: Box): boolean =>
  box.x + box.width <= frame.x + frame.width && box.y + box.height <= frame.y + frame.height

/** The internet is above all: from the bottom of the upper box to the top of the lower. */
function upright(from: Box, to: Box, shift: number): string {
  const [x1, x2] = [from, to].map(({ x, width }) => x + width / 2 + shift) as [number, number]
  const [y1, y2] = from.y < to.y ? [from.y + from.height, to.y] : [from.y, to.y + to.height]
  const bend = (y2 - y1) / 2
  return `M${x1} ${y1}C${x1} ${y1 + bend} ${x2} ${y2 - bend} ${x2} ${y2}`
}

/** From the nearer sides of one box to another; `shift` parts the way there from the way back. */
export function curve(from: Box, to: Box, shift: number): string {
  const [fromMiddle, toMiddle] = [from.x + from.width / 2, to.x + to.width / 2]
  const isSame = Math.abs(fromMiddle - toMiddle) < 40
  const y1 = from.y + from.height / 2 + shift
  const y2 = to.y + to.height / 2 + shift
  if (from.kind === 'internet' || to.kind === 'internet') return upright(from, to, shift)
  if (isSame) {
    const x = from.x + from.width
    return `M${x} ${y1}C${x + 46} ${y1} ${x + 46} ${y2} ${to.x + to.width} ${y2}`
  }
  const isRight = toMiddle > fromMiddle
  const x1 = isRight ? from.x + from.width : from.x
  const x2 = isRight ? to.x : to.x + to.width
  const bend = Math.max(24, Math.abs(x2 - x1) / 2) * (isRight ? 1 : -1)
  return `M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}`
}
