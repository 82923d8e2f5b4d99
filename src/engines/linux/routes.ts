/** Routes and rules as `ip` writes them. */
import { lengthOf, type Prefix } from '../../ip/prefix.ts'

/** A prefix as `ip route show` prints it: `default`, and a host without its length. */
export function kernelPrefix(prefix: Prefix): string {
  if (prefix === '0.0.0.0/0') return 'default'
  return lengthOf(prefix) === 32 && prefix.endsWith('/32') ? prefix.slice(0, -3) : prefix
}

/** What deletes a route, and the whole of it. `via` is `dev x`, `via a dev x onlink`, or a type such as `throw`. */
export function routeEntry(prefix: Prefix, via: string, table: string): readonly [string, string] {
  const key = `${kernelPrefix(prefix)} table ${table}`
  const typed = Object.hasOwn(ROUTE_TYPES, via)
  return [key, typed ? `${via} ${key}` : `${kernelPrefix(prefix)} ${via} table ${table}`]
}

/** Types of routes by the kernel's numbers (RTN_*). */
export const ROUTE_TYPES = {
  unicast: 1,
  local: 2,
  broadcast: 3,
  anycast: 4,
  multicast: 5,
  blackhole: 6,
  unreachable: 7,
  prohibit: 8,
  throw: 9,
} as const

/** The tables that have a name. */
export const TABLES: Readonly<Record<string, number>> = { default: 253, main: 254, local: 255 }

export const tableName = (number: number): string =>
  Object.entries(TABLES).find(([, one]) => one === number)?.[0] ?? `${number}`

/** What every namespace begins with. Routers give it up: a route table comes before the router's own addresses. */
export const KERNEL_RULES: ReadonlyMap<string, string> = new Map(
  ['pref 0 lookup local', 'pref 32766 lookup main', 'pref 32767 lookup default'].map((rule) => [rule, rule]),
)

/** Addresses say who put them there (IFA_PROTO, from Linux 5.18 on), so that a later server knows its own. */
export const OUR_PROTOCOL = 0x49
