/** Netlink sockets that live in a namespace: events of its links and routes, and nft's generation. */
import { closeSync } from 'node:fs'
import { bind, EAGAIN, errno, MSG_DONTWAIT, receive, send, setOption, socket, within } from './libc.ts'

export const AF_NETLINK = 16
const SOCK_RAW = 3
const SOL_SOCKET = 1
const SO_RCVBUFFORCE = 33
export const NETLINK_ROUTE = 0
export const NETLINK_NETFILTER = 12

/** An open socket; `read` answers a datagram, undefined where there is none, `lost` where some did not fit. */
export interface NetlinkSocket {
  send(message: Uint8Array): void
  read(): Buffer | undefined | 'lost'
  close(): void
}

/** Opens a socket in the namespace at `path` that listens to the multicast `groups` (a bit mask). */
export function openNetlink(path: string, protocol: number, groups: number, bufferBytes = 0): NetlinkSocket {
  const fd = within(path, () => socket(AF_NETLINK, SOCK_RAW, protocol))
  if (fd < 0) throw new Error(`no netlink socket (errno ${errno()})`)
  const address = Buffer.alloc(12)
  address.writeUInt16LE(AF_NETLINK, 0)
  address.writeUInt32LE(groups >>> 0, 8)
  if (bind(fd, address, address.length) < 0) throw new Error(`cannot listen to netlink groups (errno ${errno()})`)
  if (bufferBytes > 0) {
    const size = Buffer.alloc(4)
    size.writeInt32LE(bufferBytes)
    setOption(fd, SOL_SOCKET, SO_RCVBUFFORCE, size, 4)
  }
  const buffer = Buffer.alloc(65536)
  return {
    send: (message) => void send(fd, message, message.length, 0),
    read() {
      const length = receive(fd, buffer, buffer.length, MSG_DONTWAIT)
      if (length >= 0) return Buffer.from(buffer.subarray(0, length))
      return errno() === EAGAIN ? undefined : 'lost'
    },
    close: () => closeSync(fd),
  }
}

export interface Attribute {
  readonly type: number
  readonly data: Buffer
}

/** The attributes in `data`: length and type, then the value, padded to 4 bytes. */
export function* attributesOf(data: Buffer): Generator<Attribute> {
  for (let at = 0; at + 4 <= data.length; ) {
    const length = data.readUInt16LE(at)
    if (length < 4) return
    yield { type: data.readUInt16LE(at + 2) & 0x3fff, data: data.subarray(at + 4, at + length) }
    at += (length + 3) & ~3
  }
}

/** The messages in a datagram: type, flags, and what follows the header. */
export function* messagesOf(datagram: Buffer): Generator<{ type: number; flags: number; body: Buffer }> {
  for (let at = 0; at + 16 <= datagram.length; ) {
    const length = datagram.readUInt32LE(at)
    if (length < 16) return
    yield {
      type: datagram.readUInt16LE(at + 4),
      flags: datagram.readUInt16LE(at + 6),
      body: datagram.subarray(at + 16, at + length),
    }
    at += (length + 3) & ~3
  }
}

const SUBSYS_NFTABLES = 10
const NEWGEN = (SUBSYS_NFTABLES << 8) | 15
const GETGEN = (SUBSYS_NFTABLES << 8) | 16
const NLM_F_REQUEST = 1

/** nft's generation in the socket's namespace: raised by every committed transaction, whoever made it. */
export function nftGeneration(netfilter: NetlinkSocket): number {
  const message = Buffer.alloc(20)
  message.writeUInt32LE(message.length, 0)
  message.writeUInt16LE(GETGEN, 4)
  message.writeUInt16LE(NLM_F_REQUEST, 6)
  netfilter.send(message)
  const answer = netfilter.read()
  if (answer === undefined || answer === 'lost') throw new Error('nft does not tell its generation')
  for (const { type, body } of messagesOf(answer)) {
    if (type !== NEWGEN) continue
    for (const attribute of attributesOf(body.subarray(4)))
      if (attribute.type === 1) return attribute.data.readUInt32BE(0)
  }
  throw new Error('nft does not tell its generation')
}
