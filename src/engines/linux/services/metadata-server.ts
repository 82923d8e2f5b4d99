/** The metadata service as a client meets it: HTTP/1.1 on port 80. What it says is said by `Services`. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { type Ip, ip } from '../../../ip/address.ts'
import type { MetadataAnswer, MetadataRequest } from '../../engine.ts'
import { setHopLimit } from '../bound-socket.ts'
import { keepFew } from './connections.ts'

/** The answer to a request. May throw: then it is a 500. */
export type Tell = (from: Ip, request: MetadataRequest) => MetadataAnswer

/** Milliseconds; a request may carry a body, which nobody reads. */
const LIMITS = { requestTimeout: 5000, headersTimeout: 5000, keepAliveTimeout: 5000, maxHeaderSize: 8192 }
const LONGEST_BODY = 65_536
const HOPS = 64

/** Serves on a bound TCP socket. The result ends it, and its connections. */
export function serveMetadata(fd: number, tell: Tell, log: (line: string) => void): () => void {
  const server = createServer({ ...LIMITS, connectionsCheckingInterval: 5000 }, (request, response) => {
    drain(request)
    try {
      respond(request, response, tell)
    } catch (error) {
      log(`the metadata service: ${error instanceof Error ? error.message : error}`)
      if (response.headersSent) response.destroy()
      else response.writeHead(500, { 'content-length': 0, connection: 'close' }).end()
    }
  })
  server.on('error', (error) => log(`the metadata service: ${error.message}`))
  server.setTimeout(LIMITS.requestTimeout)
  const end = keepFew(server)
  server.listen({ fd })
  return end
}

function drain(request: IncomingMessage): void {
  let length = 0
  request.on('data', (data: Buffer) => {
    length += data.length
    if (length > LONGEST_BODY) request.destroy()
  })
  request.on('error', () => {})
}

function respond(request: IncomingMessage, response: ServerResponse, tell: Tell): void {
  const { method = 'GET', url = '/', headers, socket } = request
  if (socket.remoteAddress === undefined) return
  const answer = tell(ip(socket.remoteAddress), { method, path: url, headers })
  limitHops(socket, answer.hopLimit ?? HOPS)
  for (const [name, value] of Object.entries(answer.headers)) response.setHeader(name, value)
  response.statusCode = answer.status
  response.end(Buffer.from(answer.body, answer.encoding ?? 'utf8'))
}

/** Node has no name for this option of a connection, but the connection has its descriptor. */
function limitHops(socket: Socket, hops: number): void {
  const { _handle: handle } = socket as Socket & { readonly _handle?: { readonly fd: number } }
  if (handle && handle.fd >= 0) setHopLimit(handle.fd, hops)
}
