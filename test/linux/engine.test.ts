import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { linuxEngine } from '../../src/engines/linux/linux.ts'
import { namespacesThere } from '../../src/engines/linux/read.ts'
import { tearDown } from '../../src/engines/linux/tear-down.ts'
import { ip } from '../../src/ip/address.ts'
import { prefix } from '../../src/ip/prefix.ts'
import { noKernel } from '../kernel.ts'
import { footprint, inside, machine, pings, withEngine } from './bench.ts'
import { host, lab, labFacts, network, PING_IN_A, PING_IN_B } from './networks.ts'

const hostLink = { pool: prefix('198.51.100.0/24'), hostAddress: ip('198.51.100.1') }

describe('the lab on the kernel', { concurrency: 1, skip: noKernel, timeout: 120_000 }, () => {
  test('a running ping is silent, and answered once a rule allows it; the hop is hidden (A20)', () =>
    withEngine(async (engine) => {
      await engine.apply(lab(), 1)
      const ping = engine.host.spawn('i-a', ['ping', '-i', '0.2', '10.2.11.172'])
      let output = ''
      const answered = new Promise<void>((resolve) =>
        ping.onOutput((_, data) => {
          output += Buffer.from(data).toString()
          if (output.includes('ttl=127')) resolve()
        }),
      )
      assert.equal(await pings(engine, 'i-a', '10.2.11.172'), false)
      assert.doesNotMatch(output, /ttl=|unreachable/i)
      await engine.apply(lab(PING_IN_B), 2)
      await answered
      ping.kill('SIGINT')
      await ping.exit
      assert.match(output, /packets transmitted/)
      assert.equal(engine.reached, 2)
    }))

  test('a second apply of the same network leaves the kernel alone', () =>
    withEngine(async (engine, { tag }) => {
      await engine.apply(lab(), 1)
      const list = () =>
        machine(`${tag}-vpc-a`, 'nft', '-a', 'list', 'ruleset') +
        machine(`${tag}-vpc-a`, 'ip', 'route', 'show', 'table', 'all')
      const before = list()
      await engine.apply(lab(), 2)
      assert.equal(list(), before)
      assert.equal(await engine.repair(), false)
    }))

  test('no packet of a running ping is lost while its routers change', () =>
    withEngine(async (engine) => {
      const facts = [PING_IN_A, PING_IN_B]
      await engine.apply(lab(...facts), 1)
      const ping = engine.host.spawn('i-a', ['ping', '-i', '0.05', '-c', '40', '10.2.11.172'])
      let output = ''
      ping.onOutput((_, data) => {
        output += Buffer.from(data).toString()
      })
      for (let i = 0; i < 6; i++) await engine.apply(i % 2 ? lab(...facts) : lab(PING_IN_B), i + 2)
      await ping.exit
      assert.match(output, / 0% packet loss/)
    }))

  test('G8: an Elastic IP is reached from the internet, the host, another VPC and its own instance', () =>
    withEngine(
      async (engine) => {
        await engine.apply(lab(PING_IN_A, PING_IN_B), 1)
        assert.equal(await pings(engine, 'internet', '198.51.100.10'), true)
        assert.equal(await pings(engine, 'i-a', '198.51.100.20'), true)
        assert.equal(await pings(engine, 'i-a', '198.51.100.10'), true)
        assert.match(machine(undefined, 'ping', '-c', '1', '-W', '1', '198.51.100.10'), /ttl=127/)
        assert.equal(await pings(engine, 'i-a', '198.51.100.1'), false, 'nothing but replies comes back to the host')
        assert.equal(await pings(engine, 'i-a2', '203.0.113.10'), false, 'no public address, no way out')
      },
      { hostLink },
    ))

  test('a command inside cannot change the host, and sees no process of it', () =>
    withEngine(async (engine) => {
      await engine.apply(lab(), 1)
      const { output, code } = await inside(
        engine,
        'i-a',
        'sh',
        '-c',
        'ls -d /proc/[0-9]* | wc -l; echo x > /etc/isthmus-test; mount -o remount,rw /; echo $?; exit 7',
      )
      assert.equal(code, 7)
      assert.match(output, /Read-only file system/)
      assert.ok(Number(output.split('\n')[0]) < 10)
      assert.doesNotMatch(output, /^0$/m)
    }))

  test('a server that comes after one that was killed finds its namespaces and leaves them alone', () =>
    withEngine(async (killed, options) => {
      await killed.apply(lab(PING_IN_B), 1)
      const state = () =>
        machine(`${options.tag}-vpc-a`, 'nft', '-a', 'list', 'ruleset') + machine(`${options.tag}-i-a`, 'ip', 'link')
      const before = state()
      await killed.close({ keep: true })
      const next = linuxEngine(options)
      await next.apply(lab(PING_IN_B), 1)
      assert.equal(state(), before)
      assert.equal(await pings(next, 'i-a', '10.2.11.172'), true)
      await next.close()
    }))

  test('it takes away the addresses that the killed one put there and nobody wants, and leaves those of others', () =>
    withEngine(async (killed, options) => {
      await killed.apply(network([...labFacts(), ...host('i-2', 'subnet-a', '10.1.11.40 10.1.11.41', ['sg-a'])]), 1)
      machine(`${options.tag}-i-2`, 'ip', 'addr', 'add', '10.1.11.42/24', 'dev', 'eth0')
      await killed.close({ keep: true })
      const next = linuxEngine(options)
      await next.apply(network([...labFacts(), ...host('i-2', 'subnet-a', '10.1.11.40', ['sg-a'])]), 2)
      const addresses = machine(`${options.tag}-i-2`, 'ip', '-4', '-o', 'addr', 'show', 'dev', 'eth0')
      assert.deepEqual(addresses.match(/10\.1\.11\.\d+(?=\/)/g)?.toSorted(), ['10.1.11.40', '10.1.11.42'])
      await next.close()
    }))

  test('what a server that was killed had only begun is completed', () =>
    withEngine(async (engine, { tag }) => {
      // Names without namespaces, as of a command that was killed between the two; and namespaces as they are made.
      mkdirSync('/run/netns', { recursive: true })
      writeFileSync(`/run/netns/${tag}-vpc-b`, '')
      writeFileSync(`/run/netns/${tag}-i-b`, '')
      for (const node of ['vpc-a', 'i-a']) machine(undefined, 'ip', 'netns', 'add', `${tag}-${node}`)
      await engine.apply(lab(PING_IN_A, PING_IN_B), 1)
      assert.equal(await pings(engine, 'i-a', '10.2.11.172'), true)
      for (const node of ['vpc-a', 'i-a']) assert.match(machine(`${tag}-${node}`, 'ip', 'link', 'show', 'lo'), /,UP/)
    }))

  test('so is a link to the host whose far end it had not yet set up', () =>
    withEngine(
      async (killed, options) => {
        await killed.apply(lab(PING_IN_A), 1)
        await killed.close({ keep: true })
        machine(`${options.tag}-internet`, 'ip', 'link', 'set', 'host0', 'down')
        const next = linuxEngine(options)
        await next.apply(lab(PING_IN_A), 1)
        assert.match(machine(undefined, 'ping', '-c', '1', '-W', '1', '198.51.100.10'), /ttl=127/)
        await next.close()
      },
      { hostLink },
    ))

  test('a disk that can not be removed is removed once it can', () =>
    withEngine(async (before, options) => {
      await before.close()
      const disk = join(options.stateDir, 'guests', 'i-gone', 'disk')
      mkdirSync(disk, { recursive: true })
      machine(undefined, 'mount', '-t', 'tmpfs', 'tmpfs', disk)
      const lines: string[] = []
      const engine = linuxEngine({ ...options, log: (line) => void lines.push(line) })
      const remaining = async () => {
        await engine.host.keepDisks(new Set())
        return existsSync(disk)
      }
      const busy = [await remaining(), await remaining()]
      machine(undefined, 'umount', disk)
      assert.deepEqual([...busy, await remaining()], [true, true, false])
      assert.equal(lines.filter((line) => line.startsWith('the disk of i-gone')).length, 1)
      await engine.close()
    }))

  test('tearing down leaves nothing, also without the server that built it', () =>
    withEngine(
      async (engine, options) => {
        const before = footprint(options.tag)
        await engine.apply(lab(), 1)
        const sleeper = engine.host.spawn('i-a', ['sleep', '600'])
        await pings(engine, 'i-a', '10.1.12.20')
        await tearDown(options.tag, options.stateDir)
        await sleeper.exit
        assert.deepEqual(namespacesThere(options.tag), [])
        assert.deepEqual(footprint(options.tag), before)
      },
      { hostLink },
    ))

  test('another server beside it is not touched', () =>
    withEngine((one) =>
      withEngine(async (other, { tag, stateDir }) => {
        await one.apply(lab(PING_IN_B), 1)
        await other.apply(lab(PING_IN_B), 1)
        await tearDown(tag, stateDir)
        assert.equal(await pings(one, 'i-a', '10.2.11.172'), true)
      }),
    ))

  test('a process of the machine that is not ours survives', () =>
    withEngine(async (engine, { tag, stateDir }) => {
      const other = spawn('sleep', ['600'])
      await engine.apply(lab(), 1)
      await tearDown(tag, stateDir)
      assert.equal(other.exitCode, null)
      other.kill()
      await once(other, 'exit')
    }))
})
