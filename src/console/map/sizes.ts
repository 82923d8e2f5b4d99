/** The measures of the map, in pixels. */

import { BOLD } from './text.ts'

export const GAP = 12
export const VPC = { header: 50, padding: 16, between: 52 }
export const ZONE = { header: 22, padding: 10 }
export const SUBNET = { header: 50, padding: 10, width: 438 }
/** Both addresses fit, the private and the public one. */
export const INSTANCE = { width: 204, height: 46, columns: 2 }
export const TABLE = { width: 232, header: 29, route: 17, padding: 5, most: 5 }
export const CONNECTION = { width: 186, height: 46, line: 17 }
export const INTERNET = { width: 132, height: 34, below: 26 }
/** A folded VPC; `bar` is its height where it is as wide as those that are open. */
export const FOLDED = { width: 300, height: 72, bar: 50 }
/** Between VPCs: room for the lines of peerings. */
export const GUTTER = { x: 64, y: 40 }
export const LANE = 9
/** Of titles, what a letter takes: they are bold. */
export const FONT = { title: 13 * BOLD, detail: 11.5 }

const ZONE_WIDTH = SUBNET.width + 2 * ZONE.padding
export const COLUMNS = {
  zone: VPC.padding,
  table: VPC.padding + ZONE_WIDTH + VPC.between,
  connection: VPC.padding + ZONE_WIDTH + VPC.between + TABLE.width + VPC.between,
}
export const VPC_WIDTH = COLUMNS.connection + CONNECTION.width + VPC.padding
