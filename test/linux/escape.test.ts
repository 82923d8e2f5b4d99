import assert from 'node:assert/strict'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { networkInterfaces } from 'node:os'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import type { LinuxEngine, LinuxOptions } from '../../src/engines/linux/linux.ts'
import { ip } from '../../src/ip/address.ts'
import { noKernel } from '../kernel.ts'
import { inside, said, until, withEngine } from './bench.ts'
import { lab, PING_IN_B } from './networks.ts'

const guest = (hostname: string) => ({ boot: 1, hostname, memory: 1024 * 1024 * 1024, files: [] })

const [A, B] = [ip('10.1.11.10'), ip('10.2.11.172')]

/** Two guests, of which root in `i-a` tries to get out. */
const withGuests = (attempt: (engine: LinuxEngine, options: LinuxOptions) => Promise<void>): Promise<void> =>
  withEngine(async (engine, options) => {
    await engine.apply(lab(PING_IN_B), 1)
    await engine.host.boot('i-a', guest('a'))
    await engine.host.boot('i-b', guest('b'))
    await attempt(engine, options)
  })

/** The shell line fails inside, as root. */
async function refused(engine: LinuxEngine, line: string): Promise<void> {
  const { code, output } = await inside(engine, 'i-a', 'sh', '-c', line)
  assert.notEqual(code, 0, `it went through: ${line}\n${output}`)
}

const hasPython = existsSync('/usr/bin/python3') ? false : 'there is no python3 on this machine'

describe('root inside a guest', { concurrency: 1, skip: noKernel, timeout: 180_000 }, () => {
  test('can neither take the programs of the host apart nor write to them', () =>
    withGuests(async (engine) => {
      await refused(engine, 'umount /usr')
      await refused(engine, 'umount -l /usr')
      await refused(engine, 'mount -o remount,bind,rw /usr')
      await refused(engine, 'mount -o remount,rw /usr')
      await refused(engine, 'touch /usr/bin/x')
      await refused(engine, 'mount --bind / /mnt')
      for (const program of ['sudo', 'su']) {
        await refused(engine, `[ -e /usr/bin/${program} ] && umount /usr/bin/${program}`)
        await refused(engine, `[ -e /usr/bin/${program} ] && echo x >> /usr/bin/${program}`)
        await refused(engine, `[ -e /usr/bin/${program} ] && mount -o remount,bind,rw /usr/bin/${program}`)
      }
    }))

  test('can make no device and mount no disk of the host', () =>
    withGuests(async (engine) => {
      await refused(engine, 'mknod /root/disk b 8 0')
      await refused(engine, 'mknod /dev/kmem c 1 2')
      const [device] = /^\/dev\/\S+/m.exec(readFileSync('/proc/mounts', 'utf8')) ?? ['/dev/sda1']
      await refused(engine, `mount ${device} /mnt`)
      await refused(engine, 'cat /dev/mem')
      await refused(engine, 'mount -t debugfs none /mnt')
      await refused(engine, 'mount -t securityfs none /mnt')
    }))

  test('can set nothing of the kernel that all share', () =>
    withGuests(async (engine) => {
      const shared = [
        '/proc/sys/kernel/core_pattern',
        '/proc/sys/kernel/modprobe',
        '/proc/sys/vm/overcommit_memory',
        '/proc/sys/fs/file-max',
        '/proc/sysrq-trigger',
        '/sys/kernel/uevent_helper',
        '/sys/power/state',
      ]
      const before = readFileSync('/proc/sys/kernel/core_pattern', 'utf8')
      for (const path of shared) await refused(engine, `echo 1 > ${path}`)
      await refused(engine, 'mount -o remount,rw /sys && echo 1 > /sys/kernel/uevent_helper')
      assert.equal(readFileSync('/proc/sys/kernel/core_pattern', 'utf8'), before)
      await refused(engine, 'date -s 2001-01-01')
      await refused(engine, 'swapoff -a -v && swapon /dev/zero')
    }))

  test('can load no module', { skip: hasPython }, () =>
    withGuests(async (engine) => {
      const load = 'import ctypes, sys; sys.exit(0 if ctypes.CDLL(None).syscall(%d, b"", 0, b"") == 0 else 1)'
      const numbers = process.arch === 'x64' ? [175, 246] : [105, 104]
      for (const number of numbers) await refused(engine, `python3 -c '${load.replace('%d', `${number}`)}'`)
    }),
  )

  test('cannot climb out of its root file system', { skip: hasPython }, () =>
    withGuests(async (engine, { stateDir }) => {
      const climb =
        'import os; os.makedirs("/root/x"); os.chroot("/root/x"); [os.chdir("..") for _ in range(99)]; os.chroot("."); ' +
        `print(os.path.exists("${stateDir}"), os.path.exists("/run/isthmus/init"))`
      assert.equal(await said(engine, 'i-a', ['python3', '-c', climb]), 'False True')
      assert.ok(existsSync(stateDir))
    }),
  )

  test("sees neither the state nor the API's socket, nor another guest's files", () =>
    withGuests(async (engine, { stateDir }) => {
      writeFileSync(join(stateDir, 'control.sock'), '')
      await said(engine, 'i-b', ['sh', '-c', 'echo secret > /root/secret; echo secret > /tmp/secret'])
      await refused(engine, `[ -e ${stateDir} ]`)
      await refused(engine, `[ -e ${stateDir}/control.sock ]`)
      await refused(engine, `[ -e /root/secret ] || [ -e /tmp/secret ]`)
      await refused(engine, 'ls /proc/1/root/run/old/etc')
    }))

  test('sees and signals no process but its own', () =>
    withGuests(async (engine) => {
      const running = engine.host.spawn('i-b', ['sleep', '987'])
      await until(async () => /sleep 987/.test(await said(engine, 'i-b', ['ps', '-eo', 'args='])))
      const seen = await said(engine, 'i-a', ['ps', '-eo', 'args='])
      assert.doesNotMatch(seen, /sleep 987|node/)
      await refused(engine, `kill -0 ${process.pid}`)
      await refused(engine, `ls /proc/${process.pid}/root`)
      await refused(engine, `nsenter -t ${process.pid} -m true`)
      running.kill('SIGKILL')
      await running.exit
    }))

  test('is handed no descriptor of the server', () =>
    withGuests(async (engine) => {
      await engine.probe({ protocol: 1, source: A, destination: B, icmp: { type: 8, code: 0 } }, 'i-a')
      for (const place of ['i-a', 'internet']) {
        const open = await said(engine, place, ['sh', '-c', 'ls /proc/self/fd'])
        // The usual three, and the folder that is being listed.
        assert.deepEqual(open.split(/\s+/), ['0', '1', '2', '3'], place)
      }
      const init = await said(engine, 'i-a', ['sh', '-c', 'ls -l /proc/1/fd | sed -n "s/.* -> //p"'])
      assert.doesNotMatch(init, /socket:|pipe:|net:|user:/)
    }))

  test('cannot have the server open a file of the host by a name of its own', () =>
    withGuests(async (engine) => {
      const terminal = { columns: 80, rows: 24 }
      for (const target of ['/dev/ptmx', '/proc/self/fd/0', '/etc/hostname', '../null']) {
        await said(engine, 'i-a', ['sh', '-c', `mount -t tmpfs none /dev/pts; ln -s ${target} /dev/pts/ptmx`])
        assert.throws(() => engine.host.spawn('i-a', ['true'], { terminal }), /no terminal can be had/, target)
      }
    }))

  test('is handed no descriptor with its terminal', () =>
    withGuests(async (engine) => {
      const running = engine.host.spawn('i-a', ['ls', '/proc/self/fd'], { terminal: { columns: 80, rows: 24 } })
      let open = ''
      running.onOutput((_, data) => {
        open += Buffer.from(data).toString()
      })
      await running.exit
      assert.deepEqual(open.trim().split(/\s+/), ['0', '1', '2', '3'])
    }))

  test('does no harm by what it says of its end, however long', { skip: hasPython }, () =>
    withGuests(async (engine) => {
      const ends: string[] = []
      engine.host.onEnd((node, how) => void ends.push(`${node} ${how}`))
      const grow =
        'import ctypes, os; c = ctypes.CDLL(None); p = c.syscall(434, 1, 0); f = c.syscall(438, p, 6, 0); ' +
        'os.ftruncate(f, 3 << 30); os.kill(1, 10)'
      await inside(engine, 'i-a', 'python3', '-c', grow)
      await until(() => ends.length > 0)
      assert.deepEqual(ends, ['i-a lost'])
      assert.equal(await said(engine, 'i-b', ['echo', 'well']), 'well')
    }),
  )

  test("reaches neither the host's loopback nor its addresses", () =>
    withGuests(async (engine) => {
      const server = createServer((_, response) => void response.end('the host')).listen(0, '0.0.0.0')
      await until(() => server.listening)
      try {
        const { port } = server.address() as AddressInfo
        const own = Object.values(networkInterfaces()).flatMap((all) => all ?? [])
        const addresses = own.filter(({ family }) => family === 'IPv4').map(({ address }) => address)
        for (const address of ['127.0.0.1', ...addresses]) {
          const { code } = await inside(engine, 'i-a', 'curl', '-s', '-m', '1', `http://${address}:${port}/`)
          assert.notEqual(code, 0, `${address} answered`)
        }
      } finally {
        server.close()
      }
    }))

  test('cannot leave its control groups', () =>
    withGuests(async (engine) => {
      for (const type of ['cgroup2', 'cgroup -o memory', 'cgroup -o pids'])
        await refused(
          engine,
          `mount -t ${type} none /mnt && echo 1 > /mnt/../mnt/cgroup.procs && echo max > /mnt/pids.max`,
        )
      await refused(engine, 'mount -t cgroup -o memory none /mnt && echo /bin/sh > /mnt/release_agent')
    }))

  test('that forks without end stops at a bound, and its machine goes on', { skip: unbounded('pids') }, () =>
    withGuests(async (engine) => {
      const bomb = engine.host.spawn('i-a', [
        'sh',
        '-c',
        'n=0; while [ $n -lt 3000 ]; do sleep 60 > /dev/null 2>&1 & n=$((n+1)); done',
      ])
      let complaints = ''
      bomb.onOutput((_, data) => {
        complaints += Buffer.from(data).toString()
      })
      await bomb.exit
      assert.match(complaints, /fork|Resource temporarily unavailable/i)
      assert.equal(await said(engine, 'i-b', ['echo', 'well']), 'well')
      await engine.host.halt('i-a')
      assert.ok(!engine.host.guests().has('i-a'))
    }),
  )

  test('that takes memory without end is stopped, and its guest goes on', { skip: unbounded('memory') }, () =>
    withGuests(async (engine) => {
      const { code } = await inside(engine, 'i-a', 'sh', '-c', 'head -c 2G /dev/zero | tail > /dev/null')
      assert.notEqual(code, 0)
      assert.equal(await said(engine, 'i-a', ['echo', 'well']), 'well')
    }),
  )
})

/** Why the machine sets no bound; false where it does. */
function unbounded(controller: string): string | false {
  if (noKernel) return noKernel
  const root = '/sys/fs/cgroup'
  const two = existsSync(join(root, 'cgroup.controllers'))
  const there = two
    ? readFileSync(join(root, 'cgroup.controllers'), 'utf8').split(/\s/).includes(controller)
    : existsSync(join(root, controller, 'cgroup.procs'))
  return there ? false : `this machine bounds no ${controller}`
}
