import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createConnection } from 'node:net'
import { join } from 'node:path'
import { describe, type TestContext, test } from 'node:test'
import { execute } from '../../src/client/exec.ts'
import type { Engine, Running } from '../../src/engines/engine.ts'
import { simulator } from '../../src/engines/simulator/simulator.ts'
import { controlSocket } from '../../src/server/control-socket.ts'
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

/** A command that never says anything nor ends, its client, and the first signal it gets. */
async function silentCommand(t: TestContext) {
  const path = join(folder(t), 'control.sock')
  const signal = Promise.withResolvers<string>()
  const silent: Running = { onOutput() {}, exit: new Promise(() => {}), write() {}, kill: signal.resolve }
  const engine: Engine = { ...simulator(), host: { spawn: () => silent } }
  const never = () => Promise.reject(new Error('nobody asks'))
  const socket = await controlSocket(path, { engine, status: () => ({}), wait: never, stop: never })
  t.after(() => socket.close())
  const client = createConnection(path)
  t.after(() => void client.destroy())
  client.write(upgrade('i-1', ['sleep', '1000']))
  await once(client, 'data')
  return { socket, client, killed: signal.promise }
}

/** The request that starts a command, by hand. */
function upgrade(node: string, command: readonly string[]): string {
  const wanted = Buffer.from(JSON.stringify({ node, command })).toString('base64')
  const head = ['POST /exec HTTP/1.1', 'Host: x', 'Connection: Upgrade', 'Upgrade: isthmus-exec']
  return [...head, `X-Isthmus-Command: ${wanted}`, '', ''].join('\r\n')
}
