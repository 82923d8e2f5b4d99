/** What passes between a page's terminal and a session: both wait for the slower one, and end with each other. */
import assert from 'node:assert/strict'
import { EventEmitter } from 'node:events'
import { describe, test } from 'node:test'
import type { WebSocket } from 'ws'
import type { State } from '../../src/ec2/state.ts'
import type { Running } from '../../src/engines/engine.ts'
import { terminals } from '../../src/server/terminals.ts'

/** A session that notes what is done to it. */
function session() {
  const done: string[] = []
  let tell: (data: Uint8Array) => void = () => {}
  let taken: () => void = () => {}
  const exit = Promise.withResolvers<{ code: number | null; signal: string | null }>()
  const running: Running = {
    onOutput: (listener) => {
      tell = (data) => listener('stdout', data)
    },
    exit: exit.promise,
    write: (data) => {
      done.push(`input ${data?.length}`)
      return new Promise((resolve) => {
        taken = resolve
      })
    },
    kill: (signal) => void done.push(signal),
    hold: (held) => void done.push(held ? 'hold' : 'go on'),
    resize: ({ columns, rows }) => void done.push(`${columns}x${rows}`),
  }
  return { running, done, says: (data: Uint8Array) => tell(data), takes: () => taken(), ends: exit.resolve }
}

/** The server's end of a WebSocket, as far as it is used. */
class Socket extends EventEmitter {
  readonly OPEN = 1
  readyState = 1
  readonly sent: (string | number)[] = []
  send(data: string | Uint8Array) {
    this.sent.push(typeof data === 'string' ? data : data.length)
  }
  pause() {
    this.sent.push('pause')
  }
  resume() {
    this.sent.push('resume')
  }
  close() {
    this.terminate()
  }
  terminate() {
    if (this.readyState === 3) return
    this.readyState = 3
    this.emit('close')
  }
  hears(message: object | Buffer) {
    const isBinary = Buffer.isBuffer(message)
    this.emit('message', isBinary ? message : Buffer.from(JSON.stringify(message)), isBinary)
  }
}

const settled = () => new Promise(setImmediate)

async function joined(login: (asked: Record<string, unknown>) => Promise<Running>) {
  const socket = new Socket()
  const all = terminals({
    host: { spawn: () => assert.fail(), console: () => undefined },
    logins: { login },
    state: () => assert.fail() as unknown as State,
    note: () => {},
    inForce: async () => true,
  })
  all.sockets['/_isthmus/terminal']?.(socket as unknown as WebSocket)
  socket.hears({ instance: 'i-1', user: 'ec2-user', terminal: { columns: 80, rows: 24 } })
  await settled()
  return { socket, close: all.close }
}

describe('a terminal of a page', () => {
  test('holds output back until the page has shown what it has', async () => {
    const { running, done, says } = session()
    const { socket } = await joined(async () => running)
    says(new Uint8Array(200_000))
    assert.deepEqual(done, [])
    says(new Uint8Array(100_000))
    assert.deepEqual(done, ['hold'])
    socket.hears({ shown: 200_000 })
    assert.deepEqual(done, ['hold', 'go on'])
  })

  test('stops a page that writes faster than the session reads', async () => {
    const { running, takes } = session()
    const { socket } = await joined(async () => running)
    socket.hears(Buffer.alloc(1_000_000))
    socket.hears(Buffer.alloc(200_000))
    await settled()
    assert.equal(socket.sent.at(-1), 'pause')
    takes()
    await settled()
    assert.equal(socket.sent.at(-1), 'resume')
  })

  test('heeds sizes that a terminal can have, and no others', async () => {
    const { running, done } = session()
    const { socket } = await joined(async () => running)
    for (const resize of [{ columns: 100, rows: 30 }, { columns: 0, rows: 30 }, { columns: '1', rows: 2 }, null])
      socket.hears({ resize })
    assert.deepEqual(done, ['100x30'])
  })

  test('ends with its page, also where the page goes before the session has begun', async () => {
    const open = session()
    const { socket } = await joined(async () => open.running)
    socket.close()
    assert.deepEqual(open.done, ['SIGKILL', 'go on'])

    const late = session()
    const login = Promise.withResolvers<Running>()
    const waiting = await joined(() => login.promise)
    waiting.socket.close()
    login.resolve(late.running)
    await settled()
    assert.deepEqual(late.done, ['SIGKILL'])
    assert.deepEqual(waiting.socket.sent, [])
  })

  test('ends with the session, and with the server', async () => {
    const one = session()
    const { socket } = await joined(async () => one.running)
    one.ends({ code: 3, signal: null })
    await settled()
    assert.equal(socket.sent.at(-1), '{"exit":{"code":3,"signal":null}}')
    assert.equal(socket.readyState, 3)
    assert.deepEqual(one.done, [])

    const two = session()
    const { close } = await joined(async () => two.running)
    close()
    assert.equal(two.done[0], 'SIGKILL')
  })
})
