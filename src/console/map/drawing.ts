/** A map as it is drawn: boxes and lines at places, in pixels. */

export type Kind = 'internet' | 'vpc' | 'zone' | 'subnet' | 'instance' | 'table' | 'gateway' | 'peering' | 'more'

/** One thing. `title` and `details` are cropped; `full` is what a person hovers to read. */
export interface Box {
  /** Of its own in the drawing: a peering has one at either VPC. */
  readonly key: string
  /** What it is about. */
  readonly id: string
  readonly kind: Kind
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
  readonly title: string
  readonly details: readonly string[]
  readonly full: string
  /** public or private; an instance's or a peering's state. */
  readonly tone: string
  /** Present where it can be folded. */
  readonly folded?: boolean
}

/** A relation, drawn solid. */
export interface Line {
  readonly key: string
  /** The keys of the boxes that it joins. */
  readonly from: string
  readonly to: string
  readonly kind: 'association' | 'route' | 'peering'
  readonly tone: string
  /** As in the `d` of an SVG path. */
  readonly path: string
  /** On a peering's line, where there is room. */
  readonly label?: { readonly text: string; readonly x: number; readonly y: number }
}

export interface Drawing {
  readonly width: number
  readonly height: number
  /** What is inside comes after what it is in. */
  readonly boxes: readonly Box[]
  readonly lines: readonly Line[]
}

/** Moved by so many pixels. */
export const moved = (box: Box, x: number, y: number): Box => ({ ...box, x: box.x + x, y: box.y + y })

/** From the right side of one box to the left side of another. */
export function joined(from: Box, to: Box): string {
  const [x1, y1, x2, y2] = [from.x + from.width, from.y + from.height / 2, to.x, to.y + to.height / 2]
  const bend = (x2 - x1) / 2
  return `M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}`
}
