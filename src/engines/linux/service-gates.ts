/** The gates of what a router serves itself: who may ask, what is taken, and what may leave in answer (P5, P6). */
import type { Service } from '../../network/network.ts'
import { UDP } from '../../network/match.ts'
import {
  ENDPOINTS,
  type Endpoint,
  PACKETS_PER_SECOND,
  serviceForStranger,
  serviceNotThere,
  serviceTooOften,
} from '../../network/services.ts'
import { anyOf, type TableBuilder } from './chains.ts'
import { type Comments, commentFor, drop } from './comments.ts'
import { FOR_SERVICE } from './names.ts'

/** Lets what is for a service past a gate. */
export const PAST_FOR_SERVICE = `meta mark ${FOR_SERVICE} accept`

const TOO_OFTEN = `limit rate over ${PACKETS_PER_SECOND}/second burst ${PACKETS_PER_SECOND} packets`

/** Of what arrives from a host: its mark leads to no table, and no flow is remembered. Needs the set `senders`. */
export function toServices(build: TableBuilder, services: readonly Service[], comments: Comments): string[] {
  const [first] = services
  if (!first) return []
  const chain = build.chain('service-source', () => [
    `iifname . ip saddr != @senders ${drop(serviceForStranger(first), comments)}`,
    `update @askers { iifname ${TOO_OFTEN} } ${drop(serviceTooOften(first), comments)}`,
    `meta mark set ${FOR_SERVICE} notrack accept`,
  ])
  build.dynamicSet('askers', 'ifname')
  return [`ip daddr ${anyOf(services.map((s) => s.address))} goto ${chain}`]
}

/** Of what the router takes for itself. */
export function takenByServices(build: TableBuilder, services: readonly Service[], comments: Comments): string[] {
  const [first] = services
  if (!first) return []
  const chain = build.chain('service', () => [
    ...endpointsOf(services).map(
      ([{ address, origin }, endpoint]) =>
        `ip daddr ${address} ${protocol(endpoint)} dport ${endpoint.port} accept ${commentFor(origin, comments)}`,
    ),
    drop(serviceNotThere(first), comments),
  ])
  return [`meta mark ${FOR_SERVICE} goto ${chain}`]
}

/** Of what the router sends in its own name. */
export const answersOfServices = (services: readonly Service[]): string[] =>
  endpointsOf(services).map(
    ([{ address }, endpoint]) => `ip saddr ${address} ${protocol(endpoint)} sport ${endpoint.port} notrack accept`,
  )

const endpointsOf = (services: readonly Service[]): (readonly [Service, Endpoint])[] =>
  services.flatMap((service) => ENDPOINTS[service.kind].map((endpoint) => [service, endpoint] as const))

const protocol = (endpoint: Endpoint): string => (endpoint.protocol === UDP ? 'udp' : 'tcp')
