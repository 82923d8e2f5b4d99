/** Traffic in classes that no rule of a network tells apart: asking about one of each is asking about all. */
import type { Traffic } from '../analyzer/question.ts'
import { ICMP, TCP, UDP } from '../network/match.ts'
import type { Network } from '../network/network.ts'
import { hasPorts } from './traffic.ts'

const ALL_PORTS = { from: 0, to: 65535 }

/** Of TCP and UDP all ports at once; of ICMP each type and code that a rule names, and one that none names. */
export function trafficClasses({ rules }: Network): Traffic[] {
  const named = rules.flatMap(({ match: { protocol } }) => protocol ?? [])
  const protocols = new Set([TCP, UDP, ICMP, ...named])
  const other = firstFree(protocols, 255)
  return [...protocols, ...(other === undefined ? [] : [other])].flatMap((protocol): Traffic[] => {
    if (hasPorts(protocol)) return [{ protocol, destinationPorts: ALL_PORTS }]
    return protocol === ICMP ? icmpTypes(rules).map((icmp) => ({ protocol, icmp })) : [{ protocol }]
  })
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
