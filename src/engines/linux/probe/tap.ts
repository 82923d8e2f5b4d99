/** Raw sockets inside a node: one that sends whole packets, one that sees which packets of probes arrive. */
import { closeSync } from 'node:fs'
import koffi from 'koffi'
import { integer4, type Ip } from '../../../ip/address.ts'
import { errno, MSG_DONTWAIT, receive, sendTo, setOption, socket, within } from '../libc.ts'
import { PROBE_DSCP } from '../names.ts'
import { recognize, type Seen } from './packet.ts'

const AF_INET = 2
const AF_PACKET = 17
const SOCK_DGRAM = 2
const SOCK_RAW = 3
const IPPROTO_RAW = 255
const SOL_SOCKET = 1
const SO_BROADCAST = 6
const SO_RCVBUFFORCE = 33
const SO_ATTACH_FILTER = 26
const ETH_P_IP_SWAPPED = 0x0008

/** Classic BPF: only frames for this host (packet type 0) that carry a probe's DSCP. */
const FILTER: readonly (readonly [code: number, jt: number, jf: number, k: number])[] = [
  [0x30, 0, 0, 0xfffff004],
  [0x15, 0, 5, 0],
  [0x30, 0, 0, 1],
  [0x54, 0, 0, 0xfc],
  [0x15, 1, 0, PROBE_DSCP.fresh << 2],
  [0x15, 0, 1, PROBE_DSCP.session << 2],
  [0x06, 0, 0, 256],
  [0x06, 0, 0, 0],
]

const program = koffi.struct('isthmus_fprog', { length: 'uint16_t', filter: 'const uint8_t *' })
const attach = koffi
  .load('libc.so.6')
  .func('setsockopt', 'int', ['int', 'int', 'int', koffi.pointer(program), 'uint32_t']) as (
  fd: number,
  level: number,
  name: number,
  value: object,
  length: number,
) => number

export interface Tap {
  /** Sends a whole packet by the node's own routing; answers 0, or the error number. */
  send(packet: Buffer, destination: Ip): number
  /** Packets of probes that have arrived since the last call. */
  drain(arrived: (seen: Seen) => void): number
  close(): void
}

export function openTap(path: string): Tap {
  const [sender, receiver] = within(
    path,
    () => [socket(AF_INET, SOCK_RAW, IPPROTO_RAW), socket(AF_PACKET, SOCK_DGRAM, ETH_P_IP_SWAPPED)] as const,
  )
  if (sender < 0 || receiver < 0) throw new Error(`no raw socket (errno ${errno()})`)
  setOption(sender, SOL_SOCKET, SO_BROADCAST, integer(1), 4)
  setOption(receiver, SOL_SOCKET, SO_RCVBUFFORCE, integer(8 << 20), 4)
  if (attach(receiver, SOL_SOCKET, SO_ATTACH_FILTER, { length: FILTER.length, filter: filterBytes() }, 16) < 0)
    throw new Error(`no packet filter (errno ${errno()})`)
  const buffer = Buffer.alloc(512)
  return {
    send: (packet, destination) =>
      sendTo(sender, packet, packet.length, 0, addressOf(destination), 16) < 0 ? errno() : 0,
    drain(arrived) {
      let count = 0
      for (
        let length = receive(receiver, buffer, buffer.length, MSG_DONTWAIT);
        length >= 0;
        length = receive(receiver, buffer, buffer.length, MSG_DONTWAIT)
      ) {
        count++
        const above = ((buffer[0] ?? 0) & 15) * 4
        const isFirst = (buffer.readUInt16BE(6) & 0x1fff) === 0
        const seen = isFirst
          ? recognize(buffer.subarray(0, above), Buffer.from(buffer.subarray(above, length)))
          : undefined
        if (seen) arrived(seen)
      }
      return count
    },
    close() {
      closeSync(sender)
      closeSync(receiver)
    },
  }
}

function integer(value: number): Buffer {
  const data = Buffer.alloc(4)
  data.writeInt32LE(value)
  return data
}

function addressOf(destination: Ip): Buffer {
  const address = Buffer.alloc(16)
  address.writeUInt16LE(AF_INET, 0)
  address.writeUInt32BE(integer4(destination), 4)
  return address
}

function filterBytes(): Buffer {
  const bytes = Buffer.alloc(FILTER.length * 8)
  FILTER.forEach(([code, jt, jf, k], i) => {
    bytes.writeUInt16LE(code, i * 8)
    bytes[i * 8 + 2] = jt
    bytes[i * 8 + 3] = jf
    bytes.writeUInt32LE(k >>> 0, i * 8 + 4)
  })
  return bytes
}
