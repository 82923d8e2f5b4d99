/** The resolver of a VPC as a client meets it: port 53 of UDP and of TCP. What it says is said by `Services`. */
import { createSocket } from 'node:dgram'
import { createServer, type Socket } from 'node:net'
import { type Ip, ip } from '../../../ip/address.ts'
import { keepFew } from './connections.ts'
import { fitting, HEADER, isQuery, udpLimit } from './dns-message.ts'

/** The answer to a query, or silence. Never throws. */
export type Resolve = (from: Ip, query: Uint8Array) => Uint8Array | undefined

/** Bytes of a query; milliseconds in which a connection says nothing. */
const LONGEST = 4096
const IDLE = 5000
/** Bytes that the length before a message can tell. */
const LARGEST = 65_535

/** Serves on a bound UDP socket. The result ends it. */
export function serveDatagrams(fd: number, resolve: Resolve, log: (line: string) => void): () => void {
  const socket = createSocket('udp4')
  socket.on('error', (error) => log(`names by UDP: ${error.message}`))
  socket.on('message', (query, { address, port }) => {
    // Port 0 takes no answer.
    if (port === 0 || !isQuery(query)) return
    const answer = resolve(ip(address), query)
    if (answer) socket.send(fitting(answer, udpLimit(query)), port, address, () => {})
  })
  socket.bind({ fd })
  return () => void socket.close()
}

/** Serves on a bound TCP socket. The result ends it, and its connections. */
export function serveStreams(fd: number, resolve: Resolve, log: (line: string) => void): () => void {
  const server = createServer((socket) => converse(socket, resolve))
  server.on('error', (error) => log(`names by TCP: ${error.message}`))
  const end = keepFew(server)
  server.listen({ fd })
  return end
}

/** Each message has its length before it, in two bytes (RFC 1035, 4.2.2). */
function converse(socket: Socket, resolve: Resolve): void {
  let held = Buffer.alloc(0)
  socket.setTimeout(IDLE, () => socket.destroy())
  socket.on('data', (data) => {
    held = Buffer.concat([held, data])
    while (held.length >= 2) {
      const end = 2 + held.readUInt16BE(0)
      if (end < 2 + HEADER || end > 2 + LONGEST) return void socket.destroy()
      if (held.length < end) return
      reply(socket, resolve, held.subarray(2, end))
      held = held.subarray(end)
    }
  })
}

function reply(socket: Socket, resolve: Resolve, query: Uint8Array): void {
  const from = socket.remoteAddress
  const found = from !== undefined && isQuery(query) ? resolve(ip(from), query) : undefined
  if (!found) return
  const answer = fitting(found, LARGEST)
  const length = Buffer.alloc(2)
  length.writeUInt16BE(answer.length)
  if (socket.write(Buffer.concat([length, answer]))) return
  // Who asks and does not listen is not heard until he does.
  socket.pause()
  socket.once('drain', () => void socket.resume())
}
