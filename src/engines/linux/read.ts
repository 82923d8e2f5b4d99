/** Reads the kernel back: what is in a namespace, in the words that `render` uses. */
import { readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import type { Prefix } from '../../ip/prefix.ts'
import type { Facts, Found, Link } from './desired.ts'
import { within } from './libc.ts'
import { belongsTo, pathOf } from './names.ts'
import { readNeighborSettings } from './neighbor-settings.ts'
import { linkOfSysctl } from './names.ts'
import { OUR_PROTOCOL, ROUTE_TYPES, routeEntry, TABLES, tableName } from './routes.ts'
import { type AddressRow, askKernel, type LinkRow, type NeighborRow, type RouteRow, type RuleRow } from './rtnetlink.ts'

/** The namespaces of a server that are there. */
export function namespacesThere(tag: string): string[] {
  try {
    return readdirSync('/run/netns').filter((name) => belongsTo(tag, name))
  } catch {
    return []
  }
}

/** Whether there is a namespace by that name. A name alone is what a killed `ip netns add` leaves: it is removed. */
export function isNamespace(name: string): boolean {
  const isReal = statSync(pathOf(name)).dev === statSync('/proc/self/ns/net').dev
  if (!isReal) rmSync(pathOf(name))
  return isReal
}

/** What is read of a namespace: all but its nft table, and which of the addresses an engine like this one put there. */
export type ReadBack = Omit<Found, 'nft'> & { readonly placed: Facts }

/** What the kernel has in a namespace, and the values of `sysctls`. */
export async function readNamespace(namespace: string, sysctls: Iterable<string>): Promise<ReadBack> {
  const { links, addresses, rules, routes, neighbors } = askKernel(pathOf(namespace), (kernel) => ({
    links: kernel.links(),
    addresses: kernel.addresses(),
    rules: kernel.rules(),
    routes: kernel.routes(),
    neighbors: kernel.neighbors(),
  }))
  const names = new Map(links.map(({ index, name }) => [index, name]))
  const nameOf = (index: number | undefined): string => names.get(index ?? 0) ?? `if${index}`
  const textOf = (row: AddressRow) => addressText(row, nameOf(row.link))
  return {
    links: new Map(links.filter((l) => l.name !== 'lo').map((l) => [l.name, linkOf(l)])),
    loopback: links.some((l) => l.name === 'lo' && linkOf(l).up),
    addresses: factsOf(addresses.filter((a) => a.address !== '127.0.0.1').map(textOf)),
    placed: factsOf(addresses.filter(({ protocol }) => protocol === OUR_PROTOCOL).map(textOf)),
    rules: factsOf(rules.map(ruleText)),
    routes: new Map(routes.filter(isOurs).map((route) => routeTexts(route, nameOf(route.link)))),
    neighbors: new Map(neighbors.filter(isPermanent).map((n) => neighborTexts(n, nameOf(n.link)))),
    sysctls: await readSettings(namespace, [...sysctls].filter(isOfLinkThere(names))),
  }
}

/** Whether a setting belongs to no link, or to one that is there. */
function isOfLinkThere(links: ReadonlyMap<number, string>): (path: string) => boolean {
  const there = new Set(links.values())
  return (path) => {
    const link = linkOfSysctl(path)
    return link === undefined || there.has(link)
  }
}

const factsOf = (texts: readonly string[]): Facts => new Map(texts.map((t) => [t, t]))

const IFF_UP = 0x1
const IFF_NOARP = 0x80
const linkOf = ({ index, mac, mtu, flags }: LinkRow): Link => ({
  index,
  mac,
  mtu,
  arp: (flags & IFF_NOARP) === 0,
  up: (flags & IFF_UP) !== 0,
})

const SCOPE_LINK = 253
const addressText = ({ address, length, scope }: AddressRow, link: string): string =>
  `${address}/${length} dev ${link}${scope === SCOPE_LINK ? ' scope link' : ''}`

function ruleText({ priority, source, mark, table }: RuleRow): string {
  const parts = [
    `pref ${priority}`,
    ...(source === undefined ? [] : [`from ${source}`]),
    ...(mark === undefined ? [] : [`fwmark 0x${mark.toString(16)}`]),
    `lookup ${tableName(table)}`,
  ]
  return parts.join(' ')
}

const KERNEL_PROTOCOL = 2
/** What the kernel adds by itself, with an address or a link, is not a fact of ours. */
const isOurs = ({ table, protocol, type }: RouteRow): boolean =>
  table !== TABLES.local && protocol !== KERNEL_PROTOCOL && type !== ROUTE_TYPES.multicast

function routeTexts(route: RouteRow, link: string): readonly [string, string] {
  const { destination, length, gateway, onlink, table } = route
  const via = gateway ? `via ${gateway} dev ${link}${onlink ? ' onlink' : ''}` : `dev ${link}`
  const type = Object.entries(ROUTE_TYPES).find(([, number]) => number === route.type)?.[0]
  return routeEntry(`${destination}/${length}` as Prefix, type === 'unicast' ? via : `${type}`, tableName(table))
}

const NUD_PERMANENT = 0x80
const isPermanent = ({ state }: NeighborRow): boolean => state === NUD_PERMANENT
const neighborTexts = ({ address, mac }: NeighborRow, link: string): readonly [string, string] => [
  `${address} dev ${link}`,
  `${address} lladdr ${mac} dev ${link} nud permanent`,
]

async function readSettings(namespace: string, paths: readonly string[]): Promise<Facts> {
  const shown = readSysctls(namespace, paths)
  const hidden = paths.filter((path) => !shown.has(path))
  return new Map([...shown, ...(await readNeighborSettings(namespace, hidden))])
}

/** /proc/sys/net shows the namespace of the thread that looks. */
export function readSysctls(namespace: string, paths: Iterable<string>): Facts {
  return within(
    pathOf(namespace),
    () =>
      new Map(
        [...paths].flatMap((path) => {
          try {
            return [[path, readFileSync(`/proc/sys/net/${path}`, 'utf8').trim().replace(/\s+/g, ' ')] as const]
          } catch {
            return []
          }
        }),
      ),
  )
}
