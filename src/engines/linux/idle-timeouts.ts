/** How long conntrack remembers a flow that is idle: in a router as such, and as single interfaces have it (S12). */
import { TCP, UDP } from '../../network/match.ts'
import { DEFAULT_IDLE, type IdleTimeouts } from '../../network/idle.ts'
import type { Interface, Network } from '../../network/network.ts'
import type { Direction } from '../../network/rules.ts'
import type { TableBuilder } from './chains.ts'
import { run } from './command.ts'
import { named } from './names.ts'

/** ICMP keeps the kernel's 30 seconds, as nobody says what AWS has. */
export const IDLE_SYSCTLS: readonly (readonly [string, string])[] = [
  ['netfilter/nf_conntrack_tcp_timeout_established', `${DEFAULT_IDLE.tcpEstablished}`],
  ['netfilter/nf_conntrack_udp_timeout', `${DEFAULT_IDLE.udp}`],
  ['netfilter/nf_conntrack_udp_timeout_stream', `${DEFAULT_IDLE.udpStream}`],
  ['netfilter/nf_conntrack_generic_timeout', `${DEFAULT_IDLE.other}`],
]

/**
 * Where an interface has timeouts of its own: the chain that gives them to a flow that begins, and goes on to `then`.
 * A flow within a router is one entry of conntrack: of both its interfaces the receiver, which is asked last, decides.
 */
export function idleChain(
  build: TableBuilder,
  { id, idleTimeouts }: Interface,
  direction: Direction,
  then: string,
): string {
  if (!idleTimeouts) return then
  return build.chain(named(`idle-${direction}`, id), () => [
    ...timeoutsOf(build, idleTimeouts).map(
      ([protocol, name]) => `ct state new meta l4proto ${protocol} ct timeout set "${name}"`,
    ),
    `goto ${then}`,
  ])
}

/** By protocol. Each is named by its numbers: interfaces with the same share them. */
function timeoutsOf(build: TableBuilder, { tcpEstablished, udp, udpStream }: IdleTimeouts): [number, string][] {
  const found: [number, string][] = []
  if (tcpEstablished !== undefined) {
    const text = `protocol tcp; l3proto ip; policy = { established : ${tcpEstablished} };`
    found.push([TCP, build.timeout(`idle-tcp-${tcpEstablished}`, text)])
  }
  if (udp !== undefined || udpStream !== undefined) {
    const [few, many] = [udp ?? DEFAULT_IDLE.udp, udpStream ?? DEFAULT_IDLE.udpStream]
    const text = `protocol udp; l3proto ip; policy = { unreplied : ${few}, replied : ${many} };`
    found.push([UDP, build.timeout(`idle-udp-${few}-${many}`, text)])
  }
  return found
}

/** What asks the kernel whether it can give single flows timeouts (CONFIG_NF_CONNTRACK_TIMEOUT); nothing is made. */
const TRY = 'table inet isthmus_try { ct timeout t { protocol udp; l3proto ip; policy = { replied : 60 }; }; }\n'
let answer: Promise<boolean> | undefined

const canSetTimeouts = (): Promise<boolean> =>
  (answer ??= run('nft', ['-c', '-f', '-'], TRY).then(
    () => true,
    () => false,
  ))

/** The network as this kernel can have it: where it knows no timeouts of single flows, all have the defaults. */
export async function withKnownTimeouts(
  network: Network,
  log: (line: string) => void,
  isKnown: () => Promise<boolean> = canSetTimeouts,
): Promise<Network> {
  const own = [...network.interfaces.values()].filter((i) => i.idleTimeouts)
  if (own.length === 0 || (await isKnown())) return network
  log(`this kernel has no timeouts of single flows: those of ${own.map((i) => i.id).join(', ')} are not in force`)
  const plain = own.map(({ idleTimeouts: _, ...rest }) => [rest.id, rest] as const)
  return { ...network, interfaces: new Map([...network.interfaces, ...plain]) }
}
