/** A packet socket on one port: every frame that passes it, with the kernel's time. */
import { closeSync } from 'node:fs'
import koffi from 'koffi'
import { bind, errno, ioctl, MSG_DONTWAIT, setOption, socket, within } from '../libc.ts'

const AF_PACKET = 17
const SOCK_RAW = 3
const SOL_SOCKET = 1
const SO_RCVBUFFORCE = 33
const SOL_PACKET = 263
const PACKET_STATISTICS = 6
const ETH_P_ALL_SWAPPED = 0x0300
const PACKET_OUTGOING = 4
const MSG_TRUNC = 0x20
const SIOCGSTAMPNS = 0x8907
const BUFFER = 8 << 20
const LARGEST = 65_550

const lib = koffi.load('libc.so.6')
const receiveFrom = lib.func(
  'intptr_t recvfrom(int fd, _Out_ uint8_t *data, size_t length, int flags, _Out_ uint8_t *address, uint8_t *size)',
) as (fd: number, data: Uint8Array, length: number, flags: number, address: Uint8Array, size: Uint8Array) => number
const getOption = lib.func('int getsockopt(int fd, int level, int name, _Out_ uint8_t *value, uint8_t *length)') as (
  fd: number,
  level: number,
  name: number,
  value: Uint8Array,
  length: Uint8Array,
) => number
const indexOf = lib.func('uint32_t if_nametoindex(const char *name)') as (name: string) => number

/** A frame, and whether the port's router sent it or got it. */
export interface Frame {
  /** Microseconds since 1970. */
  readonly at: number
  readonly data: Buffer
  readonly originalLength: number
  readonly outgoing: boolean
}

export interface PacketSocket {
  read(): Frame | undefined
  /** Frames since the last call that did not fit the kernel's buffer. */
  missed(): number
  close(): void
}

/** Interface index -> name, of those that are there. */
export const portIndexes = (path: string, names: readonly string[]): Map<number, string> =>
  within(path, () => new Map(names.map((name) => [indexOf(name), name] as const).filter(([index]) => index > 0)))

/** Opens it in the namespace at `path`; `index` is the port's. */
export function openPacketSocket(path: string, index: number): PacketSocket {
  const fd = within(path, () => socket(AF_PACKET, SOCK_RAW, 0))
  if (fd < 0) throw new Error(`no packet socket (errno ${errno()})`)
  setOption(fd, SOL_SOCKET, SO_RCVBUFFORCE, integer(BUFFER), 4)
  const stamp = Buffer.alloc(16)
  // Asked once: from then on frames are stamped when they pass.
  ioctl(fd, SIOCGSTAMPNS, stamp)
  if (bind(fd, linkAddress(index), 20) < 0) {
    closeSync(fd)
    throw new Error(`cannot listen at a port (errno ${errno()})`)
  }
  const buffer = Buffer.alloc(LARGEST)
  const address = Buffer.alloc(20)
  const size = Buffer.alloc(4)
  return {
    read() {
      size.writeUInt32LE(address.length)
      const length = receiveFrom(fd, buffer, buffer.length, MSG_DONTWAIT | MSG_TRUNC, address, size)
      if (length < 0) return undefined
      ioctl(fd, SIOCGSTAMPNS, stamp)
      return {
        at: Number(stamp.readBigInt64LE(0)) * 1_000_000 + Math.floor(Number(stamp.readBigInt64LE(8)) / 1000),
        data: Buffer.from(buffer.subarray(0, length)),
        originalLength: length,
        outgoing: address[10] === PACKET_OUTGOING,
      }
    },
    missed() {
      const counters = Buffer.alloc(8)
      const isThere = getOption(fd, SOL_PACKET, PACKET_STATISTICS, counters, integer(counters.length)) === 0
      return isThere ? counters.readUInt32LE(4) : 0
    },
    close: () => closeSync(fd),
  }
}

function linkAddress(index: number): Buffer {
  const address = Buffer.alloc(20)
  address.writeUInt16LE(AF_PACKET, 0)
  address.writeUInt16LE(ETH_P_ALL_SWAPPED, 2)
  address.writeInt32LE(index, 4)
  return address
}

function integer(value: number): Buffer {
  const data = Buffer.alloc(4)
  data.writeInt32LE(value)
  return data
}
