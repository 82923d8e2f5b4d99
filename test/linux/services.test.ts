import assert from 'node:assert/strict'
import { createSocket } from 'node:dgram'
import { existsSync } from 'node:fs'
import { once } from 'node:events'
import { type IncomingMessage, request } from 'node:http'
import { describe, test } from 'node:test'
import type { MetadataAnswer, Services } from '../../src/engines/engine.ts'
import type { LinuxEngine } from '../../src/engines/linux/linux.ts'
import { boundSocket } from '../../src/engines/linux/bound-socket.ts'
import { roundTrip } from '../../src/forward/forward.ts'
import { type Ip, ip } from '../../src/ip/address.ts'
import { type Flow, stopOf, type Trace } from '../../src/network/flow.ts'
import type { Fact, Network } from '../../src/network/network.ts'
import { noKernel } from '../kernel.ts'
import { machine, withEngine } from './bench.ts'
import { host, link, network, over, route, ruleSet, service, subnet, vpc } from './networks.ts'

const METADATA = ip('169.254.169.254')
const RESOLVER = ip('169.254.169.253')
const BASE = ip('10.1.0.2')
const A = ip('10.1.11.10')
const A2 = ip('10.1.11.20')

const services = (id: string): Fact[] => [
  service(id, 'metadata', METADATA),
  service(id, 'dns', RESOLVER),
  service(id, 'dns', BASE),
]
/** Two VPCs of the same block, an instance with the same address in each; no rule of groups or ACL lets anything pass. */
const twins = (...more: Fact[]): Network =>
  network(
    [ruleSet('acl', false), ruleSet('closed', true)],
    ...['a', 'b'].map((name) => [
      ...vpc(`vpc-${name}`, '10.1.0.0/16'),
      ...subnet(`subnet-${name}`, `vpc-${name}`, '10.1.11.0/24', 'acl'),
      ...host(`i-${name}`, `subnet-${name}`, A, ['closed']),
      ...services(`vpc-${name}`),
    ]),
    host('free', 'subnet-a', A2, ['closed'], false),
    more,
  )

/** Answers every query with itself as a response and the source's last octet; says who asked for metadata. */
function recorder(more: Partial<Services> = {}): { asked: string[]; services: Services } {
  const asked: string[] = []
  return {
    asked,
    services: {
      dns(router, from, query) {
        asked.push(`dns ${router} ${from}`)
        return Uint8Array.from([...query.slice(0, 2), 0x80 | (query[2] ?? 0), 0, ...query.slice(4), 42])
      },
      metadata(router, from, { method, path }) {
        asked.push(`${method} ${path} ${router} ${from}`)
        return { status: 200, headers: { 'content-type': 'text/plain' }, body: `${from} of ${router}` }
      },
      ...more,
    },
  }
}

/** A query without a question is enough for the transport. */
const query = (id: number): Buffer => Buffer.from([id >> 8, id & 255, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0])

/** Sends datagrams from an address of a node, one by one, and answers the first that comes back. */
async function byUdp(namespace: string, from: Ip, to: Ip, ...messages: Buffer[]): Promise<Buffer> {
  const socket = createSocket('udp4')
  socket.bind({ fd: boundSocket(namespace, 'udp', from, 0) })
  for (const message of messages) socket.send(message, 53, to)
  const [answer] = (await once(socket, 'message')) as [Buffer]
  socket.close()
  return answer
}

async function byTcp(engine: LinuxEngine, node: string, to: Ip, messages: Buffer): Promise<Buffer> {
  const socket = await engine.host.dial(node, A, to, 53, 2000)
  socket.write(messages)
  const [answer] = (await once(socket, 'data')) as [Buffer]
  socket.destroy()
  return answer
}

/** One request over a connection of its own. */
async function byHttp(
  engine: LinuxEngine,
  node: string,
  method = 'GET',
  body = '',
): Promise<{ status: number; body: string }> {
  const socket = await engine.host.dial(node, A, METADATA, 80, 2000)
  const asking = request({ createConnection: () => socket as never, method, path: '/latest' })
  asking.end(body)
  const [response] = (await once(asking, 'response')) as [IncomingMessage]
  let text = ''
  for await (const part of response) text += part
  return { status: response.statusCode ?? 0, body: text }
}

const framed = (message: Buffer): Buffer => Buffer.concat([Buffer.from([0, message.length]), message])

describe('services of routers', { concurrency: 1, skip: noKernel, timeout: 120_000 }, () => {
  test('P5: closed groups and an ACL that denies all are no obstacle; two VPCs of one block are told apart', () => {
    const { asked, services } = recorder()
    return withEngine(
      async (engine, { tag }) => {
        await engine.apply(twins(), 1)
        for (const name of ['a', 'b']) {
          const inside = `${tag}-i-${name}`
          for (const address of [RESOLVER, BASE]) {
            assert.equal((await byUdp(inside, A, address, query(7))).at(-1), 42)
            assert.equal((await byTcp(engine, `i-${name}`, address, framed(query(8)))).at(-1), 42)
          }
          assert.equal((await byHttp(engine, `i-${name}`)).body, `${A} of vpc-${name}`)
          const names = Array.from({ length: 4 }, () => `dns vpc-${name} ${A}`)
          assert.deepEqual(asked.splice(0), [...names, `GET /latest vpc-${name} ${A}`])
        }
      },
      { services },
    )
  })

  test('a source that is not the own one gets nothing, also with the source check off', () => {
    const { asked, services } = recorder()
    return withEngine(
      async (engine, { tag }) => {
        await engine.apply(twins(), 1)
        machine(`${tag}-free`, 'ip', 'addr', 'add', `${A}/32`, 'dev', 'lo')
        const spoofed = createSocket('udp4')
        spoofed.bind({ fd: boundSocket(`${tag}-free`, 'udp', A, 0) })
        await new Promise((resolve) => spoofed.send(query(1), 53, RESOLVER, resolve))
        spoofed.close()
        await byUdp(`${tag}-free`, A2, RESOLVER, query(2))
        assert.deepEqual(asked, [`dns vpc-a ${A2}`])
        await assert.rejects(engine.host.dial('free', A, METADATA, 80, 300), { why: 'timeout' })
      },
      { services },
    )
  })

  test('more than 1,024 packets a second of one interface are dropped before they reach the server', () => {
    const { asked, services } = recorder()
    return withEngine(
      async (engine, { tag }) => {
        await engine.apply(twins(), 1)
        const socket = createSocket('udp4')
        socket.bind({ fd: boundSocket(`${tag}-i-a`, 'udp', A, 0) })
        for (let i = 0; i < 10_000; i++) await new Promise((resolve) => socket.send(query(i), 53, RESOLVER, resolve))
        socket.close()
        const rules = machine(`${tag}-vpc-a`, 'nft', 'list', 'chain', 'inet', 'isthmus', 'service-source')
        const dropped = Number(/packets (\d+) .*service-rate/.exec(rules)?.[1])
        assert.ok(dropped > 0 && asked.length + dropped <= 10_000, `${asked.length} arrived, ${dropped} were dropped`)
        await byUdp(`${tag}-i-b`, A, RESOLVER, query(1))
      },
      { services },
    )
  })

  test('what the services throw is a failure of that one answer', () => {
    let broken = true
    const fails = <T>(answer: T): T => {
      if (broken) throw new Error('out of order')
      return answer
    }
    const ok: MetadataAnswer = { status: 200, headers: {}, body: 'well' }
    const { services } = recorder({ metadata: () => fails(ok), dns: (_, __, asked) => fails(asked) })
    const lines: string[] = []
    return withEngine(
      async (engine, { tag }) => {
        await engine.apply(twins(), 1)
        const inside = `${tag}-i-a`
        assert.equal((await byHttp(engine, 'i-a')).status, 500)
        const answer = await byUdp(inside, A, RESOLVER, query(9))
        assert.equal((answer[3] ?? 0) & 15, 2, 'SERVFAIL')
        assert.equal(lines.filter((line) => line.includes('out of order')).length, 2)
        broken = false
        assert.deepEqual(await byHttp(engine, 'i-a'), { status: 200, body: 'well' })
      },
      { services, log: (line) => lines.push(line) },
    )
  })

  test('what is no query, or no request, gets no answer and harms nobody', () => {
    const { asked, services } = recorder()
    return withEngine(
      async (engine, { tag }) => {
        await engine.apply(twins(), 1)
        const inside = `${tag}-i-a`
        const response = query(3).fill(0x80, 2, 3)
        await byUdp(inside, A, RESOLVER, Buffer.alloc(0), Buffer.from('x'), response, query(4))
        assert.equal(asked.length, 1)
        const garbage = await engine.host.dial('i-a', A, METADATA, 80, 2000)
        garbage.write('no request at all\r\n\r\n')
        assert.match(String(await once(garbage, 'data')), /^HTTP\/1.1 400/)
        const short = await engine.host.dial('i-a', A, RESOLVER, 53, 2000)
        short.write(Buffer.from([0, 3, 1, 2, 3]))
        await once(short.resume(), 'close')
        assert.equal(
          (await byTcp(engine, 'i-a', RESOLVER, Buffer.concat([framed(query(5)), framed(query(6))]))).at(-1),
          42,
        )
        assert.equal((await byHttp(engine, 'i-a', 'PUT', 'x'.repeat(2000))).status, 200)
      },
      { services },
    )
  })

  test('an answer goes as many hops as it is given, and no further', () => {
    const { services } = recorder({ metadata: () => ({ status: 200, headers: {}, body: 'token', hopLimit: 1 }) })
    return withEngine(
      async (engine, { tag }) => {
        await engine.apply(twins(), 1)
        const inside = `${tag}-i-a`
        const rules = [
          'table ip hops { chain in { type filter hook input priority 0; ',
          'ip saddr 169.254.169.254 tcp flags & (psh | ack) == psh | ack ip ttl 1 counter; }; }',
        ]
        machine(inside, 'nft', rules.join(''))
        await byHttp(engine, 'i-a', 'PUT')
        assert.match(machine(inside, 'nft', 'list', 'table', 'ip', 'hops'), /counter packets [1-9]/)
      },
      { services },
    )
  })

  test('sockets come and go with what the network has routers serve', () => {
    const { services } = recorder()
    return withEngine(
      async (engine, { tag }) => {
        const listening = (router: string) =>
          machine(`${tag}-${router}`, 'ss', '-Hlntu')
            .split('\n')
            .flatMap((line) => /(\S+)\s+\S+\s*$/.exec(line)?.[1] ?? [])
            .toSorted()
        const all = twins()
        const without = (kind: string) => ({ ...all, services: all.services.filter((s) => s.kind !== kind) })
        const names = [`${BASE}:53`, `${RESOLVER}:53`].flatMap((place) => [place, place])
        await engine.apply(all, 1)
        assert.deepEqual(listening('vpc-a'), [...names, `${METADATA}:80`])
        await engine.apply(without('dns'), 2)
        assert.deepEqual(listening('vpc-a'), [`${METADATA}:80`])
        assert.equal((await byHttp(engine, 'i-a')).status, 200)
        await engine.apply(network(), 3)
        await engine.apply(all, 4)
        assert.deepEqual(listening('vpc-b'), [...names, `${METADATA}:80`])
        assert.equal((await byHttp(engine, 'i-b')).body, `${A} of vpc-b`)
      },
      { services },
    )
  })

  test('what is open keeps no removed namespace alive', () => {
    const { services } = recorder()
    return withEngine(
      async (engine, { tag }) => {
        await engine.apply(twins(), 1)
        const talking = await engine.host.dial('i-a', A, METADATA, 80, 2000)
        talking.on('error', () => {}).write('GET / HTTP/1.1\r\nhost: x\r\n\r\n')
        await once(talking, 'data')
        // A pair of links ends with the namespace of either.
        const near = `svc${process.pid}`
        machine(undefined, 'ip', 'link', 'add', near, 'type', 'veth', 'peer', 'name', 'far', 'netns', `${tag}-vpc-a`)
        await engine.apply(network(), 2)
        talking.destroy()
        while (existsSync(`/sys/class/net/${near}`)) await new Promise((resolve) => setTimeout(resolve, 20))
      },
      { services },
    )
  })

  test('P5, P6: probes of services end as forward says', () => {
    const peer: Fact[] = [
      ...vpc('vpc-c', '10.3.0.0/16'),
      ...subnet('subnet-c', 'vpc-c', '10.3.11.0/24'),
      ...host('i-c', 'subnet-c', '10.3.11.10', ['open']),
      ...[service('vpc-c', 'dns', ip('10.3.0.2')), service('vpc-c', 'metadata', METADATA)],
      ruleSet('open', true),
      { rule: { ...anyRule, direction: 'egress' } },
      { rule: { ...anyRule, direction: 'ingress' } },
      ...link('pcx', 'peering', ['vpc-c', 'vpc-a']),
      route('vpc-c-rtb', '10.1.0.0/16', over('pcx:vpc-c')),
      route('vpc-c-rtb', '169.254.0.0/16', over('pcx:vpc-c')),
      route('vpc-a-rtb', '10.3.0.0/16', over('pcx:vpc-a')),
    ]
    const C = ip('10.3.11.10')
    const flows: (readonly [Flow, string])[] = [
      ...[METADATA, RESOLVER, BASE, ip('10.3.0.2')].flatMap((to) =>
        (
          [
            [A, 'i-a'],
            [A2, 'free'],
            [A, 'free'],
            [C, 'i-c'],
            [A, 'i-b'],
          ] as const
        ).flatMap(([source, node]) => kinds.map((kind) => [{ ...kind, source, destination: to }, node] as const)),
      ),
    ]
    const all = twins(...peer)
    return withEngine(
      async (engine) => {
        await engine.apply(all, 1)
        const traces = await engine.probeAll(flows.map(([flow, from]) => ({ flow, from })))
        const tally = new Map<string, number>()
        flows.forEach(([flow, from], i) => {
          const { trace } = roundTrip(all, flow, from)
          assert.deepEqual(endings(traces[i]), endings(trace), `${from}: ${JSON.stringify(flow)}`)
          const stage = stopOf(trace.request)?.stage ?? 'answered'
          tally.set(stage, (tally.get(stage) ?? 0) + 1)
        })
        assert.ok((tally.get('answered') ?? 0) >= 15 && (tally.get('service') ?? 0) >= 40, JSON.stringify([...tally]))
      },
      { services: recorder().services },
    )
  })
})

const anyRule = {
  ruleSet: 'open',
  direction: 'egress',
  priority: 0,
  action: 'allow',
  match: { remote: { prefix: '0.0.0.0/0' as never } },
  origin: { resource: 'open', rule: 'all' },
} as const

const kinds: Pick<Flow, 'protocol' | 'icmp' | 'sourcePort' | 'destinationPort'>[] = [
  { protocol: 1, icmp: { type: 8, code: 0 } },
  ...[6, 17].flatMap((protocol) =>
    [53, 80, 443].map((destinationPort) => ({ protocol, sourcePort: 41000, destinationPort })),
  ),
]

const endings = (trace: Trace | undefined) =>
  [trace?.request, trace?.reply].map(
    (leg) => leg && { disposition: leg.disposition, path: leg.path, stop: stopOf(leg) },
  )
