/** What a router serves its hosts with, and the facts behind its silence to all else. Read by every engine. */
import { type PortRange, TCP, UDP } from './match.ts'
import type { Service } from './network.ts'
import type { Origin } from './origin.ts'

/** A protocol and port that a service answers on. */
export interface Endpoint {
  /** IANA number. */
  readonly protocol: typeof TCP | typeof UDP
  readonly port: number
}

/** Nothing else is answered at the address of a service: not another port, not a ping. */
export const ENDPOINTS: Readonly<Record<Service['kind'], readonly Endpoint[]>> = {
  metadata: [{ protocol: TCP, port: 80 }],
  dns: [
    { protocol: UDP, port: 53 },
    { protocol: TCP, port: 53 },
  ],
}

export const portRangeOf = ({ port }: Endpoint): PortRange => ({ from: port, to: port })

/**
 * What AWS lets an interface send to these services. It keeps a guest from taking the time of a server that others need
 * as well; `forward`, which knows no time, has no part in it.
 */
export const PACKETS_PER_SECOND = 1024

/** The interface has sent more than that. */
export const serviceTooOften = ({ node }: Service): Origin => ({
  resource: node,
  rule: 'service-rate',
  code: 'ISTHMUS_SERVICE_RATE',
})

/** The source of a packet says who asks, so it must be the asking interface's own, whatever its check says. */
export const serviceForStranger = ({ node }: Service): Origin => ({
  resource: node,
  rule: 'service-source',
  code: 'ISTHMUS_SERVICE_SOURCE',
})

/** The address is a service's, the port is not. */
export const serviceNotThere = ({ node }: Service): Origin => ({
  resource: node,
  rule: 'service-port',
  code: 'ISTHMUS_SERVICE_PORT',
})
