/** What a router's nft table has of each port: where it stands in the maps, and the chains that are its own. */
import type { Service } from '../../network/network.ts'
import { anyOf, quoted, type TableBuilder, VERDICT } from './chains.ts'
import { type Comments, drop } from './comments.ts'
import { statefulName, statelessName } from './filters.ts'
import { uplinkChains } from './gates.ts'
import { idleChain } from './idle-timeouts.ts'
import { addresses4, type Port } from './layout.ts'
import { named, SAME_SUBNET } from './names.ts'
import { toServices } from './service-gates.ts'

/** Route table -> its mark. */
type Numbers = ReadonlyMap<string, number>

interface HostPort {
  /** Whether no rule set filters it. */
  readonly isOpen: boolean
  readonly numbers: Numbers
  readonly services: readonly Service[]
  readonly comments: Comments
}

/** The wire of a host: source check, route table, rules both ways, destination check. */
export function hostPort(build: TableBuilder, port: Port, { isOpen, numbers, services, comments }: HostPort): void {
  const { name, host, segment } = port
  if (!host) throw new Error(`port ${name} has no host`)
  const key = quoted(name)
  const own = addresses4(host)
  const subnet = subnetChain(build, port, numbers, toServices(build, services, comments))
  build.set(
    'senders',
    'ifname . ipv4_addr',
    own.map((address) => `${key} . ${address}`),
  )
  build.put(
    'arrive',
    VERDICT,
    key,
    `goto ${host.sourceDestCheck ? checkChain(build, port, 'source', `goto ${subnet}`, comments) : subnet}`,
  )
  for (const direction of ['egress', 'ingress'] as const) {
    const judge = () => idleChain(build, host, direction, statefulName(host, direction))
    build.put(direction, VERDICT, key, isOpen ? 'accept' : `goto ${judge()}`)
    if (segment.ruleSet !== undefined)
      build.put(`segment-${direction}`, VERDICT, key, `goto ${statelessName(segment.ruleSet, direction)}`)
  }
  if (host.sourceDestCheck)
    build.put('destination-check', VERDICT, key, `goto ${checkChain(build, port, 'destination', 'accept', comments)}`)
}

/** E1: only the interface's own addresses, whichever way. */
function checkChain(
  build: TableBuilder,
  { host }: Port,
  side: 'source' | 'destination',
  pass: string,
  comments: Comments,
): string {
  if (!host) throw new Error('a check needs a host')
  const own = addresses4(host)
  const origin = { ...host.origin, rule: `${side}-check`, code: 'ENI_SOURCE_DEST_CHECK_RESTRICTION' }
  return build.chain(named(`${side}-check`, host.id), () => [
    ...(own.length > 0 ? [`ip ${side === 'source' ? 'saddr' : 'daddr'} ${anyOf(own)} ${pass}`] : []),
    drop(origin, comments),
  ])
}

/** P4: within the subnet neither route table nor segment rules; else the subnet's table. Services come before both. */
const subnetChain = (
  build: TableBuilder,
  { at, segment }: Port,
  numbers: Numbers,
  toServices: readonly string[],
): string =>
  build.chain(named('subnet', segment.id), () => [
    ...toServices,
    ...(segment.prefix ? [`ip daddr ${segment.prefix} meta mark set ${SAME_SUBNET} accept`] : []),
    `meta mark set ${numberOf(numbers, at.table)} accept`,
  ])

/** What comes over a peering or uplink has a mark of its own, which leads to the edge's table only (X6, X7). */
export function edgePort(build: TableBuilder, { name, at }: Port, numbers: Numbers): void {
  const chain = build.chain(named('edge', at.id), () => [`meta mark set ${numberOf(numbers, at.table)} accept`])
  build.put('arrive', VERDICT, quoted(name), `goto ${chain}`)
  build.put('ingress', VERDICT, quoted(name), 'accept')
}

/**
 * An uplink's chains are in a part of the table of their own; they look into the set of senders. They stand where those
 * of hosts do: what comes in is judged before it is translated, what goes out before that, too.
 */
export function uplinkPort(build: TableBuilder, port: Port): void {
  const chains = uplinkChains(port)
  build.set('senders', 'ifname . ipv4_addr', [])
  build.put('egress', VERDICT, quoted(port.name), `goto ${chains.in}`)
  build.put('segment-ingress', VERDICT, quoted(port.name), `goto ${chains.out}`)
}

function numberOf(numbers: Numbers, id: string | undefined): number {
  const number = numbers.get(id ?? '')
  if (number === undefined) throw new Error(`a port has no route table (${id})`)
  return number
}
