/**
 * The header domain: what the stages ask of headers, so that the same stages move one packet (simulator) or a
 * whole set of headers (analyzer). This file holds the domain of one packet.
 */
import type { Ip } from '../ip/address.ts'
import { contains, type Prefix } from '../ip/prefix.ts'
import { type Flow, replyTo } from '../network/flow.ts'
import { ICMP, ICMPV6, type Match, TCP, UDP } from '../network/match.ts'
import { KEPT_PORTS, REMAPPED_PORTS } from '../network/nat.ts'

export type AddressField = 'source' | 'destination'

/** A condition on headers. `remote` of a rule has been resolved to prefixes or addresses. */
export type Test =
  | { readonly field: AddressField; readonly prefix: Prefix }
  | { readonly field: AddressField; readonly addresses: ReadonlySet<Ip> }
  | { readonly match: Match; readonly remote: AddressField; readonly members: ReadonlySet<Ip> | undefined }
  | { readonly unfragmentableAbove: number }

/**
 * Conditions in order, and what each leads to: a header belongs to the first test that it satisfies. `outcomes` has the
 * index of each test's value: tests with one index are one case. Made once for a list and kept, so that a domain can
 * keep what it makes of it.
 */
export interface Cases<T> {
  readonly tests: readonly Test[]
  readonly outcomes: readonly number[]
  readonly values: readonly T[]
}

/** The parts that belong to a case, each with its value, in the order of the values; and the rest. */
export interface Parts<H, T> {
  readonly hits: readonly (readonly [H, T])[]
  readonly rest?: H
}

/** What a nat node remembers of headers that it sent on in its own name, so that their answers find back. */
export interface Binding<H> {
  readonly before: H
  readonly after: H
  /** Whether their source port is another now. */
  readonly remapped: boolean
}

/** Headers of type `H` and what can be asked of them. A part that would be empty is absent. */
export interface HeaderDomain<H> {
  /** The part of `headers` that satisfies `test`, and the rest. */
  split(headers: H, test: Test): { readonly yes?: H; readonly no?: H }
  /** One part for each value of `cases` that some of the headers lead to, and the rest. */
  classify<T>(headers: H, cases: Cases<T>): Parts<H, T>
  /** The parts whose address is a key of `table`, each with its value, and the rest. */
  select<T>(headers: H, field: AddressField, table: ReadonlyMap<Ip, T>): Parts<H, T>
  rewrite(headers: H, field: AddressField, to: Ip): H
  /** The headers of the answers to these, as the host that took them gives them (`replyTo`). */
  reply(headers: H): H
  /** The headers as they leave a nat node with the address `to`: those whose port is kept, and the others. */
  masquerade(headers: H, to: Ip): readonly Binding<H>[]
  /** Those that answer what `binding` sent on, as answers to what it was before; and the rest. */
  restore(headers: H, binding: Binding<H>): { readonly yes?: H; readonly no?: H }
}

/** One packet: it satisfies a test, or it does not. */
export const packetDomain: HeaderDomain<Flow> = {
  split: (flow, test) => (satisfies(flow, test) ? { yes: flow } : { no: flow }),
  classify(flow, { tests, outcomes, values }) {
    const at = tests.findIndex((test) => satisfies(flow, test))
    return at < 0 ? { hits: [], rest: flow } : { hits: [[flow, values[outcomes[at] as number] as never]] }
  },
  select(flow, field, table) {
    const value = table.get(flow[field])
    return value === undefined ? { hits: [], rest: flow } : { hits: [[flow, value]] }
  },
  rewrite: (flow, field, to) => ({ ...flow, [field]: to }),
  reply: replyTo,
  masquerade(before, to) {
    const { sourcePort } = before
    const remapped = sourcePort !== undefined && (sourcePort < KEPT_PORTS.from || sourcePort > KEPT_PORTS.to)
    const after = { ...before, source: to, ...(remapped && { sourcePort: REMAPPED_PORTS.from }) }
    return [{ before, after, remapped }]
  },
  restore(flow, { before, after }) {
    if (!isAnswer(flow, after)) return { no: flow }
    const { source, sourcePort } = before
    return { yes: { ...flow, destination: source, ...(sourcePort !== undefined && { destinationPort: sourcePort }) } }
  },
}

/** Whether a packet is what `replyTo` makes of the other, whatever its size. */
function isAnswer(flow: Flow, asked: Flow): boolean {
  const { protocol, source, destination, sourcePort, destinationPort, icmp } = replyTo(asked)
  return (
    flow.protocol === protocol &&
    flow.source === source &&
    flow.destination === destination &&
    flow.sourcePort === sourcePort &&
    flow.destinationPort === destinationPort &&
    flow.icmp?.type === icmp?.type
  )
}

function satisfies(flow: Flow, test: Test): boolean {
  if ('match' in test) return matches(flow, test.match, flow[test.remote], test.members)
  if ('prefix' in test) return contains(test.prefix, flow[test.field])
  if ('addresses' in test) return test.addresses.has(flow[test.field])
  return flow.dontFragment === true && (flow.length ?? 0) > test.unfragmentableAbove
}

function matches(flow: Flow, match: Match, remote: Ip, members: ReadonlySet<Ip> | undefined): boolean {
  if (match.protocol !== undefined && match.protocol !== flow.protocol) return false
  if (match.ports && !matchesPorts(flow, match.ports)) return false
  if (match.icmp && !matchesIcmp(flow, match.icmp)) return false
  return 'prefix' in match.remote ? contains(match.remote.prefix, remote) : members?.has(remote) === true
}

function matchesPorts(flow: Flow, ports: NonNullable<Match['ports']>): boolean {
  if (flow.protocol !== TCP && flow.protocol !== UDP) return true
  const port = flow.destinationPort ?? -1
  return port >= ports.from && port <= ports.to
}

function matchesIcmp({ protocol, icmp }: Flow, wanted: NonNullable<Match['icmp']>): boolean {
  if (protocol !== ICMP && protocol !== ICMPV6) return true
  return icmp?.type === wanted.type && (wanted.code === undefined || wanted.code === icmp.code)
}
