import assert from 'node:assert/strict'
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { startServer } from '../../src/server/server.ts'
import { ask, clientOf, folder, NotStarted, running, served, statusOf } from './bench.ts'

const silent = { port: 0, sim: true, allowReset: false, log: () => {} }
/** One sentence that says what to do, and nothing else. */
const sentence = (pattern: RegExp) => (error: unknown) => {
  assert.ok(error instanceof Error && error.name === 'StartError', String(error))
  assert.match(error.message, pattern)
  assert.match(error.message, /^[^\n]+\.$/)
  return true
}

describe('a server starts or says in one sentence why not', () => {
  test('a second server on the same state is refused, and the first goes on', async (t) => {
    const first = await running(t)
    const note = join(first.stateDir, 'server.json')
    const before = readFileSync(note, 'utf8')
    await assert.rejects(
      startServer({ ...silent, stateDir: first.stateDir }),
      sentence(new RegExp(`already uses .* \\(process ${process.pid}\\): stop it with .isthmus down., or .* --state`)),
    )
    assert.equal((await statusOf(first.stateDir)).endpoint, first.endpoint)
    assert.equal(readFileSync(note, 'utf8'), before)
  })

  test('of two that start on one state at the same moment, one is refused', async (t) => {
    const stateDir = folder(t)
    const both = await Promise.allSettled([served(t, stateDir), served(t, stateDir)])
    const [winner] = both.flatMap((b) => (b.status === 'fulfilled' ? [b.value] : []))
    const [refused] = both.flatMap((b) => (b.status === 'rejected' ? [b.reason as unknown] : []))
    assert.ok(refused instanceof NotStarted && winner)
    assert.match(refused.message, /^StartError: (A server already uses|Another server uses)[^\n]+\.$/)
    assert.equal((await statusOf(stateDir)).pid, winner.process.pid)
  })

  test('a port in use is named, and the state can be used again at once', async (t) => {
    const taken = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => taken.once('listening', resolve))
    t.after(() => void taken.close())
    const { port } = taken.address() as { port: number }
    const stateDir = folder(t)
    await assert.rejects(
      startServer({ ...silent, stateDir, port }),
      sentence(new RegExp(`^Port ${port} is in use: .*--port`)),
    )
    await running(t, { stateDir })
  })

  test('a socket left by a server that was killed is no obstacle', async (t) => {
    const stateDir = folder(t)
    await (await served(t, stateDir)).killed()
    assert.ok(existsSync(join(stateDir, 'control.sock')))
    await running(t, { stateDir })
  })

  test('a folder that cannot be one, is too long for a socket, or holds no state', async (t) => {
    const parent = folder(t)
    writeFileSync(join(parent, 'file'), '')
    const start = (stateDir: string) => startServer({ ...silent, stateDir })
    await assert.rejects(start(join(parent, 'file', 'state')), sentence(/cannot be made .* --state/))
    await assert.rejects(start(join(parent, 'x'.repeat(100))), sentence(/too long for a socket.* --state/))
    mkdirSync(join(parent, 'broken'))
    writeFileSync(join(parent, 'broken', 'state.db'), 'no database '.repeat(1000))
    await assert.rejects(start(join(parent, 'broken')), sentence(/state\.db cannot be opened .* --state/))
  })

  test('credentials that cannot be read', async (t) => {
    const stateDir = folder(t)
    const authFile = join(stateDir, 'credentials')
    await assert.rejects(startServer({ ...silent, stateDir, authFile }), sentence(/credentials.* cannot be read/))
    writeFileSync(authFile, '[default]\n')
    await assert.rejects(startServer({ ...silent, stateDir, authFile }), sentence(/cannot be read \(No profile/))
  })

  test('two servers side by side see nothing of each other, and have public addresses of their own', async (t) => {
    const [a, b] = [await running(t), await running(t)]
    assert.notEqual(a.endpoint, b.endpoint)
    const { Vpc } = await clientOf(a.endpoint).call('CreateVpc', { CidrBlock: '10.7.0.0/16' })
    const VpcIds = [Vpc?.VpcId ?? '']
    await assert.rejects(clientOf(b.endpoint).call('DescribeVpcs', { VpcIds }), { code: 'InvalidVpcID.NotFound' })
    await a.stop({ purge: false })
    assert.equal((await ask({ url: b.endpoint }, 'GET', '/_isthmus/health')).status, 200)
  })

  test('the folder, its socket, its note and its state are for the owner alone', async (t) => {
    const stateDir = join(folder(t), 'state')
    await running(t, { stateDir })
    const mode = (path: string) => (statSync(path).mode & 0o777).toString(8)
    assert.equal(mode(stateDir), '700')
    assert.equal(mode(join(stateDir, 'control.sock')), '600')
    assert.equal(mode(join(stateDir, 'server.json')), '600')
  })

  test('--purge removes the state, and stop without it does not', async (t) => {
    const stateDir = join(folder(t), 'state')
    const first = await running(t, { stateDir })
    await first.stop({ purge: false })
    await first.stopped
    assert.deepEqual([existsSync(join(stateDir, 'state.db')), existsSync(join(stateDir, 'server.json'))], [true, false])
    const second = await running(t, { stateDir })
    await second.stop({ purge: true })
    await second.stopped
    assert.equal(existsSync(stateDir), false)
  })
})
