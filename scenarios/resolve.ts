/** Asks the DNS of a VPC from an instance: over its network where packets are real, else where they would arrive. */
import { type Answer, decode, encode, RECURSION_DESIRED } from 'dns-packet'
import type { Duplex } from 'node:stream'
import { type Ip, ip } from '../src/ip/address.ts'
import { answered } from '../src/network/flow.ts'
import { TCP } from '../src/network/match.ts'
import type { Service } from '../src/network/network.ts'
import type { Bench } from './bench.ts'
import type { Instance } from './builder.ts'

const PORT = 53
const PATIENCE = 10_000

/** The first A record of a name, or the code of an answer without one, such as `NXDOMAIN`. */
export async function resolve(bench: Bench, from: Instance, name: string): Promise<Ip | string> {
  const network = await bench.catchUp()
  const server = network.services.find((s) => s.kind === 'dns' && s.node === from.subnet.vpc.id)
  if (!server) throw new Error(`${from.subnet.vpc.id} serves no names`)
  const query = encode({ type: 'query', id: 1, flags: RECURSION_DESIRED, questions: [{ name, type: 'A' }] })
  const ask = bench.engine.name === 'linux' ? overTheWire : simulated
  const { answers = [], ...header } = decode(Buffer.from(await ask(bench, from, server, query)))
  const found = answers.find((a: Answer) => a.type === 'A')
  return found?.type === 'A' ? ip(found.data) : ((header as { rcode?: string }).rcode ?? '')
}

type Ask = (bench: Bench, from: Instance, server: Service, query: Uint8Array) => Promise<Uint8Array>

const simulated: Ask = async ({ engine, services }, from, { node, address }, query) => {
  const flow = { protocol: TCP, source: from.ip, sourcePort: 40_000, destination: address, destinationPort: PORT }
  const answer = answered(await engine.probe(flow, from.id)) ? services.dns(node, from.ip, query) : undefined
  if (!answer) throw new Error(`the DNS at ${address} is silent`)
  return answer
}

/** RFC 1035, 4.2.2: over TCP each message has its length before it. */
const overTheWire: Ask = async ({ engine }, from, { address }, query) => {
  const connection = await engine.host.dial(from.id, from.ip, address, PORT, PATIENCE)
  connection.write(Buffer.concat([Buffer.from([query.length >> 8, query.length & 255]), query]))
  try {
    return await messageFrom(connection)
  } finally {
    connection.destroy()
  }
}

async function messageFrom(connection: Duplex): Promise<Uint8Array> {
  let bytes = Buffer.alloc(0)
  for await (const chunk of connection) {
    bytes = Buffer.concat([bytes, chunk as Buffer])
    if (bytes.length >= 2 && bytes.length >= 2 + bytes.readUInt16BE())
      return bytes.subarray(2, 2 + bytes.readUInt16BE())
  }
  throw new Error('the DNS closed the connection')
}
