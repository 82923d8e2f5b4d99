/** Keeps the connections of a server few, so that no guest takes what the others need; and ends them with it. */
import type { Server, Socket } from 'node:net'

/** At once, of one address and of all. */
const OF_ONE = 8
const OF_ALL = 256

/** Call before the server listens. The result ends the server and its connections at once. */
export function keepFew(server: Server): () => void {
  const sockets = new Set<Socket>()
  server.maxConnections = OF_ALL
  server.on('connection', (socket: Socket) => {
    const isOne = (other: Socket) => other.remoteAddress === socket.remoteAddress
    socket.on('error', () => {})
    if ([...sockets].filter(isOne).length >= OF_ONE) return void socket.destroy()
    sockets.add(socket)
    socket.on('close', () => void sockets.delete(socket))
  })
  return () => {
    server.close()
    for (const socket of sockets) socket.destroy()
  }
}
