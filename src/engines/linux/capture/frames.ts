/** Frames as captures report them: what was read at a port, and what was stopped before it came to one. */
import { decode, ipPacket } from '../../../pcap/decode.ts'
import type { Port } from '../layout.ts'
import { macOf } from '../names.ts'
import { packetKey } from './passages.ts'

const ETHERNET = 14
const ETHER_IP4 = 0x0800

/** The key of the packet in a frame; undefined where routers do not judge it as it is: fragments, and all but IPv4. */
export function keyOf(frame: Buffer): string | undefined {
  const packet = decode(frame, 'ethernet')
  if (packet.kind !== 'ip' || packet.family !== 4 || packet.isFragment) return undefined
  const header = ((frame[ETHERNET] ?? 0) & 15) * 4
  return packetKey(frame.subarray(ETHERNET, ETHERNET + header), packet.body)
}

/** The frame that a packet would have come in, had it not been stopped. `packet` may be its beginning only. */
export function frameFor(port: Port, packet: Buffer): { readonly data: Buffer; readonly originalLength: number } {
  const router = macOf(port.segment.id)
  const to = port.host ? (port.host.mac ?? macOf(port.host.id)) : router
  const header = Buffer.alloc(ETHERNET)
  header.write(to.replaceAll(':', ''), 0, 'hex')
  header.write(router.replaceAll(':', ''), 6, 'hex')
  header.writeUInt16BE(ETHER_IP4, 12)
  const data = Buffer.concat([header, packet])
  return { data, originalLength: ETHERNET + (ipPacket(packet)?.length ?? packet.length) }
}
