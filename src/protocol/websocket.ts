/**
 * WebSockets of the console's pages, on the API's port.
 *
 * Invariants: before a connection is upgraded, its request is judged as any other (Host, Origin), and must carry the
 * token. A page can not set a header of its own on it, so the token is among the subprotocols that it offers; it is
 * never in an address.
 */
import type { IncomingMessage, Server } from 'node:http'
import type { Duplex } from 'node:stream'
import { WebSocketServer } from 'ws'
import { ApiError } from '../ec2/errors.ts'
import { type Console, refusedWithoutToken } from './console.ts'
import { written } from './unreadable.ts'

/** What is agreed on; beside it a page offers its token behind TOKEN. */
const SUBPROTOCOL = 'isthmus'
const TOKEN = 'isthmus-token.'
/** Bytes of one message: more than a page sends at once. */
const MOST = 1 << 20

/** Whether the request wants a WebSocket that the console has; anything else is answered as if it wanted none. */
export const isWebSocket = (console: Console | undefined, { headers }: IncomingMessage, path: string): boolean =>
  console !== undefined && headers.upgrade?.toLowerCase() === 'websocket' && Object.hasOwn(console.sockets, path)

/** Upgrades what may be upgraded. `judge` answers the path, and throws ApiError for what comes from elsewhere. */
export function serveWebSockets(
  server: Server,
  console: Console | undefined,
  judge: (message: IncomingMessage) => string,
): void {
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: MOST,
    handleProtocols: (offered) => offered.has(SUBPROTOCOL) && SUBPROTOCOL,
  })
  server.on('upgrade', (message: IncomingMessage, connection: Duplex, head: Buffer) => {
    connection.on('error', () => {})
    try {
      const serve = wanted(console, message, judge(message))
      sockets.handleUpgrade(message, connection, head, serve)
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      connection.end(written(error))
    }
  })
}

/** Throws ApiError. */
function wanted(console: Console | undefined, message: IncomingMessage, path: string) {
  const serve = console && Object.hasOwn(console.sockets, path) ? console.sockets[path] : undefined
  if (!console || !serve) throw new ApiError('NotFound', 'There is no WebSocket at this path.', 404)
  const offered = message.headers['sec-websocket-protocol']?.split(',').map((name) => name.trim()) ?? []
  const shown = offered.find((name) => name.startsWith(TOKEN))?.slice(TOKEN.length)
  refusedWithoutToken(console, { 'x-isthmus-token': shown })
  return serve
}
