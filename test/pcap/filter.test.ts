import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ip } from '../../src/ip/address.ts'
import { packetBytes } from '../../src/pcap/build.ts'
import { type Decoded, decode } from '../../src/pcap/decode.ts'
import { FilterError, parseFilter } from '../../src/pcap/filter.ts'

const packet = (protocol: number): Decoded =>
  decode(
    packetBytes({
      source: ip('10.1.7.162'),
      destination: ip('10.2.11.172'),
      protocol,
      id: 1,
      dontFragment: false,
      length: 0,
      icmp: { type: 8, code: 0, id: 1, sequence: 1 },
      sourcePort: 40000,
      destinationPort: 22,
      flags: 2,
    }),
    'raw',
  )

/** Words -> whether they hold for a TCP segment from 10.1.7.162:40000 to 10.2.11.172:22 that was dropped. */
const CASES: Readonly<Record<string, boolean>> = {
  '': true,
  tcp: true,
  udp: false,
  'tcp port 22': true,
  'tcp and port 40000': true,
  'src port 22': false,
  'dst port 22': true,
  'host 10.2.11.172': true,
  'src host 10.2.11.172': false,
  'dst 10.2.11.172': true,
  'net 10.1.0.0/16': true,
  'dst net 10.1.0.0/16': false,
  'not icmp': true,
  'not icmp and not tcp': false,
  dropped: true,
  'TCP DROPPED': true,
  'host 2001:db8::1': false,
}

test('words that all must hold', () => {
  for (const [words, holds] of Object.entries(CASES))
    assert.equal(parseFilter(words)({ packet: packet(6), dropped: true }), holds, words)
  assert.equal(parseFilter('dropped')({ packet: packet(6), dropped: false }), false)
  assert.equal(parseFilter('icmp')({ packet: packet(1), dropped: false }), true)
})

test('other words are refused, and those that there are named', () => {
  for (const words of ['fish', 'port', 'port 99999', 'host ten', 'not', 'src fish', 'tcp or udp', 'constructor'])
    assert.throws(
      () => parseFilter(words),
      (error) => error instanceof FilterError && /It knows: arp/.test(error.message),
    )
})
