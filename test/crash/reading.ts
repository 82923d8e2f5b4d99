/** The kernel as `ip -j` and `nft -j` show it, in every namespace of a state: read by this test's own means. */
import { execFile } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** Kind of things, such as `routes` → one line each, sorted. */
export type Place = Readonly<Record<string, readonly string[]>>
/** Node → what is in its namespace; `host` is the machine's own part. */
export type Reading = Readonly<Record<string, Place>>

/** Settings that decide what passes and that guests leave alone; those of single links by the links' names. */
const SETTINGS = [
  'ipv4/ip_forward',
  'ipv4/ip_default_ttl',
  'ipv4/tcp_reflect_tos',
  'ipv4/conf/*/rp_filter',
  'ipv4/conf/*/send_redirects',
  'ipv4/conf/*/accept_local',
  'ipv4/conf/*/proxy_arp',
  'ipv4/conf/*/forwarding',
  'ipv4/neigh/*/proxy_delay',
  'ipv6/conf/*/disable_ipv6',
  'netfilter/nf_conntrack_tcp_be_liberal',
  'netfilter/nf_conntrack_tcp_loose',
  'netfilter/nf_conntrack_checksum',
  'netfilter/nf_conntrack_*timeout*',
]

const BREAK = '\n----\n'
const SCRIPT = [
  'ip -j link show',
  'ip -4 -j addr show',
  'ip -4 -j rule show',
  'ip -4 -j route show table all',
  'ip -4 -j neigh show nud permanent',
  'nft -j list ruleset',
  `cd /proc/sys/net && grep -Hs . ${SETTINGS.join(' ')}`,
].join("; printf '\\n----\\n'; ")

/** All namespaces whose names begin with the tag. */
export async function reading(tag: string): Promise<Reading> {
  const names = readdirSync('/run/netns').filter((name) => name.startsWith(`${tag}-`))
  const read: [string, Place][] = []
  const next = async (): Promise<void> => {
    for (let name = names.pop(); name; name = names.pop()) read.push([name.slice(tag.length + 1), await place(name)])
  }
  await Promise.all(Array.from({ length: availableParallelism() }, next))
  return { ...Object.fromEntries(read.sort(([a], [b]) => (a < b ? -1 : 1))), host: await host() }
}

async function place(namespace: string): Promise<Place> {
  const { stdout } = await run('ip', ['netns', 'exec', namespace, 'sh', '-c', `${SCRIPT}; true`], {
    maxBuffer: 1 << 26,
  })
  const [links = '', addresses = '', rules = '', routes = '', neighbors = '', nft = '', settings = ''] =
    stdout.split(BREAK)
  return {
    links: rows(links).map(linkLine).sort(),
    addresses: rows(addresses).flatMap(addressLines).sort(),
    rules: rows(rules).map(ruleLine).sort(),
    routes: rows(routes).filter(isMade).map(routeLine).sort(),
    neighbors: rows(neighbors)
      .map((n) => `${n.dst} ${n.lladdr} dev ${n.dev}`)
      .sort(),
    ...ruleset(nft),
    settings: settings.trim().split('\n').map(settingLine).sort(),
  }
}

/** The machine's end of the link to the internet. */
async function host(): Promise<Place> {
  const { stdout } = await run('sh', ['-c', `ip -4 -j addr show; printf '${BREAK}'; ip -4 -j route show`])
  const [addresses = '', routes = ''] = stdout.split(BREAK)
  return {
    addresses: rows(addresses).flatMap(addressLines).sort(),
    routes: rows(routes).filter(isMade).map(routeLine).sort(),
  }
}

interface Row {
  readonly ifname?: string
  readonly address?: string
  readonly mtu?: number
  readonly flags?: readonly string[]
  readonly altnames?: readonly string[]
  readonly addr_info?: readonly { readonly local: string; readonly prefixlen: number; readonly scope: string }[]
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

const rows = (json: string): Row[] => (json.trim() === '' ? [] : (JSON.parse(json) as Row[]))

const linkLine = ({ ifname, address, mtu, flags = [], altnames = [] }: Row): string =>
  [ifname, address, mtu, ...flags.filter((f) => ['UP', 'NOARP', 'LOWER_UP'].includes(f)).sort(), ...altnames].join(' ')

const addressLines = ({ ifname, addr_info = [] }: Row): string[] =>
  addr_info.map(({ local, prefixlen, scope }) => `${local}/${prefixlen} ${scope} dev ${ifname}`)

const ruleLine = ({ priority, src, fwmark = 'any', table }: Row): string =>
  `${priority} from ${src} mark ${fwmark} table ${table}`

/** The kernel adds routes of its own with each address. */
const isMade = ({ protocol, table }: Row): boolean => protocol !== 'kernel' && table !== 'local'

const routeLine = ({ table = 'main', dst, type, gateway, dev, flags = [] }: Row): string =>
  [table, dst, type ?? '', gateway ? `via ${gateway}` : '', dev ? `dev ${dev}` : '', ...flags].filter(Boolean).join(' ')

const settingLine = (line: string): string => line.replace(/^\/proc\/sys\/net\//, '')

type NftObject = Readonly<Record<string, Readonly<Record<string, unknown>>>>

/** Each map's and set's elements, and each chain's rules in their order. */
function ruleset(json: string): Place {
  const objects = json.trim() === '' ? [] : (JSON.parse(json) as { nftables: NftObject[] }).nftables
  const lines = objects.flatMap((object) => Object.entries(object).flatMap(([kind, of]) => nftLines(kind, of)))
  return { nft: inOrder(lines) }
}

/** What a rule has counted, and who has asked lately, is no fact. */
function nftLines(kind: string, { handle: _, ...of }: Readonly<Record<string, unknown>>): string[] {
  if (kind === 'metainfo') return []
  if (kind === 'rule') return [`rule ${of.table} ${of.chain} ${withoutCounts(of)}`]
  const { elem = [], ...rest } = of
  const elements = of.name === 'askers' ? [] : (elem as unknown[])
  return [
    `${kind} ${of.table ?? ''} ${of.name} ${JSON.stringify(rest)}`,
    ...elements.map((each) => `in ${of.table} ${of.name} ${JSON.stringify(each)}`),
  ]
}

const withoutCounts = (of: object): string =>
  JSON.stringify(of, (key, value) => (key === 'counter' || key === 'handle' ? null : value))

/** Rules are numbered within their chain, as their order counts; of all else it does not. */
function inOrder(lines: readonly string[]): string[] {
  const counts = new Map<string, number>()
  return lines
    .map((line) => {
      const [, chain] = /^(rule \S+ \S+) /.exec(line) ?? []
      if (chain === undefined) return line
      const number = counts.get(chain) ?? 0
      counts.set(chain, number + 1)
      return line.replace(chain, `${chain} ${String(number).padStart(3, '0')}`)
    })
    .sort()
}

/** How one reading differs from another; the first `most` differences. */
export function differences(there: Reading, wanted: Reading, most = 20): string[] {
  const nodes = new Set([...Object.keys(wanted), ...Object.keys(there)])
  return [...nodes].flatMap((node) => differencesAt(node, there[node], wanted[node])).slice(0, most)
}

function differencesAt(node: string, there: Place | undefined, wanted: Place | undefined): string[] {
  if (!wanted) return [`the namespace of ${node} should not be there`]
  if (!there) return [`the namespace of ${node} is not there`]
  return Object.entries(wanted).flatMap(([kind, lines]) => [
    ...without(lines, there[kind]).map((line) => `${node} lacks of its ${kind}: ${line}`),
    ...without(there[kind], lines).map((line) => `${node} has beyond its ${kind}: ${line}`),
  ])
}

function without(lines: readonly string[] = [], others: readonly string[] = []): string[] {
  const known = new Set(others)
  return lines.filter((line) => !known.has(line))
}
