/** What is written is what tcpdump reads, and lines are tcpdump's. */
import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { ip } from '../../src/ip/address.ts'
import { type PacketContent, packetBytes } from '../../src/pcap/build.ts'
import { decode } from '../../src/pcap/decode.ts'
import { lineOf } from '../../src/pcap/line.ts'
import { fileHeader, interfaceBlock, type LinkType, packetBlock } from '../../src/pcap/pcapng.ts'

const noTcpdump = spawnSync('tcpdump', ['--version']).error ? 'tcpdump is not installed' : false

const A = ip('10.1.7.162')
const B = ip('10.2.11.172')
const content = (more: Partial<PacketContent>): PacketContent => ({
  source: A,
  destination: B,
  protocol: 1,
  id: 7,
  dontFragment: true,
  length: 0,
  icmp: { type: 8, code: 0, id: 5, sequence: 1 },
  sourcePort: 40000,
  destinationPort: 22,
  flags: 0,
  ...more,
})
const built = (more: Partial<PacketContent>): Buffer => packetBytes(content(more))

/** An ICMP error of `type` and `code` that quotes a UDP packet from A to B. */
function icmpError(type: number, code: number, mtu = 0): Buffer {
  const quoted = built({ protocol: 17, destinationPort: 53, length: 60 })
  const icmp = { type, code, id: 0, sequence: mtu }
  const error = built({ source: B, destination: A, icmp, length: 28 + quoted.length })
  quoted.copy(error, 28)
  return error
}

/** A SYN as Linux sends it. */
function syn(): Buffer {
  const options = Buffer.from('020405b40402080a0000000a000000000103030a', 'hex')
  const packet = built({ protocol: 6, flags: 2, length: 60 })
  packet[32] = 10 << 4
  options.copy(packet, 40)
  packet.writeUInt32BE(3_000_000_000, 24)
  return packet
}

function fragment(): Buffer {
  const packet = built({ length: 100 })
  packet.writeUInt16BE(0x2000 | 185, 6)
  return packet
}

/** tcpdump's words for each, without names and the time, sequence numbers as they are (-n -t -S). */
const RAW: readonly (readonly [Buffer, string])[] = [
  [built({ length: 84 }), 'IP 10.1.7.162 > 10.2.11.172: ICMP echo request, id 5, seq 1, length 64'],
  [
    built({ length: 84, icmp: { type: 0, code: 0, id: 5, sequence: 1 } }),
    'IP 10.1.7.162 > 10.2.11.172: ICMP echo reply, id 5, seq 1, length 64',
  ],
  [icmpError(3, 1), 'IP 10.2.11.172 > 10.1.7.162: ICMP host 10.2.11.172 unreachable, length 68'],
  [icmpError(3, 3), 'IP 10.2.11.172 > 10.1.7.162: ICMP 10.2.11.172 udp port 53 unreachable, length 68'],
  [
    icmpError(3, 4, 1500),
    'IP 10.2.11.172 > 10.1.7.162: ICMP 10.2.11.172 unreachable - need to frag (mtu 1500), length 68',
  ],
  [icmpError(11, 0), 'IP 10.2.11.172 > 10.1.7.162: ICMP time exceeded in-transit, length 68'],
  [
    built({ protocol: 17, destinationPort: 4000, length: 58 }),
    'IP 10.1.7.162.40000 > 10.2.11.172.4000: UDP, length 30',
  ],
  [
    syn(),
    'IP 10.1.7.162.40000 > 10.2.11.172.22: Flags [S], seq 3000000000, win 65535, ' +
      'options [mss 1460,sackOK,TS val 10 ecr 0,nop,wscale 10], length 0',
  ],
  [
    built({ protocol: 6, flags: 0x18, destinationPort: 9999, length: 50 }),
    'IP 10.1.7.162.40000 > 10.2.11.172.9999: Flags [P.], seq 0:10, ack 0, win 65535, length 10',
  ],
  [
    built({ protocol: 6, flags: 0x14 }),
    'IP 10.1.7.162.40000 > 10.2.11.172.22: Flags [R.], seq 0, ack 0, win 65535, length 0',
  ],
  [fragment(), 'IP 10.1.7.162 > 10.2.11.172: ip-proto-1'],
  [
    built({
      source: ip('2001:db8::1'),
      destination: ip('2001:db8::2'),
      protocol: 58,
      icmp: { type: 128, code: 0, id: 5, sequence: 2 },
    }),
    'IP6 2001:db8::1 > 2001:db8::2: ICMP6, echo request, id 5, seq 2, length 8',
  ],
]

const ETHERNET: readonly (readonly [Buffer, string])[] = [
  [
    Buffer.from('ffffffffffff02aabbccddee08060001080006040001' + '02aabbccddee0a0107a20000000000000a010701', 'hex'),
    'ARP, Request who-has 10.1.7.1 tell 10.1.7.162, length 28',
  ],
  [
    Buffer.from('02aabbccddee02000000000108060001080006040002' + '0200000000010a01070102aabbccddee0a0107a2', 'hex'),
    'ARP, Reply 10.1.7.1 is-at 02:00:00:00:00:01, length 28',
  ],
]

test('known packets are told in the words of tcpdump', () => {
  for (const [packet, line] of RAW) assert.equal(lineOf(decode(packet, 'raw')), line)
  for (const [packet, line] of ETHERNET) assert.equal(lineOf(decode(packet, 'ethernet')), line)
})

test('what is cut off anywhere is no error', () => {
  for (const [packet] of RAW)
    for (let length = 0; length <= packet.length; length++) lineOf(decode(packet.subarray(0, length), 'raw'))
  for (const [packet] of ETHERNET)
    for (let length = 0; length <= packet.length; length++) lineOf(decode(packet.subarray(0, length), 'ethernet'))
})

/** What `tcpdump` reads in a file with these packets. */
function readBack(linkType: LinkType, packets: readonly Buffer[], ...options: readonly string[]): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'isthmus-pcapng-'))
  const file = join(folder, 'file.pcapng')
  try {
    const blocks = packets.map((data, i) =>
      packetBlock(linkType === 'raw' ? 0 : i % 2, {
        at: 1_700_000_000_123_456 + i,
        data,
        originalLength: data.length,
        direction: i % 2 ? 'in' : 'out',
        ...(i > 0 && { comment: `dropped: comment ${i}` }),
      }),
    )
    const second = linkType === 'raw' ? [] : [interfaceBlock(linkType, 'eni-2')]
    const header = [fileHeader('isthmus test'), interfaceBlock(linkType, 'eni-1'), ...second]
    writeFileSync(file, Buffer.concat([...header, ...blocks]))
    const args = ['-r', file, '-n', '-S', ...options]
    return execFileSync('tcpdump', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
      .trim()
      .split('\n')
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

test('tcpdump reads the file, and says the same of each packet', { skip: noTcpdump }, () => {
  assert.deepEqual(
    readBack(
      'raw',
      RAW.map(([packet]) => packet),
      '-t',
    ),
    RAW.map(([, line]) => line),
  )
  assert.deepEqual(
    readBack(
      'ethernet',
      ETHERNET.map(([packet]) => packet),
      '-t',
    ),
    ETHERNET.map(([, line]) => line),
  )
})

test('times are microseconds', { skip: noTcpdump }, () => {
  const lines = readBack('raw', [built({}), built({})], '-tt')
  assert.deepEqual(
    lines.map((line) => line.split(' ')[0]),
    ['1700000000.123456', '1700000000.123457'],
  )
})

test('checksums are right: tcpdump complains of none', { skip: noTcpdump }, () => {
  const packets = [1, 6, 17].map((protocol) => built({ protocol, length: 77 }))
  const text = readBack('raw', packets, '-vv', '-t').join('\n')
  assert.doesNotMatch(text, /wrong|incorrect|bad/i)
  assert.match(text, /\(correct\)|udp sum ok/)
})
