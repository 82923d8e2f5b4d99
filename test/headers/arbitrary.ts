/** Random conditions, sets and flows that meet often, and what a condition means of one flow, judged without sets. */
import fc from 'fast-check'
import { type Condition, where } from '../../src/headers/condition.ts'
import { type HeaderSet, intersect, subtract, union } from '../../src/headers/header-set.ts'
import { familyOf, type Ip, ip } from '../../src/ip/address.ts'
import { contains, type Prefix, prefix } from '../../src/ip/prefix.ts'
import type { Flow } from '../../src/network/flow.ts'
import { ICMP, ICMPV6, type Match, type PortRange, TCP, UDP } from '../../src/network/match.ts'

const FOUR = ['0.0.0.0', '0.0.0.1', '10.0.0.0', '10.1.0.1', '10.1.0.2', '10.1.255.255', '10.2.0.1', '192.0.2.255']
const FOUR_HIGH = ['128.0.0.0', '255.255.255.254', '255.255.255.255']
const SIX = ['::', '::1', 'fd00::1', 'fd00:0:1::1', '2001:db8::1', '2001:db8::1:0:0:1', '2001:db8:0:1::']
const SIX_HIGH = ['2001:db8:ffff:ffff:ffff:ffff:ffff:ffff', 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff']
const four = [...FOUR, ...FOUR_HIGH].map(ip)
const six = [...SIX, ...SIX_HIGH].map(ip)
const PREFIXES = '0.0.0.0/0 0.0.0.0/1 128.0.0.0/1 10.0.0.0/8 10.1.0.0/16 10.1.0.0/31 10.1.0.1/32 255.255.255.255/32'
const PREFIXES6 =
  '::/0 ::/1 8000::/1 ::1/128 fd00::/8 2001:db8::/32 2001:db8::/48 2001:db8::/64 2001:db8:0:1::/64 2001:db8::/96'

const protocol = fc.constantFrom(0, ICMP, TCP, UDP, 50, ICMPV6, 255)
const port = fc.constantFrom(0, 1, 22, 80, 81, 1024, 32768, 65534, 65535)
const type = fc.constantFrom(0, 3, 8, 128, 129, 255)
const code = fc.constantFrom(0, 1, 255)
const size = fc.constantFrom(0, 1, 1500, 1501, 9001, 65535)
const span = (value: fc.Arbitrary<number>): fc.Arbitrary<PortRange> =>
  fc.tuple(value, value).map(([a, b]) => ({ from: Math.min(a, b), to: Math.max(a, b) }))

export const prefixes: fc.Arbitrary<Prefix> = fc.constantFrom(...`${PREFIXES} ${PREFIXES6}`.split(' ').map(prefix))
const some = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T[]> => fc.array(value, { minLength: 1, maxLength: 3 })
export const addressesOfTests: fc.Arbitrary<ReadonlySet<Ip>> = fc.subarray([...four, ...six]).map((all) => new Set(all))
const addresses = fc.oneof(some(prefixes), addressesOfTests)

export const flows: fc.Arbitrary<Flow> = fc
  .record({
    protocol,
    isFour: fc.boolean(),
    port: fc.tuple(port, port),
    type,
    code,
    size,
    at: fc.tuple(fc.nat(), fc.nat()),
  })
  .map(({ protocol, isFour, port, type, code, size, at }) => {
    const all = isFour ? four : six
    return {
      protocol,
      source: all[at[0] % all.length] as Ip,
      destination: all[at[1] % all.length] as Ip,
      ...((protocol === TCP || protocol === UDP) && { sourcePort: port[0], destinationPort: port[1] }),
      ...((protocol === ICMP || protocol === ICMPV6) && { icmp: { type, code } }),
      ...(size > 0 && { length: size, dontFragment: true }),
    }
  })

export const conditions: fc.Arbitrary<Condition> = fc
  .record(
    {
      family: fc.constantFrom(4, 6),
      protocols: some(fc.oneof(protocol, span(protocol))),
      source: addresses,
      destination: addresses,
      sourcePorts: some(span(port)),
      destinationPorts: some(span(port)),
      icmp: some(fc.oneof(fc.record({ type }), fc.record({ type, code }))),
      sizes: some(span(size)),
    },
    { requiredKeys: [] },
  )
  .map((all) => Object.fromEntries(Object.entries(all).filter((_, i) => i < 4)) as Condition)

export const matches: fc.Arbitrary<{ match: Match; members: ReadonlySet<Ip> | undefined }> = fc
  .record({
    protocol: fc.option(protocol, { nil: undefined }),
    ports: fc.option(span(port), { nil: undefined }),
    icmp: fc.option(fc.oneof(fc.record({ type }), fc.record({ type, code })), { nil: undefined }),
    remote: fc.oneof(
      prefixes.map((prefix) => ({ prefix })),
      fc.constant({ addressSet: 'set' }),
    ),
    members: fc.option(addressesOfTests, { nil: undefined }),
  })
  .map(({ protocol, ports, icmp, remote, members }) => ({
    match: { remote, ...(protocol !== undefined && { protocol }), ...(ports && { ports }), ...(icmp && { icmp }) },
    members: 'addressSet' in remote ? members : undefined,
  }))

const within = (ranges: readonly PortRange[] | undefined, value: number | undefined): boolean =>
  !ranges || (value !== undefined && ranges.some(({ from, to }) => value >= from && value <= to))

const among = (wanted: Condition['source'], address: Ip): boolean =>
  !wanted || ('has' in wanted ? wanted.has(address) : wanted.some((p) => contains(p, address)))

/** What a condition says of one flow. */
export const holds = (condition: Condition, flow: Flow): boolean =>
  (!condition.family || familyOf(flow.source) === condition.family) &&
  within(
    condition.protocols?.map((p) => (typeof p === 'number' ? { from: p, to: p } : p)),
    flow.protocol,
  ) &&
  among(condition.source, flow.source) &&
  among(condition.destination, flow.destination) &&
  within(condition.sourcePorts, flow.sourcePort) &&
  within(condition.destinationPorts, flow.destinationPort) &&
  within(condition.sizes, flow.dontFragment ? flow.length : 0) &&
  (!condition.icmp ||
    condition.icmp.some((i) => flow.icmp?.type === i.type && (i.code === undefined || i.code === flow.icmp.code)))

/** A set, and what it must hold. */
export interface Described {
  readonly set: HeaderSet
  readonly holds: (flow: Flow) => boolean
}

/** Sets made of conditions by operations. */
export const sets: fc.Arbitrary<Described> = fc.letrec<{ set: Described }>((tie) => ({
  set: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    conditions.map((condition) => ({ set: where(condition), holds: (flow: Flow) => holds(condition, flow) })),
    fc.tuple(tie('set'), tie('set'), fc.constantFrom('union', 'intersect', 'subtract')).map(
      ([a, b, operation]) =>
        ({
          union: { set: union(a.set, b.set), holds: (flow: Flow) => a.holds(flow) || b.holds(flow) },
          intersect: { set: intersect(a.set, b.set), holds: (flow: Flow) => a.holds(flow) && b.holds(flow) },
          subtract: { set: subtract(a.set, b.set), holds: (flow: Flow) => a.holds(flow) && !b.holds(flow) },
        })[operation] as Described,
    ),
  ),
})).set

/** `random` of a seed. */
export const seeded = (seed: number): (() => number) => {
  let state = seed >>> 0
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
}
