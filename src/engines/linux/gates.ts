/** One-to-one translation at an uplink, and the stateless gates that judge every packet there (G1, G2, E2). */
import { familyOf } from '../../ip/address.ts'
import { lengthOf, PRIVATE_PREFIXES } from '../../ip/prefix.ts'
import { groupsOf } from '../../network/groups.ts'
import { keeping } from '../../network/kept.ts'
import type { Network, Translation } from '../../network/network.ts'
import { type Origin, originKey } from '../../network/origin.ts'
import { shutOff } from '../../network/uplinks.ts'
import { partOf, quoted, type TableBuilder, type TablePart } from './chains.ts'
import { type Comments, drop } from './comments.ts'
import type { Port } from './layout.ts'
import { named } from './names.ts'

const TRANSLATION = 'ipv4_addr : ipv4_addr'
const BY_ADDRESS = 'ipv4_addr : verdict'

/** The chains that judge what comes in and goes out by an uplink port. */
export const uplinkChains = ({ at }: Port): { readonly in: string; readonly out: string } => ({
  in: named('uplink-in', at.id),
  out: named('uplink-out', at.id),
})

const keepUplink = keeping<TablePart>()

/**
 * Those chains, and the maps of one uplink port among the `ports` of its router. Conntrack alone would let a flow
 * outlive its translation.
 */
export function uplinkPart(network: Network, port: Port, ports: readonly Port[]): TablePart {
  const { id } = port.at
  const all = groupsOf(network).translations.get(id) ?? NONE
  return keepUplink(port, [all, ports], () =>
    partOf((build, comments) => {
      const translations = all.filter((t) => familyOf(t.inside) === 4)
      build.set(
        named('public', id),
        'ipv4_addr',
        translations.map((t) => t.outside),
      )
      build.set(
        named('private', id),
        'ipv4_addr',
        translations.map((t) => t.inside),
      )
      for (const map of ['outside', 'inside']) build.emptyMap(named(map, id), TRANSLATION)
      for (const { inside, outside } of translations) {
        build.put(named('outside', id), TRANSLATION, outside, inside)
        build.put(named('inside', id), TRANSLATION, inside, outside)
      }
      const shut = shutGates(build, port, ports, translations, comments)
      ingressGate(build, port, shut, comments)
      egressGate(build, port, shut, comments)
    }),
  )
}

const NONE: readonly Translation[] = []

/** The rules for addresses to which the uplink is shut; none where it is open to all. */
interface ShutRules {
  readonly in: readonly string[]
  readonly out: readonly string[]
}

/** G10: what goes out is known by its private address here, what comes in by its public one. */
function shutGates(
  build: TableBuilder,
  { at }: Port,
  ports: readonly Port[],
  translations: readonly Translation[],
  comments: Comments,
): ShutRules {
  const shut = shutOff(ports.flatMap(({ host }) => host ?? []))
  if (shut.length === 0) return { in: [], out: [] }
  const maps = { in: named('uplink-shut-in', at.id), out: named('uplink-shut-out', at.id) }
  for (const map of Object.values(maps)) build.emptyMap(map, BY_ADDRESS)
  const outsides = Map.groupBy(translations, ({ inside }) => inside)
  for (const { origin, addresses } of shut) {
    const chain = (way: 'in' | 'out') =>
      build.chain(named(`uplink-shut-${way}`, originKey(origin)), () => [drop(origin, comments)])
    for (const inside of addresses.filter((address) => familyOf(address) === 4)) {
      build.put(maps.out, BY_ADDRESS, inside, `goto ${chain('out')}`)
      for (const { outside } of outsides.get(inside) ?? [])
        build.put(maps.in, BY_ADDRESS, outside, `goto ${chain('in')}`)
    }
  }
  return { in: [`ip daddr vmap @${maps.in}`], out: [`ip saddr vmap @${maps.out}`] }
}

/** P2: what comes in is for an associated public address, and not from a private one. */
const ingressGate = (build: TableBuilder, port: Port, shut: ShutRules, comments: Comments): string =>
  build.chain(uplinkChains(port).in, () => {
    const { at } = port
    const unassociated = { ...at.origin, rule: 'ingress', code: 'IGW_PRIVATE_IP_ASSOCIATION_FOR_INGRESS' }
    return [
      ...privateDrops(
        'saddr',
        (rfc) => ({ ...at.origin, rule: 'ingress', code: `IGW_SOURCE_ADDRESS_NOT_IN_${rfc}_INGRESS` }),
        comments,
      ),
      `ip daddr != @${named('public', at.id)} ${drop(unassociated, comments)}`,
      ...shut.in,
    ]
  })

/** What goes out is for a public address, from the sender's own private one, which has a public one. */
const egressGate = (build: TableBuilder, port: Port, shut: ShutRules, comments: Comments): string =>
  build.chain(uplinkChains(port).out, () => {
    const { at } = port
    const stop = (code: string): Origin => ({ ...at.origin, rule: 'egress', code })
    return [
      ...shut.out,
      ...privateDrops('daddr', (rfc) => stop(`IGW_DESTINATION_ADDRESS_NOT_IN_${rfc}_EGRESS`), comments),
      `iifname . ip saddr != @senders ${drop(stop('GATEWAY_REJECTS_SPOOFED_TRAFFIC'), comments)}`,
      `ip saddr != @${named('private', at.id)} ${drop(stop('IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS'), comments)}`,
    ]
  })

const privateDrops = (field: 'saddr' | 'daddr', origin: (rfc: string) => Origin, comments: Comments): string[] =>
  PRIVATE_PREFIXES.map((p) => `ip ${field} ${p} ${drop(origin(lengthOf(p) === 10 ? 'RFC6598' : 'RFC1918'), comments)}`)

export const translateDestination = (ports: readonly Port[]): string[] =>
  ports.map(({ name, at }) => `iifname ${quoted(name)} dnat ip to ip daddr map @${named('outside', at.id)}`)

/**
 * Conntrack gives a packet of a translated flow the public source whichever way it leaves. By any other port than the
 * uplink it takes its own address along: there no gateway has translated it.
 */
export const untranslateElsewhere = (ports: readonly Port[]): string[] =>
  ports.flatMap(({ name, at }) =>
    ['status dnat ct direction reply', 'status snat ct direction original'].map(
      (flow) => `ct ${flow} oifname != ${quoted(name)} ip saddr set ip saddr map @${named('outside', at.id)}`,
    ),
  )

export const translateSource = (ports: readonly Port[]): string[] =>
  ports.map(({ name, at }) => `oifname ${quoted(name)} snat ip to ip saddr map @${named('inside', at.id)}`)
