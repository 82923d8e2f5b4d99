/** How long conntrack remembers an idle flow: rendered, and read back from the kernel (S12). */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { withKnownTimeouts } from '../../src/engines/linux/idle-timeouts.ts'
import { changeTable } from '../../src/engines/linux/nft.ts'
import { render } from '../../src/engines/linux/render.ts'
import type { IdleTimeouts } from '../../src/network/idle.ts'
import type { Network } from '../../src/network/network.ts'
import { noKernel } from '../kernel.ts'
import { inside, machine, until, withEngine } from './bench.ts'
import { lab, rule } from './networks.ts'

const LET_IN = [6, 17].map((protocol) =>
  rule('sg-b', 'ingress', `${protocol}`, { protocol, remote: { prefix: '10.1.0.0/16' as never } }),
)

/** The lab, in which one host's interface has timeouts. */
function withTimeouts(id: string, idleTimeouts?: IdleTimeouts): Network {
  const network = lab(...LET_IN)
  const at = network.interfaces.get(id)
  assert.ok(at)
  return {
    ...network,
    interfaces: new Map([...network.interfaces, [id, { ...at, ...(idleTimeouts && { idleTimeouts }) }]]),
  }
}

const OWN = { tcpEstablished: 100, udp: 45, udpStream: 70 }
const tableOf = (network: Network) => {
  const nft = render(network, { tag: 't' }).namespaces.get('t-vpc-b')?.nft
  assert.ok(nft)
  return nft
}

describe('the table of a router', () => {
  test('S12: a flow that begins at an interface with timeouts of its own gets them, before its rules judge', () => {
    const { timeouts, chains, sets } = tableOf(withTimeouts('i-b-eni', OWN))
    assert.deepEqual(
      [...timeouts],
      [
        ['idle-tcp-100', 'protocol tcp; l3proto ip; policy = { established : 100 };'],
        ['idle-udp-45-70', 'protocol udp; l3proto ip; policy = { unreplied : 45, replied : 70 };'],
      ],
    )
    const name = [...chains.keys()].find((chain) => chain.startsWith('idle-ingress-')) ?? ''
    const [tcp, udp, onward] = chains.get(name)?.rules ?? []
    assert.equal(tcp, 'ct state new meta l4proto 6 ct timeout set "idle-tcp-100"')
    assert.equal(udp, 'ct state new meta l4proto 17 ct timeout set "idle-udp-45-70"')
    assert.match(`${onward}`, /^goto sg-ingress-/)
    assert.ok([...(sets.get('ingress')?.elements.values() ?? [])].includes(`goto ${name}`))
  })

  test('S12: of one that is not named the default stands', () => {
    const { timeouts } = tableOf(withTimeouts('i-b-eni', { udp: 60 }))
    assert.deepEqual([...timeouts.keys()], ['idle-udp-60-180'])
  })

  test('S12: timeouts are there before the rules that name them, and go after these', () => {
    const [plain, own] = [tableOf(withTimeouts('i-b-eni')), tableOf(withTimeouts('i-b-eni', OWN))]
    const order = (lines: readonly string[], first: RegExp, second: RegExp) => {
      const [a, b] = [lines.findLastIndex((l) => first.test(l)), lines.findIndex((l) => second.test(l))]
      assert.ok(a >= 0 && b > a, lines.join('\n'))
    }
    order(changeTable(plain, own), /^add ct timeout/, /^add rule .* ct timeout set/)
    order(changeTable(own, plain), /^delete chain .* idle-/, /^delete ct timeout/)
    assert.deepEqual(changeTable(own, own), [])
  })

  test('S12: a kernel without timeouts of single flows is said, and all have the defaults', async () => {
    const lines: string[] = []
    const network = withTimeouts('i-b-eni', OWN)
    const known = await withKnownTimeouts(
      network,
      (line) => lines.push(line),
      async () => false,
    )
    assert.equal(known.interfaces.get('i-b-eni')?.idleTimeouts, undefined)
    assert.deepEqual(lines, ['this kernel has no timeouts of single flows: those of i-b-eni are not in force'])
    assert.equal(
      await withKnownTimeouts(
        network,
        () => {},
        async () => true,
      ),
      network,
    )
  })
})

/** The flow to a port of i-b as conntrack in its router has it: protocol, seconds that are left, what is known of it. */
function flowTo(tag: string, port: number) {
  const lines = machine(`${tag}-vpc-b`, 'cat', '/proc/net/nf_conntrack').split('\n')
  const found = lines.find((line) => line.includes(`dport=${port} `))
  const [, protocol, left] = /^ipv4\s+2\s+(\S+)\s+\d+ (\d+) /.exec(found ?? '') ?? []
  return { protocol, left: Number(left), line: found ?? '' }
}

const LISTEN = `import socket
s = socket.create_server(('10.2.11.172', 904))
kept = s.accept()
s.accept()`
const CONNECT = 'until exec 3<>/dev/tcp/10.2.11.172/904; do sleep 0.1; done; read'

/** It was set a moment ago: no other timeout here is as near. */
const near = (left: number, seconds: number) => left <= seconds && left > seconds - 15

describe('idle flows in the kernel', { concurrency: 1, skip: noKernel, timeout: 120_000 }, () => {
  const send = (port: number) => ['bash', '-c', `echo x > /dev/udp/10.2.11.172/${port}`]

  test('S12: a router has the defaults of AWS', () =>
    withEngine(async (engine, { tag }) => {
      await engine.apply(lab(), 1)
      const read = (name: string) =>
        machine(`${tag}-vpc-b`, 'cat', `/proc/sys/net/netfilter/nf_conntrack_${name}`).trim()
      assert.deepEqual(['tcp_timeout_established', 'udp_timeout', 'udp_timeout_stream', 'generic_timeout'].map(read), [
        '432000',
        '30',
        '180',
        '600',
      ])
    }))

  test('S12: a UDP flow is kept for 30 seconds, and with a timeout of its own for that', () =>
    withEngine(async (engine, { tag }) => {
      await engine.apply(withTimeouts('i-b-eni'), 1)
      await inside(engine, 'i-a', ...send(901))
      assert.ok(near(flowTo(tag, 901).left, 30), flowTo(tag, 901).line)
      await engine.apply(withTimeouts('i-b-eni', { udp: 60 }), 2)
      await inside(engine, 'i-a', ...send(902))
      assert.ok(near(flowTo(tag, 902).left, 60), flowTo(tag, 902).line)
      await engine.apply(withTimeouts('i-b-eni'), 3)
      await inside(engine, 'i-a', ...send(903))
      assert.ok(near(flowTo(tag, 903).left, 30), flowTo(tag, 903).line)
    }))

  test('S12: an established TCP flow is kept for as long as the receiver’s interface says', () =>
    withEngine(async (engine, { tag }) => {
      await engine.apply(withTimeouts('i-b-eni', { tcpEstablished: 100 }), 1)
      const server = engine.host.spawn('i-b', ['python3', '-c', LISTEN])
      const client = engine.host.spawn('i-a', ['bash', '-c', CONNECT])
      await until(() => flowTo(tag, 904).line.includes('ESTABLISHED'))
      const { left, line } = flowTo(tag, 904)
      client.kill('SIGKILL')
      server.kill('SIGKILL')
      assert.ok(near(left, 100), line)
    }))
})
