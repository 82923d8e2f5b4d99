/** Sockets that the server holds in a namespace: made and bound there at once, then used here as any other. */
import { closeSync } from 'node:fs'
import type { Ip } from '../../ip/address.ts'
import { bind, errno, setOption, socket, within } from './libc.ts'
import { pathOf } from './names.ts'

const AF_INET = 2
const TYPES = { tcp: 1, udp: 2 } as const
const SOL_SOCKET = 1
const SO_REUSEADDR = 2
const IPPROTO_IP = 0
const IP_TTL = 2

/**
 * A descriptor for `listen({ fd })` or `bind({ fd })`. Node itself resolves an address first, and opens the socket
 * later: then it would be one of the machine's own network. Throws where the address can not be had.
 */
export function boundSocket(namespace: string, kind: keyof typeof TYPES, address: Ip, port: number): number {
  const fd = within(pathOf(namespace), () => socket(AF_INET, TYPES[kind], 0))
  if (fd < 0) throw new Error(`no socket can be had (errno ${errno()})`)
  // Connections of a server that was killed do not keep the next one from its port.
  if (kind === 'tcp') setOption(fd, SOL_SOCKET, SO_REUSEADDR, integer(1), 4)
  const where = socketAddress(address, port)
  if (bind(fd, where, where.length) < 0) {
    const error = new Error(`${kind} port ${port} of ${address} can not be had (errno ${errno()})`)
    closeSync(fd)
    throw error
  }
  return fd
}

/** Sets the TTL of what a socket sends from now on. */
export function setHopLimit(fd: number, hops: number): void {
  if (setOption(fd, IPPROTO_IP, IP_TTL, integer(hops), 4) < 0) throw new Error(`no TTL ${hops} (errno ${errno()})`)
}

function integer(value: number): Buffer {
  const data = Buffer.alloc(4)
  data.writeInt32LE(value)
  return data
}

/** struct sockaddr_in. */
export function socketAddress(address: Ip, port: number): Buffer {
  const bytes = Buffer.alloc(16)
  bytes.writeUInt16LE(AF_INET, 0)
  bytes.writeUInt16BE(port, 2)
  bytes.set(address.split('.').map(Number), 4)
  return bytes
}
