/** The state of the kernel as data, the same for what is wanted and what is there. Nothing here knows EC2. */
import { keeping } from '../../network/kept.ts'
import type { Node, Service } from '../../network/network.ts'
import type { NftTable } from './nft.ts'

/** Facts of one kind in a namespace: what names a fact (and deletes it) -> the whole fact (which adds it). */
export type Facts = ReadonlyMap<string, string>

/** What `ip` keeps in a namespace, by kind. Texts are arguments of `ip`. */
export interface NamespaceFacts {
  readonly addresses: Facts
  readonly rules: Facts
  readonly routes: Facts
  readonly neighbors: Facts
}

/** One with other links than before is another object, as one with other facts is. */
export interface Namespace extends NamespaceFacts {
  readonly node: string
  readonly kind: Node['kind']
  /** Path under /proc/sys/net -> value. Those of links are written after the links are there. */
  readonly sysctls: Facts
  /** Absent in hosts: what is filtered is filtered outside, where root inside cannot reach it. */
  readonly nft?: NftTable
  /** On routers: what is to answer there, from sockets of the server. */
  readonly services?: readonly Service[]
}

export interface LinkEnd {
  readonly namespace: string
  readonly name: string
  readonly mac: string
}

/** A veth pair. `arp` is off between routers, where both ends share one MAC. */
export interface LinkPair {
  /** The id of the interface it realizes, kept as altname. */
  readonly id: string
  readonly mtu: number
  readonly arp: boolean
  readonly ends: readonly [LinkEnd, LinkEnd]
}

export interface Desired {
  readonly namespaces: ReadonlyMap<string, Namespace>
  readonly links: readonly LinkPair[]
  /** `namespace link` of links that something else made and keeps: the end of the host's link. */
  readonly kept: ReadonlySet<string>
  /** What rule comments that were too long for nft stand for. */
  readonly comments: ReadonlyMap<string, string>
}

/** A link as the kernel has it. */
export interface Link {
  readonly index: number
  readonly mac: string
  readonly mtu: number
  readonly arp: boolean
  readonly up: boolean
}

/** A namespace as found. `nft` is what this engine knows to be in force; undefined means unknown, write it anew. */
export interface Found extends NamespaceFacts {
  readonly links: ReadonlyMap<string, Link>
  /** Whether `lo` is up. */
  readonly loopback: boolean
  readonly sysctls: Facts
  readonly nft: NftTable | undefined
  /** What it is known to be equal to, with all its links: then there is nothing to look for. */
  readonly as?: Namespace
}

export type Actual = ReadonlyMap<string, Found>

type Links = ReadonlyMap<string, ReadonlyMap<string, Link>>
const keepLinks = keeping<Links>()

/** Every link as it is wanted, by namespace and name; those of one list are made once. */
export const linksOf = ({ links }: Pick<Desired, 'links'>): Links =>
  keepLinks(links, [], () => {
    const all = new Map<string, Map<string, Link>>()
    for (const { mtu, arp, ends } of links) {
      for (const { namespace, name, mac } of ends) {
        const there = all.get(namespace) ?? new Map<string, Link>()
        all.set(namespace, there.set(name, { index: 0, mac, mtu, arp, up: true }))
      }
    }
    return all
  })
