/** `isthmus capture` as a person runs it, on a server with the simulator. */
import assert from 'node:assert/strict'
import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join, resolve } from 'node:path'
import { type TestContext, test } from 'node:test'
import { execute } from '../../src/client/exec.ts'
import type { Capture, Captured, Host } from '../../src/engines/engine.ts'
import { serveCapture } from '../../src/server/capture.ts'
import { caughtUp, clientOf, folder, running } from '../server/bench.ts'
import { launchedInstance } from '../server/instance.ts'
import { createServer } from 'node:http'
import { capture as captureAt } from '../../src/client/capture.ts'

const launcher = resolve('bin/isthmus')
const noTcpdump = spawnSync('tcpdump', ['--version']).error ? 'tcpdump is not installed' : false

/** The command, what it has said so far, and its end. */
function started(t: TestContext, stateDir: string, ...args: readonly string[]) {
  const child = spawn(launcher, ['capture', '--state', stateDir, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
  t.after(() => child.kill('SIGKILL'))
  const said = { stdout: '', stderr: '' }
  let wake = () => {}
  for (const stream of ['stdout', 'stderr'] as const)
    child[stream].on('data', (data: Buffer) => {
      said[stream] += data.toString('latin1')
      wake()
    })
  const ended = once(child, 'close').then(([code]) => code as number)
  const heard = async (stream: 'stdout' | 'stderr', text: string) => {
    while (!said[stream].includes(text))
      await new Promise<void>((resolve) => {
        wake = resolve
      })
  }
  return { child, said, heard, ended }
}

async function serverWithInstance(t: TestContext) {
  const { stateDir, endpoint } = await running(t)
  const instance = await launchedInstance(clientOf(endpoint))
  await caughtUp(stateDir)
  const ping = async (address: string) => {
    const execution = await execute(stateDir, instance.id, ['ping', '-c', '1', '-W', '1', address])
    await execution.exit
  }
  return { stateDir, endpoint, ...instance, ping }
}

test('lines as tcpdump prints them, and below each the rule that drops it', async (t) => {
  const { stateDir, id, address, ping } = await serverWithInstance(t)
  const capture = started(t, stateDir, id)
  await capture.heard('stderr', 'Ctrl-C ends')
  assert.match(capture.said.stderr, /made up: they are simulated/)
  await ping('10.9.9.9')
  await capture.heard('stdout', 'dropped:')
  capture.child.kill('SIGINT')
  assert.equal(await capture.ended, 0)
  const [packet, dropped] = capture.said.stdout.split('\n')
  assert.match(packet ?? '', /^\d\d:\d\d:\d\d\.\d{6} IP .* > 10\.9\.9\.9: ICMP echo request, id \d+, seq 1, length 64$/)
  assert.ok(packet?.includes(address))
  assert.match(dropped ?? '', /^ {4}dropped: rtb-\w+: no route to the destination \(NO_ROUTE_TO_DESTINATION\)$/)
  assert.match(capture.said.stderr, /\n1 packet captured, 1 dropped by the network\n$/)
})

test('-c ends it, --filter chooses, -o json is a line each', async (t) => {
  const { stateDir, id, ping } = await serverWithInstance(t)
  const capture = started(t, stateDir, id, '-c', '1', '--filter', 'icmp and host 10.8.8.8', '-o', 'json')
  await capture.heard('stderr', 'Ctrl-C ends')
  await ping('10.9.9.9')
  await ping('10.8.8.8')
  assert.equal(await capture.ended, 0)
  const packet = JSON.parse(capture.said.stdout)
  assert.equal(packet.header.destination, '10.8.8.8')
  assert.equal(packet.dropped.code, 'NO_ROUTE_TO_DESTINATION')
  assert.equal(packet.direction, 'out')
})

test('-w writes a file that tcpdump reads while it grows; the drop is in a comment', { skip: noTcpdump }, async (t) => {
  const { stateDir, id, ping } = await serverWithInstance(t)
  const file = join(folder(t), 'a.pcapng')
  const capture = started(t, stateDir, id, '-w', file)
  await capture.heard('stderr', 'Ctrl-C ends')
  const read = () =>
    execFileSync('tcpdump', ['-n', '-r', file], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
  assert.equal(read(), '')
  await ping('10.9.9.9')
  capture.child.kill('SIGINT')
  assert.equal(await capture.ended, 0)
  assert.match(read(), /> 10\.9\.9\.9: ICMP echo request, id \d+, seq 1, length 64\n$/)
  assert.match(readFileSync(file, 'latin1'), /dropped: rtb-\w+: no route/)
})

test('a name that is none, and a filter that is none, exit 2 and say what there is', async (t) => {
  const { stateDir, id } = await serverWithInstance(t)
  const none = started(t, stateDir, 'nothing')
  assert.equal(await none.ended, 2)
  assert.match(none.said.stderr, new RegExp(`^There is no instance, peering or internet gateway nothing.*\\n.*${id}`))
  const wrong = started(t, stateDir, id, '--filter', 'fish')
  assert.equal(await wrong.ended, 2)
  assert.match(wrong.said.stderr, /The filter has no meaning at `fish`/)
  const eni = started(t, stateDir, 'eni-0123456789abcdef0')
  assert.equal(await eni.ended, 1)
  assert.match(eni.said.stderr, /nothing can be captured at eni-0123456789abcdef0/)
})

/** A control socket with nothing but captures, of a host that captures as the test says. */
async function captureSocket(t: TestContext, open: (listener: (packet: Captured) => void) => Capture): Promise<string> {
  const stateDir = folder(t)
  const host = { capture: async (_, listener) => open(listener) } as Pick<Host, 'capture'>
  const server = createServer()
  server.on('upgrade', (request, socket, head) => void serveCapture(host, { request, socket, head }))
  await new Promise<void>((resolve) => server.listen(join(stateDir, 'control.sock'), resolve))
  t.after(() => server.close())
  return stateDir
}

const packet = (length: number): Captured => ({
  at: 1,
  interface: 'eni-1',
  direction: 'in',
  linkType: 'raw',
  data: Buffer.alloc(length),
  originalLength: length,
})

test('a reader who is slow loses packets, and is told how many', async (t) => {
  const total = 400
  const stateDir = await captureSocket(t, (listener) => {
    for (let i = 0; i < total; i++) listener(packet(65_536))
    return { missed: () => 7, close: async () => {} }
  })
  const stream = await captureAt(stateDir, 'i-1')
  stream.stop()
  let received = 0
  for await (const _ of stream) received++
  assert.ok(received > 0 && received < total)
  assert.equal(stream.missed(), total - received + 7)
})

test('what is captured ends with its reader, however that goes', async (t) => {
  const closed = Promise.withResolvers<void>()
  const stateDir = await captureSocket(t, () => ({ missed: () => 0, close: async () => closed.resolve() }))
  const socket = connect(join(stateDir, 'control.sock'))
  const header = Buffer.from(JSON.stringify({ where: 'i-1' })).toString('base64')
  socket.write(
    'POST /capture HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: isthmus-capture\r\n' +
      `X-Isthmus-Command: ${header}\r\n\r\n`,
  )
  await once(socket, 'data')
  socket.destroy()
  await closed.promise
})
