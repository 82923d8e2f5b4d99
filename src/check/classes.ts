/** Traffic in classes that no rule of a network tells apart: asking about one of each is asking about all. */
import type { Traffic } from '../analyzer/question.ts'
import { ICMP, TCP, UDP } from '../network/match.ts'
import type { Network } from '../network/network.ts'
import { hasPorts } from './traffic.ts'

const ALL_PORTS = { from: 0, to: 65535 }

/**
 * Of TCP and UDP all ports at once; of ICMP each type and code that a rule names, and one that none names. `apart`:
 * protocols that who asks tells apart.
 */
export function trafficClasses(network: Network, apart: readonly number[] = []): Traffic[] {
  const { numbers, icmp } = namedIn(network)
  const protocols = new Set([TCP, UDP, ICMP, ...numbers, ...apart])
  const other = firstFree(protocols, 255)
  return [...protocols, ...(other === undefined ? [] : [other])].flatMap((protocol): Traffic[] => {
    if (hasPorts(protocol)) return [{ protocol, destinationPorts: ALL_PORTS }]
    return protocol === ICMP ? icmp.map((type) => ({ protocol, icmp: type })) : [{ protocol }]
  })
}

/** What the rules of a network name. All rules are looked at, so this is kept for who asks about several pairs. */
interface Named {
  readonly numbers: ReadonlySet<number>
  readonly icmp: readonly { readonly type: number; readonly code: number }[]
}
const memo = new WeakMap<Network, Named>()

function namedIn(network: Network): Named {
  const rules = network.rules
  const named = memo.get(network) ?? {
    numbers: new Set(rules.flatMap(({ match: { protocol } }) => protocol ?? [])),
    icmp: icmpTypes(rules),
  }
  memo.set(network, named)
  return named
}

function icmpTypes(rules: Network['rules']): { type: number; code: number }[] {
  const named = rules.flatMap(({ match: { icmp } }) => icmp ?? [])
  const types = new Set([8, ...named.map(({ type }) => type)])
  const other = firstFree(types, 255)
  if (other !== undefined) types.add(other)
  return [...types].flatMap((type) => {
    const codes = new Set([0, ...named.flatMap((one) => (one.type === type ? (one.code ?? []) : []))])
    const free = firstFree(codes, 255)
    return [...codes, ...(free === undefined ? [] : [free])].map((code) => ({ type, code }))
  })
}

const firstFree = (taken: ReadonlySet<number>, last: number): number | undefined =>
  Array.from({ length: last + 1 }, (_, i) => last - i).find((number) => !taken.has(number))
