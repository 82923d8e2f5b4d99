/** Reads the kernel back: what is in a namespace, in the words that `render` uses. */
import { readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { runIn } from './command.ts'
import type { Facts, Found, Link } from './desired.ts'
import { within } from './libc.ts'
import { belongsTo, pathOf } from './names.ts'
import { readNeighborSettings } from './neighbor-settings.ts'

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

/** What `ip` knows about a namespace, and the values of `sysctls`. */
export async function readNamespace(namespace: string, sysctls: Iterable<string>): Promise<Omit<Found, 'nft'>> {
  const lines = ['link show', 'addr show', 'rule show', 'route show table all', 'neigh show nud permanent']
  const text = await runIn(namespace, 'ip', ['-4', '-j', '-batch', '-'], `${lines.join('\n')}\n`)
  const [links, addresses, rules, routes, neighbors] = parseAll(text)
  return {
    links: new Map((links ?? []).filter((l) => l.ifname !== 'lo').map((l) => [l.ifname ?? '', linkOf(l)])),
    loopback: (links ?? []).some((l) => l.ifname === 'lo' && linkOf(l).up),
    addresses: factsOf((addresses ?? []).flatMap(addressTexts)),
    rules: factsOf((rules ?? []).map(ruleText)),
    routes: new Map((routes ?? []).filter(isOurs).map(routeTexts)),
    neighbors: new Map((neighbors ?? []).map(neighborTexts)),
    sysctls: await readSettings(namespace, [...sysctls]),
  }
}

/** The fields of `ip -j` that are read here; which are there depends on the object. */
interface Row {
  readonly ifname?: string
  readonly ifindex?: number
  readonly address?: string
  readonly mtu?: number
  readonly flags?: readonly string[]
  readonly addr_info?: readonly { local: string; prefixlen: number; scope: string }[]
  readonly priority?: number
  readonly src?: string
  readonly fwmark?: string
  readonly table?: string
  readonly type?: string
  readonly dst?: string
  readonly dev?: string
  readonly gateway?: string
  readonly protocol?: string
  readonly lladdr?: string
}

/** One JSON array a line of the batch. */
const parseAll = (text: string): Row[][] =>
  text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Row[])

const factsOf = (texts: readonly string[]): Facts => new Map(texts.map((t) => [t, t]))

const linkOf = ({ ifindex = 0, address = '', mtu = 0, flags = [] }: Row): Link => ({
  index: ifindex,
  mac: address,
  mtu,
  arp: !flags.includes('NOARP'),
  up: flags.includes('UP'),
})

const addressTexts = ({ ifname, addr_info = [] }: Row): string[] =>
  addr_info
    .filter((a) => a.local && a.local !== '127.0.0.1')
    .map((a) => `${a.local}/${a.prefixlen} dev ${ifname}${a.scope === 'link' ? ' scope link' : ''}`)

function ruleText({ priority, src, fwmark, table }: Row): string {
  const parts = [
    `pref ${priority}`,
    ...(src && src !== 'all' ? [`from ${src}`] : []),
    ...(fwmark ? [`fwmark ${fwmark}`] : []),
    `lookup ${table}`,
  ]
  return parts.join(' ')
}

/** What the kernel adds by itself, with an address or a link, is not a fact of ours. */
const isOurs = ({ table, protocol, type }: Row): boolean =>
  table !== 'local' && protocol !== 'kernel' && type !== 'multicast'

function routeTexts({ dst, table = 'main', type, gateway, dev, flags = [] }: Row): [string, string] {
  const key = `${dst} table ${table}`
  if (type && type !== 'unicast') return [key, `${type} ${key}`]
  const via = gateway ? `via ${gateway} dev ${dev}` : `dev ${dev}`
  return [key, `${dst} ${via}${flags.includes('onlink') ? ' onlink' : ''} table ${table}`]
}

const neighborTexts = ({ dst, dev, lladdr }: Row): [string, string] => [
  `${dst} dev ${dev}`,
  `${dst} lladdr ${lladdr} dev ${dev} nud permanent`,
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
