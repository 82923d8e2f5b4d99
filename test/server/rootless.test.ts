import assert from 'node:assert/strict'
import { chmodSync, cpSync, existsSync, readdirSync, readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { DeskView } from '../../src/lab/course/view.ts'
import { ask, caughtUp, clientOf, folder, statusOf, suite } from './bench.ts'
import { type Launched, launchedInstance } from './instance.ts'
import { noKernel } from '../kernel.ts'
import { written } from '../lab/written.ts'
import { noUnprivileged, unprivileged } from './unprivileged.ts'

const skip = noKernel || noUnprivileged()

/** The process that holds the namespaces. */
const holderOf = (stateDir: string): number =>
  (JSON.parse(readFileSync(join(stateDir, 'rootless.json'), 'utf8')) as { holder: { pid: number } }).holder.pid

describe('a user without privilege has real packets', { skip, concurrency: 1, timeout: 180_000 }, () => {
  const end = suite()
  const user = skip ? undefined : unprivileged()
  const { stateDir = '', isthmus, processes } = user ?? ({} as Partial<NonNullable<typeof user>>)
  const labs = folder(end)
  let instance: Launched
  const run = async (...words: string[]): Promise<string> => {
    const { code, said } = (await isthmus?.(...words)) ?? { code: 1, said: '' }
    assert.equal(code, 0, `isthmus ${words.join(' ')}: ${said}`)
    return said
  }
  const pidNow = async () => (await statusOf(stateDir)).pid as number
  end.after(async () => {
    await isthmus?.('down', '--purge')
    user?.remove()
  })

  test('up says that it is rootless, and what that lacks; its API is reached from outside', async () => {
    const said = await run('up', '--detach', '--port', '0', '--labs', labs)
    assert.match(said, /Engine +linux\n.*rootless: packets are real[\s\S]*As root it could also bound the memory/)
    const { endpoint, pid, hostAddress } = await statusOf(stateDir)
    assert.equal(hostAddress, undefined)
    assert.match(await run('status'), /Elastic IPs .*\n.*does not reach them.*isthmus tunnel NAME[\s\S]*exec internet/)
    assert.equal((await ask({ url: `${endpoint}` }, 'GET', '/_isthmus/health')).status, 200)
    const status = readFileSync(`/proc/${pid}/status`, 'utf8')
    assert.match(status, /^Uid:\s+65534\s+65534\s/m)
  })

  test('an instance has users of its own, root by sudo, its metadata, and packets', async () => {
    const { endpoint } = await statusOf(stateDir)
    const ec2 = clientOf(`${endpoint}`)
    instance = await launchedInstance(ec2)
    await caughtUp(stateDir)
    const inside = (line: string) => run('exec', instance.id, '--', 'sh', '-c', line)
    assert.match(await inside('cat /proc/self/uid_map'), /^ *0 +1 +65536$/m)
    assert.match(
      await inside(`su ec2-user -c 'id -un; ping -c 1 -W 2 ${instance.address} > /dev/null; echo $?'`),
      /^ec2-user\n0$/m,
    )
    assert.match(await inside("[ ! -u /usr/bin/sudo ] || su ec2-user -c 'sudo id -u'"), /^(0\n)?$/)
    const token = 'curl -s -m 5 -X PUT -H X-aws-ec2-metadata-token-ttl-seconds:60 169.254.169.254/latest/api/token'
    const read = `curl -s -m 5 -H "X-aws-ec2-metadata-token: $(${token})" 169.254.169.254/latest/meta-data/instance-id`
    assert.equal((await inside(read)).trim(), instance.id)
  })

  test('a lab is begun and solved in the console', async (t) => {
    const solution = { 'step1/solve.sh': 'isthmus create vpc mine 10.20.0.0/16\n' }
    cpSync(
      written(t, 'checks: [{ id: a, title: A, exists: { vpc: { cidr: 10.20.0.0/16 } } }]', solution),
      `${labs}/mine`,
      {
        recursive: true,
      },
    )
    for (const path of [labs, `${labs}/mine`]) chmodSync(path, 0o755)
    const { console: page, endpoint: url } = (await statusOf(stateDir)) as { console: string; endpoint: string }
    const headers = { 'x-isthmus-token': new URLSearchParams(new URL(page).hash.slice(1)).get('token') ?? '' }
    const post = (path: string, body = {}) => ask({ url }, 'POST', `/_isthmus/labs/${path}`, { headers, body })
    const until = async (is: (view: DeskView) => boolean) => {
      for (const deadline = Date.now() + 60_000; ; await sleep(100)) {
        const view = (await ask({ url }, 'GET', '/_isthmus/labs/course', { headers })).body as unknown as DeskView
        if (is(view)) return view
        if (view.failure !== undefined || Date.now() > deadline) assert.fail(JSON.stringify(view))
      }
    }
    assert.equal((await post('start', { slug: 'mine' })).status, 200)
    await until(({ course, doing }) => course !== undefined && doing === undefined)
    assert.equal((await post('solve')).status, 200)
    await until(({ course, doing }) => course?.step === 2 && doing === undefined)
  })

  test('the host is as it was: no link, no route, no namespace of its own', () => {
    const netns = existsSync('/run/netns') ? readdirSync('/run/netns') : []
    assert.deepEqual(
      netns.filter((name) => name.includes(instance.id)),
      [],
    )
    assert.ok(!existsSync(join(stateDir, 'host-changes.json')))
  })

  test('its server killed with -9, its instances go on, and the next server finds them', async () => {
    await run('exec', instance.id, '--', 'sh', '-c', 'echo here > /run/here')
    const [holder, first] = [holderOf(stateDir), await pidNow()]
    process.kill(first, 'SIGKILL')
    await run('up', '--detach', '--port', '0')
    await caughtUp(stateDir)
    assert.notEqual(await pidNow(), first)
    assert.equal(holderOf(stateDir), holder)
    assert.equal((await run('exec', instance.id, '--', 'cat', '/run/here')).trim(), 'here')
  })

  test('with the holder of its namespaces killed too, its instances boot anew', async () => {
    const [holder, server] = [holderOf(stateDir), await pidNow()]
    for (const pid of [holder, server]) process.kill(pid, 'SIGKILL')
    await run('up', '--detach', '--port', '0')
    await caughtUp(stateDir)
    assert.notEqual(holderOf(stateDir), holder)
    assert.match(await run('exec', instance.id, '--', 'sh', '-c', 'ls /run/here 2>&1 || :'), /No such file/)
  })

  test('taken down after kill -9, nothing of it runs; and --purge removes the disks of other ids', async () => {
    process.kill(await pidNow(), 'SIGKILL')
    assert.match(await run('down'), /had ended without cleaning up/)
    assert.deepEqual(processes?.(), [])
    assert.ok(existsSync(join(stateDir, 'guests', instance.id, 'disk')))
    await run('down', '--purge')
    // What was learnt outlives the network.
    assert.deepEqual(readdirSync(stateDir), ['labs', 'snapshots'])
  })

  test('a port in use is named, and the namespaces made for nothing are gone', async () => {
    const taken = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => taken.once('listening', resolve))
    const { port } = taken.address() as { port: number }
    const { code, said } = (await isthmus?.('up', '--port', `${port}`)) ?? {}
    taken.close()
    assert.equal(code, 1)
    assert.match(said ?? '', new RegExp(`Port ${port} is in use`))
    assert.ok(!existsSync(join(stateDir, 'rootless.json')))
  })
})
