/**
 * What answers in routers: the server's own sockets, bound to the addresses of each router's services.
 *
 * Invariants: what is open follows the network; who asks is told by router and source, which the router's gates have
 * checked; nothing that a guest sends, and nothing that the services throw, ends the server.
 */
import { statSync } from 'node:fs'
import type { Ip } from '../../../ip/address.ts'
import { TCP } from '../../../network/match.ts'
import type { Service } from '../../../network/network.ts'
import { type Endpoint, ENDPOINTS } from '../../../network/services.ts'
import type { Services } from '../../engine.ts'
import type { Desired } from '../desired.ts'
import { pathOf } from '../names.ts'
import { boundSocket } from '../bound-socket.ts'
import { serverFailure } from './dns-message.ts'
import { type Resolve, serveDatagrams, serveStreams } from './dns-server.ts'
import { serveMetadata } from './metadata-server.ts'

export interface ServiceSockets {
  /** Answers where `desired` has services, and nowhere else. What can not be opened is logged, and tried next time. */
  follow(desired: Desired): void
  /** Ends what is open in these namespaces: it would keep them alive. */
  leave(namespaces: Iterable<string>): void
  close(): void
}

/** A socket that is wanted. */
interface Place {
  readonly namespace: string
  readonly service: Service
  readonly endpoint: Endpoint
}

/** Without `services` nothing is opened. */
export function serviceSockets(services: Services | undefined, log: (line: string) => void): ServiceSockets {
  /** Key of a place → the namespace, and what ends it. */
  const open = new Map<string, { readonly namespace: string; readonly end: () => void }>()

  const closeWhere = (isGone: (key: string, namespace: string) => boolean) => {
    for (const [key, { namespace, end }] of open) {
      if (!isGone(key, namespace)) continue
      end()
      open.delete(key)
    }
  }
  return {
    follow(desired) {
      if (!services) return
      const wanted = placesOf(desired)
      closeWhere((key) => !wanted.has(key))
      for (const [key, place] of wanted) {
        if (open.has(key)) continue
        try {
          open.set(key, { namespace: place.namespace, end: serve(place, services, log) })
        } catch (error) {
          log(`${place.service.kind} of ${place.service.node}: ${error instanceof Error ? error.message : error}`)
        }
      }
    },
    leave(namespaces) {
      const left = new Set(namespaces)
      closeWhere((_, namespace) => left.has(namespace))
    },
    close: () => closeWhere(() => true),
  }
}

/** By a key that another namespace of the same name does not share. */
function placesOf({ namespaces }: Desired): Map<string, Place> {
  const places = new Map<string, Place>()
  for (const [namespace, { services = [] }] of namespaces) {
    if (services.length === 0) continue
    const inode = statSync(pathOf(namespace), { throwIfNoEntry: false })?.ino
    for (const service of services) {
      for (const endpoint of ENDPOINTS[service.kind])
        places.set(`${namespace} ${inode} ${service.address} ${endpoint.protocol}`, { namespace, service, endpoint })
    }
  }
  return places
}

function serve({ namespace, service, endpoint }: Place, services: Services, log: (line: string) => void): () => void {
  const { node: router, kind, address } = service
  const fd = boundSocket(namespace, endpoint.protocol === TCP ? 'tcp' : 'udp', address, endpoint.port)
  if (kind === 'metadata') return serveMetadata(fd, (from, request) => services.metadata(router, from, request), log)
  const serveNames = endpoint.protocol === TCP ? serveStreams : serveDatagrams
  return serveNames(fd, resolveWith(router, services, log), log)
}

const resolveWith =
  (router: string, services: Services, log: (line: string) => void): Resolve =>
  (from: Ip, query) => {
    try {
      return services.dns(router, from, query)
    } catch (error) {
      log(`names for ${from} of ${router}: ${error instanceof Error ? error.message : error}`)
      return serverFailure(query)
    }
  }
