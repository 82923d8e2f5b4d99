/** (have, want) -> what to run, and in which order. Pure: equal states give an empty plan. */
import {
  type Actual,
  type Desired,
  type Facts,
  type Found,
  type LinkEnd,
  type LinkPair,
  linksOf,
  type Namespace,
} from './desired.ts'
import { hopTable } from './hop.ts'
import { altName, linkOfSysctl } from './names.ts'
import { KERNEL_RULES } from './routes.ts'
import { changeTable, replaceTable } from './nft.ts'

/** Steps in the order they are taken. `ip` lines are of `ip -batch`, `nft` lines of one transaction. */
export interface Plan {
  /** Namespaces to remove, with what runs in them. */
  readonly removed: readonly string[]
  /** Links to delete before others take their names; errors do not matter, the far end may have gone first. */
  readonly unlinked: ReadonlyMap<string, readonly string[]>
  readonly created: readonly string[]
  /** The hosts among these: each belongs to a user namespace of its own, whose root is not the machine's. */
  readonly guests: ReadonlySet<string>
  /** Values for a namespace as such, then, once its links are there, for those. */
  readonly sysctls: ReadonlyMap<string, readonly (readonly [string, string])[]>
  /** In the host's own namespace. */
  readonly links: readonly string[]
  readonly changes: ReadonlyMap<string, Change>
}

/** What to run in one namespace. */
export interface Change {
  readonly ip: readonly string[]
  readonly nft: readonly string[]
}

/** A namespace as the kernel makes it. */
const FRESH: Found = {
  links: new Map(),
  loopback: false,
  addresses: new Map(),
  rules: KERNEL_RULES,
  routes: new Map(),
  neighbors: new Map(),
  sysctls: new Map(),
  nft: undefined,
}

export function plan(have: Actual, want: Desired): Plan {
  const unsettled = new Set([...want.namespaces].filter(([name, n]) => have.get(name)?.as !== n).map(([name]) => name))
  const broken = brokenLinks(have, want, unsettled)
  const ends = broken.flatMap((pair) => pair.ends.map((end) => ({ pair, end })))
  const concerned = new Map(
    [...new Set([...unsettled, ...ends.map(({ end }) => end.namespace)])].flatMap((name) => {
      const namespace = want.namespaces.get(name)
      return namespace ? [[name, namespace] as const] : []
    }),
  )
  const unlinked = unlinks(have, want, concerned, new Set(ends.map(({ end }) => placeOf(end))))
  const fresh = Map.groupBy(ends, ({ end }) => end.namespace)
  const changes = [...concerned].map(([name, namespace]): [string, Change] => {
    const left = without(have.get(name) ?? FRESH, new Set(unlinked.get(name)))
    return [name, changeOf(left, namespace, fresh.get(name) ?? [])]
  })
  const created = [...concerned.keys()].filter((name) => !have.has(name))
  return {
    removed: [...have.keys()].filter((name) => !want.namespaces.has(name)),
    unlinked: new Map([...unlinked].filter(([, links]) => links.length > 0)),
    created,
    guests: new Set(created.filter((name) => concerned.get(name)?.kind === 'host')),
    sysctls: new Map(
      [...concerned]
        .map(([name, namespace]) => [name, sysctlsOf(have.get(name), namespace, unlinked.get(name) ?? [])] as const)
        .filter(([, s]) => s.length > 0),
    ),
    links: broken.map(linkLine),
    changes: new Map(changes.filter(([, { ip, nft }]) => ip.length + nft.length > 0)),
  }
}

/** All that a plan touches: what was known of these namespaces is certain no more. */
export const touchedBy = ({ removed, unlinked, created, sysctls, changes }: Plan): string[] => [
  ...removed,
  ...unlinked.keys(),
  ...created,
  ...sysctls.keys(),
  ...changes.keys(),
]

export const isEmpty = ({ removed, unlinked, created, sysctls, links, changes }: Plan): boolean =>
  removed.length + unlinked.size + created.length + sysctls.size + links.length + changes.size === 0

const placeOf = ({ namespace, name }: LinkEnd): string => `${namespace} ${name}`

/** Where links are those of an earlier plan, there is nothing to compare. */
function brokenLinks(have: Actual, want: Desired, unsettled: ReadonlySet<string>): LinkPair[] {
  const wanted = linksOf(want)
  const suspect = new Set([...unsettled].filter((name) => have.get(name)?.links !== wanted.get(name)))
  if (suspect.size === 0) return []
  return want.links.filter((pair) => pair.ends.some((end) => suspect.has(end.namespace)) && !isThere(have, pair))
}

/** Both ends as wanted; a pair is remade whole, never mended. */
const isThere = (have: Actual, pair: LinkPair): boolean =>
  pair.ends.every(({ namespace, name, mac }) => {
    const link = have.get(namespace)?.links.get(name)
    return link !== undefined && link.mac === mac && link.arp === pair.arp && link.mtu === pair.mtu && link.up
  })

/** Links to delete, by namespace: those to be remade, and what nobody wants; inside a host only its own devices. */
function unlinks(
  have: Actual,
  want: Desired,
  concerned: Desired['namespaces'],
  rebuilt: ReadonlySet<string>,
): Map<string, string[]> {
  const wanted = linksOf(want)
  return new Map(
    [...concerned].map(([name, { kind }]) => {
      const links = have.get(name)?.links ?? NONE
      const [ours, isHost] = [wanted.get(name) ?? NONE, kind === 'host']
      if (links === ours && rebuilt.size === 0) return [name, []]
      const stale = [...links.keys()].filter((link) => {
        const place = `${name} ${link}`
        const isUnwanted = !ours.has(link) && !want.kept.has(place) && (!isHost || /^eth\d+$/.test(link))
        return isUnwanted || rebuilt.has(place)
      })
      return [name, stale]
    }),
  )
}

const NONE: Found['links'] = new Map()

/** What is left of a namespace once links have been deleted. */
function without(found: Found, gone: ReadonlySet<string>): Found {
  if (gone.size === 0) return found
  const left = (facts: Facts): Facts =>
    new Map([...facts].filter(([, text]) => !gone.has(/ dev (\S+)/.exec(text)?.[1] ?? '')))
  return { ...found, addresses: left(found.addresses), routes: left(found.routes), neighbors: left(found.neighbors) }
}

const linkLine = ({ mtu, ends: [a, b] }: LinkPair): string =>
  `link add name ${endText(a, mtu)} type veth peer name ${endText(b, mtu)}`

const endText = ({ name, namespace, mac }: LinkEnd, mtu: number): string =>
  `${name} netns ${namespace} address ${mac} mtu ${mtu}`

function changeOf(have: Found, want: Namespace, fresh: readonly { pair: LinkPair; end: LinkEnd }[]): Change {
  const ip = [
    ...(have.loopback ? [] : ['link set lo up']),
    ...fresh.flatMap(({ pair, end }) => [
      `link property add dev ${end.name} altname ${altName(pair.id)}`,
      `link set ${end.name} ${pair.arp ? '' : 'arp off '}up`,
    ]),
    ...factLines('addr', 'add', have.addresses, want.addresses),
    ...(want.kind === 'host' ? [] : factLines('rule', 'add', have.rules, want.rules)),
    ...factLines('route', 'replace', have.routes, want.routes),
    ...factLines('neigh', 'replace', have.neighbors, want.neighbors),
  ]
  return { ip, nft: want.nft ? nftLines(have, want, want.nft) : [] }
}

/**
 * Unknown means: written anew, in one transaction, with the table that hides the hop. A nat node is a hop: two that
 * lead to each other would send a packet round for ever if none of them shortened its life.
 */
function nftLines(have: Found, { kind }: Namespace, want: NonNullable<Namespace['nft']>): string[] {
  if (have.nft) return changeTable(have.nft, want)
  return [...(kind === 'nat' ? [] : hopTable()), ...replaceTable(want)]
}

/** Additions first: a rule that takes another's place must be there before that goes. */
function factLines(object: string, add: string, have: Facts, want: Facts): string[] {
  if (have === want) return []
  return [
    ...[...want].filter(([key, text]) => have.get(key) !== text).map(([, text]) => `${object} ${add} ${text}`),
    ...[...have.keys()].filter((key) => !want.has(key)).map((key) => `${object} del ${key}`),
  ]
}

function sysctlsOf(have: Found | undefined, want: Namespace, gone: readonly string[]): (readonly [string, string])[] {
  if (have?.sysctls === want.sysctls && gone.length === 0) return []
  const lost = new Set(gone)
  return [...want.sysctls].filter(
    ([path, value]) => have?.sysctls.get(path) !== value || (lost.size > 0 && lost.has(linkOfSysctl(path) ?? '')),
  )
}
