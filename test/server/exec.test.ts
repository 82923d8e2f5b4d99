import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createConnection } from 'node:net'
import { join } from 'node:path'
import { describe, type TestContext, test } from 'node:test'
import { execute } from '../../src/client/exec.ts'
import type { Engine, Running } from '../../src/engines/engine.ts'
import { Records } from '../../src/ec2/state.ts'
import { simulator } from '../../src/engines/simulator/simulator.ts'
import { type ControlSocket, controlSocket } from '../../src/server/control-socket.ts'
import { journal } from '../../src/server/journal.ts'
import { ask, caughtUp, clientOf, folder, running, statusOf } from './bench.ts'
import { heard, launchedInstance } from './instance.ts'

describe('a command in a node', () => {
  test('runs a ping in a node: output, and statistics and an exit once it is interrupted', async (t) => {
    const { stateDir, endpoint } = await running(t)
    const { id, address } = await launchedInstance(clientOf(endpoint))
    await caughtUp(stateDir)
    const execution = await execute(stateDir, id, ['ping', address])
    const output = heard(execution)
    await output.line('icmp_seq=1')
    execution.kill('SIGINT')
    assert.deepEqual(await execution.exit, { code: 0, signal: null })
    assert.match(output.all(), /1 packets transmitted, 1 received, 0% packet loss/)
  })

  test('a command that cannot run is refused in words', async (t) => {
    const { stateDir, endpoint } = await running(t)
    const { id } = await launchedInstance(clientOf(endpoint))
    await caughtUp(stateDir)
    await assert.rejects(execute(stateDir, id, ['dance']), /^Error: The simulator runs no programs/)
    await assert.rejects(execute(stateDir, 'i-0', ['ping', '10.0.0.1']), /^Error: i-0 is not running/)
    for (const command of [
      '',
      '!',
      Buffer.from('null').toString('base64'),
      Buffer.from('{"node":1}').toString('base64'),
    ]) {
      const headers = { connection: 'Upgrade', upgrade: 'isthmus-exec', 'x-isthmus-command': command }
      const { status, body } = await ask({ stateDir }, 'POST', '/exec', { headers })
      assert.equal(status, 400)
      assert.match(String(body.error), /x-isthmus-command must be/)
    }
  })

  test('frames that make no sense are passed over', async (t) => {
    const { stateDir, endpoint } = await running(t)
    const { id, address } = await launchedInstance(clientOf(endpoint))
    await caughtUp(stateDir)
    const socket = createConnection(join(stateDir, 'control.sock'))
    const frames = ['null', '7', '{', '{"stdin":5}', '{"signal":"NOPE"}', '{"stdin":null}', '{"signal":"SIGINT"}']
    // All in one go: what comes in together with the request counts, too.
    socket.write(`${upgrade(id, ['ping', '-i', '60', address])}${frames.join('\n')}\n`)
    let text = ''
    for await (const chunk of socket) text += chunk
    assert.match(text, /"exit":\{"code":\d,"signal":null\}/)
    assert.equal((await statusOf(stateDir)).pid, process.pid)
  })

  test('ends with the client that asked for it, though it says nothing', async (t) => {
    const { client, killed } = await silentCommand(t)
    client.destroy()
    assert.equal(await killed, 'SIGKILL')
  })

  test('ends with the server', async (t) => {
    const { socket, killed } = await silentCommand(t)
    await socket.close()
    assert.equal(await killed, 'SIGKILL')
  })

  test('gets the signals that there are, and no others', async (t) => {
    const { client, killed } = await silentCommand(t)
    client.write('{"signal":"SIGNOPE"}\n{"signal":"toString"}\n{"signal":"SIGTERM"}\n')
    assert.equal(await killed, 'SIGTERM')
  })
})

describe('a terminal and its size', () => {
  test('are asked for with the command, and follow the window', async (t) => {
    const stateDir = folder(t)
    const seen: unknown[] = []
    const resized = Promise.withResolvers<unknown>()
    await serving(t, join(stateDir, 'control.sock'), (_node, _command, options) => {
      seen.push(options)
      const idle = { onOutput() {}, exit: new Promise<never>(() => {}), write() {}, kill() {} }
      return { ...idle, resize: resized.resolve }
    })
    await execute(stateDir, 'i-1', ['sh'])
    const execution = await execute(stateDir, 'i-1', ['sh'], { columns: 100, rows: 30 })
    execution.resize({ columns: 0, rows: 30 })
    execution.resize({ columns: 120, rows: 40 })
    assert.deepEqual(seen, [{}, { terminal: { columns: 100, rows: 30 } }])
    assert.deepEqual(await resized.promise, { columns: 120, rows: 40 })
    const nonsense = execute(stateDir, 'i-1', ['sh'], { columns: 1.5, rows: 30 })
    await assert.rejects(nonsense, /x-isthmus-command must be/)
  })
})

describe('what is slower than the other', () => {
  test('a reader that stops holds the output back, until it reads on', async (t) => {
    const path = join(folder(t), 'control.sock')
    const held: boolean[] = []
    const holding = Promise.withResolvers<void>()
    const chunk = Buffer.alloc(64 * 1024)
    let said = 0
    let say = (): void => {}
    const exit = Promise.withResolvers<{ code: number; signal: null }>()
    const talkative: Running = {
      onOutput(listener) {
        say = () => {
          // A listener that is held back while it speaks says no more: as a stream that is paused.
          while (!held.at(-1) && said < 64 * 1024 * 1024) {
            said += chunk.length
            listener('stdout', chunk)
          }
          if (!held.at(-1)) exit.resolve({ code: 0, signal: null })
        }
        setImmediate(say)
      },
      exit: exit.promise,
      write() {},
      kill() {},
      hold(on) {
        held.push(on)
        if (on) holding.resolve()
        else setImmediate(say)
      },
    }
    await serving(t, path, () => talkative)
    const client = createConnection(path)
    t.after(() => void client.destroy())
    client.write(upgrade('i-1', ['yes']))
    await holding.promise
    assert.ok(said < 16 * 1024 * 1024, `${said} bytes were said to nobody`)
    let got = ''
    for await (const data of client) got = (got + data).slice(-200)
    assert.equal(said, 64 * 1024 * 1024)
    assert.match(got, /"exit":\{"code":0,"signal":null\}/)
  })

  test('a command that takes no input makes who writes wait; a signal gets through all the same', async (t) => {
    const stateDir = folder(t)
    const killed = Promise.withResolvers<string>()
    const taking = Promise.withResolvers<void>()
    let taken = 0
    await serving(t, join(stateDir, 'control.sock'), () => ({
      onOutput() {},
      exit: new Promise(() => {}),
      async write(data) {
        await taking.promise
        taken += data?.length ?? 0
      },
      kill: killed.resolve,
    }))
    const execution = await execute(stateDir, 'i-1', ['sleep', '1000'])
    const chunk = Buffer.alloc(64 * 1024)
    let waiting: Promise<void> | undefined
    let sent = 0
    // Whether a write waits is known once a turn of the event loop has not ended it.
    while (sent < 8 * 1024 * 1024) {
      let done = false
      sent += chunk.length
      waiting = execution.write(chunk).then(() => {
        done = true
      })
      await new Promise(setImmediate)
      if (!done) break
    }
    assert.ok(sent < 1024 * 1024, `${sent} bytes were sent to nobody`)
    execution.kill('SIGINT')
    assert.equal(await killed.promise, 'SIGINT')
    taking.resolve()
    await waiting
    assert.equal(taken > 0, true)
  })

  test('a client that does not wait is not read beyond a limit', async (t) => {
    const path = join(folder(t), 'control.sock')
    await serving(t, path, () => ({
      onOutput() {},
      exit: new Promise(() => {}),
      write: () => new Promise(() => {}),
      kill() {},
    }))
    const client = createConnection(path)
    t.after(() => void client.destroy())
    client.write(upgrade('i-1', ['sleep', '1000']))
    await once(client, 'data')
    const frame = `${JSON.stringify({ stdin: Buffer.alloc(64 * 1024).toString('base64') })}\n`
    let sent = 0
    while (client.write(frame) || (await Promise.race([once(client, 'drain'), turns(50)]))) {
      sent += frame.length
      assert.ok(sent < 64 * 1024 * 1024, 'everything was read')
    }
  })
})

/** So many turns of the event loop, in which everything that can be read has been. */
async function turns(count: number): Promise<false> {
  for (let i = 0; i < count; i++) await new Promise((resolve) => setTimeout(resolve, 1))
  return false
}

/** A command that never says anything nor ends, its client, and the first signal it gets. */
async function silentCommand(t: TestContext) {
  const path = join(folder(t), 'control.sock')
  const signal = Promise.withResolvers<string>()
  const silent: Running = { onOutput() {}, exit: new Promise(() => {}), write() {}, kill: signal.resolve }
  const socket = await serving(t, path, () => silent)
  const client = createConnection(path)
  t.after(() => void client.destroy())
  client.write(upgrade('i-1', ['sleep', '1000']))
  await once(client, 'data')
  return { socket, client, killed: signal.promise }
}

/** The owner's socket of a server whose commands are these. */
async function serving(t: TestContext, path: string, spawn: Engine['host']['spawn']): Promise<ControlSocket> {
  const real = simulator()
  const engine: Engine = { ...real, host: { ...real.host, spawn } }
  const never = () => Promise.reject(new Error('nobody asks'))
  const nothing = () => {
    throw new Error('nobody asks')
  }
  const snapshots = { save: nothing, restore: nothing }
  const plane = {
    state: () => new Records(),
    network: nothing,
    checks: { subject: nothing, check: nothing },
    snapshots,
  }
  const control = {
    engine,
    ...plane,
    logins: { login: never, connect: never, tunnel: never },
    status: () => ({}),
    wait: never,
    stop: never,
    importSnapshot: never,
    events: journal(Date.now),
  }
  const socket = await controlSocket(path, control)
  t.after(() => socket.close())
  return socket
}

/** The request that starts a command, by hand. */
function upgrade(node: string, command: readonly string[]): string {
  const wanted = Buffer.from(JSON.stringify({ node, command })).toString('base64')
  const head = ['POST /exec HTTP/1.1', 'Host: x', 'Connection: Upgrade', 'Upgrade: isthmus-exec']
  return [...head, `X-Isthmus-Command: ${wanted}`, '', ''].join('\r\n')
}
