/** A TCP segment in the words of tcpdump; sequence numbers are as they are on the wire (`tcpdump -S`). */
import type { IpPacket } from './decode.ts'

const FLAGS: readonly (readonly [bit: number, letter: string])[] = [
  [0x01, 'F'],
  [0x02, 'S'],
  [0x04, 'R'],
  [0x08, 'P'],
  [0x10, '.'],
  [0x20, 'U'],
  [0x40, 'E'],
  [0x80, 'W'],
]
const ACK = 0x10
/** SYN, FIN and RST are told with their sequence number, though they carry nothing. */
const NUMBERED = 0x07

export function tcpText({ body, bodyLength }: IpPacket): string {
  if (body.length < 16) return `Flags [|tcp], length ${bodyLength}`
  const header = ((body[12] ?? 0) >> 4) * 4
  const flags = body[13] ?? 0
  const length = Math.max(0, bodyLength - header)
  const seq = body.readUInt32BE(4)
  const options = optionTexts(body.subarray(20, header))
  return [
    `Flags [${letters(flags)}]`,
    ...(length > 0 || flags & NUMBERED ? [`seq ${length > 0 ? `${seq}:${(seq + length) % 2 ** 32}` : seq}`] : []),
    ...(flags & ACK ? [`ack ${body.readUInt32BE(8)}`] : []),
    `win ${body.readUInt16BE(14)}`,
    ...(options.length > 0 ? [`options [${options.join(',')}]`] : []),
    `length ${length}`,
  ].join(', ')
}

const letters = (flags: number): string =>
  FLAGS.filter(([bit]) => flags & bit)
    .map(([, letter]) => letter)
    .join('') || 'none'

type OptionText = (value: Buffer) => string

/** By kind; `value` has the length that the option needs. */
const OPTIONS: Readonly<Record<number, readonly [length: number, text: OptionText]>> = {
  2: [2, (value) => `mss ${value.readUInt16BE(0)}`],
  3: [1, (value) => `wscale ${value[0]}`],
  4: [0, () => 'sackOK'],
  5: [8, (value) => `sack ${value.length / 8} ${sackText(value)}`],
  8: [8, (value) => `TS val ${value.readUInt32BE(0)} ecr ${value.readUInt32BE(4)}`],
}

const sackText = (value: Buffer): string =>
  Array.from({ length: Math.floor(value.length / 8) }, (_, i) => {
    return `{${value.readUInt32BE(i * 8)}:${value.readUInt32BE(i * 8 + 4)}}`
  }).join('')

function optionTexts(bytes: Buffer): string[] {
  const texts: string[] = []
  for (let at = 0; at < bytes.length; ) {
    const kind = bytes[at] ?? 0
    if (kind <= 1) {
      texts.push(kind === 0 ? 'eol' : 'nop')
      if (kind === 0) return texts
      at++
      continue
    }
    const length = bytes[at + 1] ?? 0
    const value = bytes.subarray(at + 2, at + length)
    if (length < 2 || value.length < length - 2) return texts
    const known = OPTIONS[kind]
    texts.push(known && value.length >= known[0] ? known[1](value) : `unknown-${kind}`)
    at += length
  }
  return texts
}
