import assert from 'node:assert/strict'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import type { Guest } from '../../src/engines/engine.ts'
import { DialError } from '../../src/engines/engine.ts'
import { type LinuxEngine, linuxEngine } from '../../src/engines/linux/linux.ts'
import { ip } from '../../src/ip/address.ts'
import { noKernel } from '../kernel.ts'
import { said, until, withEngine } from './bench.ts'
import { lab, PING_IN_B } from './networks.ts'

/** Which boot each guest runs in. */
const bootsOf = ({ host }: Pick<LinuxEngine, 'host'>) => [...host.guests()].map(([node, { boot }]) => [node, boot])

const guest = (more: Partial<Guest> = {}): Guest => ({
  boot: 1,
  hostname: 'ip-10-1-7-162',
  memory: 256 * 1024 * 1024,
  files: [
    { path: '/etc/passwd', mode: 0o644, text: 'root:x:0:0:root:/root:/bin/bash\n' },
    { path: '/etc/once', mode: 0o600, text: "it's 'once'\n", once: true },
    { path: '/opt/isthmus/boot', mode: 0o755, text: '#!/bin/sh\necho booted; echo said > /dev/console\n' },
  ],
  ...more,
})

describe('a guest', { concurrency: 1, skip: noKernel, timeout: 120_000 }, () => {
  test('has processes, mounts, a name and users of its own, and the network of its node', () =>
    withEngine(async (engine) => {
      await engine.apply(lab(PING_IN_B), 1)
      await engine.host.boot('i-a', guest())
      assert.deepEqual(bootsOf(engine), [['i-a', 1]])
      const run = (...command: string[]) => said(engine, 'i-a', command)
      assert.equal(await run('hostname'), 'ip-10-1-7-162')
      assert.equal(await run('id', '-u'), '0')
      assert.match(await run('cat', '/proc/self/uid_map'), /^0 +[1-9]\d* +65\d\d\d$/)
      assert.match(await run('cat', '/proc/1/cmdline'), /isthmus\/init/)
      assert.match(await run('ip', '-br', 'addr', 'show', 'eth0'), /10\.1\.11\.10/)
      assert.match(await run('ping', '-c', '1', '-W', '2', '10.2.11.172'), /ttl=127/)
      assert.match(await run('sh', '-c', 'touch /usr/x 2>&1 || :'), /Read-only/)
      assert.equal(await run('cat', '/etc/once'), "it's 'once'")
    }))

  test('reaps what is left to its first process', () =>
    withEngine(async (engine) => {
      await engine.apply(lab(), 1)
      await engine.host.boot('i-a', guest())
      await said(engine, 'i-a', ['sh', '-c', 'for n in 1 2 3 4 5; do (sleep 0.05 &) ; done'])
      const dead = async () => !/\bZ/.test(await said(engine, 'i-a', ['ps', '-eo', 'stat=']))
      await until(async () => !/sleep/.test(await said(engine, 'i-a', ['ps', '-eo', 'comm='])))
      await until(dead)
    }))

  test('keeps its disk over an end and a boot, and loses it when nobody keeps it', () =>
    withEngine(async (engine, { stateDir }) => {
      await engine.apply(lab(), 1)
      await engine.host.boot('i-a', guest())
      await said(engine, 'i-a', ['sh', '-c', 'echo kept > /var/kept; echo changed > /etc/once; echo x > /dev/shm/gone'])
      await engine.host.halt('i-a')
      assert.equal(engine.host.guests().size, 0)
      await engine.host.keepDisks(new Set(['i-a']))
      await engine.host.boot('i-a', guest({ boot: 2 }))
      assert.equal(await said(engine, 'i-a', ['sh', '-c', 'cat /var/kept /etc/once; ls /dev/shm']), 'kept\nchanged')
      // Deeper than a path may be long.
      const deep = 'cd /root; n=0; while [ $n -lt 2500 ]; do mkdir a; cd a; n=$((n + 1)); done'
      await said(engine, 'i-a', ['sh', '-c', deep])
      await engine.host.halt('i-a')
      await engine.host.keepDisks(new Set())
      assert.deepEqual(
        readdirSync(join(stateDir, 'guests')).filter((name) => !name.startsWith('.')),
        [],
      )
    }))

  test('that boots again finds its network as at the first boot, whatever it made of it', () =>
    withEngine(async (engine) => {
      await engine.apply(lab(PING_IN_B), 1)
      await engine.host.boot('i-a', guest())
      const run = (line: string) => said(engine, 'i-a', ['sh', '-c', line])
      const seen = 'ip -br -4 addr show eth0; ip route; ip rule; ip -br link | wc -l; nft list ruleset'
      const before = await run(seen)
      await run('ip link add other type dummy; nft add table ip mine; ip rule add pref 9 lookup 7; ip addr flush eth0')
      assert.notEqual(await run(seen), before)
      await engine.host.boot('i-a', guest({ boot: 2 }))
      const neutral = (text: string) => text.replaceAll(/@if\d+/g, '')
      assert.equal(neutral(await run(seen)), neutral(before))
      assert.match(await run('ping -c 1 -W 2 10.2.11.172'), /ttl=127/)
      const socket = await engine.host.dial('i-a', ip('10.1.11.10'), ip('10.1.11.10'), 22, 2000)
      socket.destroy()
      assert.equal(await engine.repair(), false, 'nothing is left to repair')
    }))

  test('that is shut down or rebooted from inside says so', () =>
    withEngine(async (engine) => {
      const ends: string[] = []
      engine.host.onEnd((node, how) => void ends.push(`${node} ${how}`))
      await engine.apply(lab(), 1)
      await engine.host.boot('i-a', guest())
      for (const wish of ['halt', 'reboot']) {
        await said(engine, 'i-a', ['sh', '-c', `echo ${wish} > /run/isthmus/wish; kill -USR1 1`])
        await until(() => ends.length > 0)
        assert.deepEqual(ends.splice(0), [`i-a ${wish}`])
        await engine.host.boot('i-a', guest({ boot: 2 }))
      }
    }))

  test('writes to its console, from its boot script and through /dev/console', () =>
    withEngine(async (engine) => {
      await engine.apply(lab(), 1)
      await engine.host.boot('i-a', guest())
      const console = () => Buffer.from(engine.host.console('i-a')?.output ?? []).toString()
      await until(() => console().includes('booted') && console().includes('said'))
      assert.equal(engine.host.console('i-b'), undefined)
    }))

  test('that floods its console waits for it: the disk of the machine does not fill, and what comes later is there', () =>
    withEngine(async (engine, { stateDir }) => {
      await engine.apply(lab(), 1)
      await engine.host.boot('i-a', guest())
      await said(engine, 'i-a', ['sh', '-c', 'timeout 1 yes > /dev/console || :'])
      // Without a bound it is hundreds of megabytes.
      assert.ok(statSync(join(stateDir, 'guests/i-a/console')).size < 16 * 1024 * 1024)
      await said(engine, 'i-a', ['sh', '-c', 'echo later > /dev/console'])
      await until(() => /^later$/m.test(Buffer.from(engine.host.console('i-a')?.output ?? []).toString()))
    }))

  test('goes on when its engine lets go, and the next one finds it', () =>
    withEngine(async (engine, { tag, stateDir }) => {
      await engine.apply(lab(), 1)
      await engine.host.boot('i-a', guest({ boot: 7 }))
      await said(engine, 'i-a', ['sh', '-c', 'echo here > /run/here'])
      await engine.close({ keep: true })
      const next = linuxEngine({ tag, stateDir, driftEvery: 0 })
      assert.deepEqual(bootsOf(next), [['i-a', 7]])
      await next.apply(lab(), 2)
      assert.equal(await said(next, 'i-a', ['cat', '/run/here']), 'here')
      await next.close({ keep: true })
    }))

  test('gives a command a terminal of its own, with the size asked for', () =>
    withEngine(async (engine) => {
      await engine.apply(lab(), 1)
      await engine.host.boot('i-a', guest())
      const terminal = { columns: 99, rows: 33 }
      const running = engine.host.spawn('i-a', ['sh', '-c', 'tty; stty size; read line; echo got $line; stty size'], {
        terminal,
      })
      let seen = ''
      running.onOutput((_, data) => {
        seen += Buffer.from(data).toString()
      })
      await until(() => seen.includes('33 99'))
      running.resize?.({ columns: 120, rows: 44 })
      running.write(Buffer.from('hello\r'))
      assert.deepEqual(await running.exit, { code: 0, signal: null })
      assert.match(seen, /\/dev\/pts\/0\r\n33 99\r\n[\s\S]*got hello\r\n44 120/)
    }))

  test('is connected to from a node by its rules: answered, refused, or silence', () =>
    withEngine(async (engine) => {
      await engine.apply(lab(), 1)
      await engine.host.boot('i-a', guest())
      const address = ip('10.1.11.10')
      await assert.rejects(
        engine.host.dial('i-a', address, address, 81, 2000),
        (error: DialError) => error.why === 'refused',
      )
      await assert.rejects(
        engine.host.dial('i-b', ip('10.2.11.172'), address, 22, 300),
        (error: DialError) => error instanceof DialError && error.why === 'timeout',
      )
      const socket = await engine.host.dial('i-a', address, address, 22, 2000)
      socket.destroy()
    }))

  test('that ends with its node leaves no process, no namespace and no control group', () =>
    withEngine(async (engine, { tag }) => {
      await engine.apply(lab(), 1)
      await engine.host.boot('i-a', guest())
      await engine.close()
      for (const controller of ['memory', 'pids', '']) assert.ok(!existsSync(join('/sys/fs/cgroup', controller, tag)))
    }))
})
