/** Terminals of the console's pages: who may open one, what it says, and that it ends with its page. */
import assert from 'node:assert/strict'
import { request } from 'node:http'
import { before, describe, test } from 'node:test'
import { WebSocket } from 'ws'
import type { Ways } from '../../src/client/ways.ts'
import { ask, caughtUp, clientOf, running, suite } from './bench.ts'
import { launchedInstance } from './instance.ts'
import { reached } from './reached.ts'

const t = suite()
let site: Awaited<ReturnType<typeof opened>>
before(async () => {
  site = await opened()
})

async function opened() {
  const server = await running(t)
  const token = new URLSearchParams(new URL(server.console).hash.slice(1)).get('token') ?? ''
  const { host } = new URL(server.endpoint)
  const ec2 = clientOf(server.endpoint)
  const closed = await launchedInstance(ec2)
  const open = await launchedInstance(ec2, '10.43.0.0/16')
  await reached(ec2, open)
  await caughtUp(server.stateDir)
  return { server, token, host, closed, open }
}

const terminal = { columns: 80, rows: 24 }
const PATHS = ['/_isthmus/terminal', '/_isthmus/serial']

/** The status that the request to upgrade is answered with. */
function upgraded(path: string, headers: Record<string, string>): Promise<number> {
  const { hostname, port } = new URL(site.server.endpoint)
  const wish = {
    connection: 'Upgrade',
    upgrade: 'websocket',
    'sec-websocket-version': '13',
    'sec-websocket-key': Buffer.alloc(16).toString('base64'),
    ...headers,
  }
  return new Promise((resolve, reject) => {
    const outgoing = request({ hostname, port, path, headers: wish, agent: false })
    outgoing.on('response', (response) => {
      resolve(response.statusCode ?? 0)
      response.resume()
    })
    outgoing.on('upgrade', (_, socket) => {
      resolve(101)
      socket.destroy()
    })
    outgoing.on('error', reject)
    outgoing.end()
  })
}

/** A page's terminal: what it has heard, and what it says. */
function page(path: string, asked: object) {
  const { server, token } = site
  const socket = new WebSocket(server.endpoint.replace('http', 'ws') + path, ['isthmus', `isthmus-token.${token}`], {
    origin: server.endpoint,
  })
  const messages: Record<string, unknown>[] = []
  let output = ''
  const waiting: { done: () => boolean; resolve: () => void }[] = []
  socket.on('open', () => socket.send(JSON.stringify(asked)))
  socket.on('message', (data, isBinary) => {
    if (isBinary) {
      output += String(data)
      socket.send(JSON.stringify({ shown: (data as Buffer).length }))
    } else messages.push(JSON.parse(String(data)))
    for (const { done, resolve } of waiting) if (done()) resolve()
  })
  const until = (done: () => boolean) =>
    new Promise<void>((resolve) => (done() ? resolve() : void waiting.push({ done, resolve })))
  t.after(() => socket.terminate())
  return {
    socket,
    messages,
    all: () => output,
    said: (text: string) => until(() => output.includes(text)),
    heard: (name: string) => until(() => messages.some((message) => Object.hasOwn(message, name))),
    type: (text: string) => socket.send(Buffer.from(text)),
    closed: new Promise((resolve) => socket.once('close', resolve)),
  }
}

describe('a WebSocket', () => {
  const good = () => ({
    host: site.host,
    origin: site.server.endpoint,
    'sec-websocket-protocol': `isthmus, isthmus-token.${site.token}`,
  })

  for (const path of PATHS)
    test(`at ${path} is for a page of the console that has the token`, async () => {
      assert.equal(await upgraded(path, good()), 101)
      for (const [what, headers] of [
        ['without a token', { 'sec-websocket-protocol': 'isthmus' }],
        ['without any subprotocol', { 'sec-websocket-protocol': '' }],
        ['with a wrong token', { 'sec-websocket-protocol': `isthmus, isthmus-token.${'x'.repeat(32)}` }],
        ['of another origin', { origin: 'https://elsewhere.example' }],
        ['of another port', { origin: 'http://127.0.0.1:1' }],
        ['of no origin that can be named', { origin: 'null' }],
        ['whose name was bound anew', { host: 'elsewhere.example', origin: 'http://elsewhere.example' }],
        ['that says it is of another site', { 'sec-fetch-site': 'cross-site' }],
      ] as const)
        assert.equal(await upgraded(path, { ...good(), ...headers }), 403, what)
      assert.equal(await upgraded(`${path}?token=${site.token}`, { ...good(), 'sec-websocket-protocol': '' }), 403)
    })

  test('elsewhere is none, and the API answers such a request as any other', async () => {
    for (const path of ['/', '/_isthmus/events']) assert.notEqual(await upgraded(path, good()), 101)
  })

  test('that was refused has logged nobody in', async () => {
    const count = async () => {
      const { body } = await ask({ stateDir: site.server.stateDir }, 'GET', '/journal')
      return (body as { entries: { action: string }[] }).entries.filter(({ action }) => action === 'Connect').length
    }
    const before = await count()
    const { server, open } = site
    const socket = new WebSocket(`${server.endpoint.replace('http', 'ws')}/_isthmus/terminal`, ['isthmus'])
    const failed = new Promise<Error>((resolve) => socket.once('error', resolve))
    socket.on('open', () => socket.send(JSON.stringify({ instance: open.id, user: 'ec2-user', terminal })))
    assert.match((await failed).message, /403/)
    assert.equal(await count(), before)
  })
})

/** Whether a ping on a terminal of the instance has been noted, for labs. */
async function pinged(id: string): Promise<boolean> {
  const { body } = await ask({ stateDir: site.server.stateDir }, 'GET', '/journal')
  const { entries } = body as { entries: { action: string; changed: string[] }[] }
  return entries.some(({ action, changed }) => action === 'Ping' && changed[0] === id)
}

describe('a terminal of a page', () => {
  test('is a shell on the instance, whose end it tells', async () => {
    const shell = page('/_isthmus/terminal', { instance: site.open.id, user: 'ec2-user', terminal })
    await shell.said('~]$ ')
    shell.socket.send(JSON.stringify({ resize: { columns: 100, rows: 30 } }))
    shell.type('whoami\r')
    await shell.said('ec2-user\r\n')
    shell.type('exit\r')
    await shell.closed
    assert.deepEqual(shell.messages.at(0), { opened: true })
    assert.deepEqual(shell.messages.at(-1), { exit: { code: 0, signal: null } })
  })

  test('says in AWS’s words why there is none', async () => {
    const none = page('/_isthmus/terminal', { instance: site.closed.id, user: 'ec2-user', terminal })
    await none.closed
    assert.match(String(none.messages[0]?.failed), /^The instance does not have a public IPv4 address\nTo connect/)
    for (const asked of [{}, { instance: 'i-0', user: 'ec2-user', terminal }])
      for (const path of PATHS) {
        const wrong = page(path, asked)
        await wrong.closed
        assert.ok(wrong.messages[0]?.failed, JSON.stringify(asked))
      }
  })

  test('of the serial console needs no address, and takes no words for a user', async () => {
    const shell = page('/_isthmus/serial', { instance: site.closed.id, user: 'ec2-user', terminal })
    await shell.said('~]$ ')
    shell.type('hostname\r')
    await shell.said(`ip-${site.closed.address.replaceAll('.', '-')}`)
    shell.type(`ping -c 1 ${site.open.address}\r`)
    await shell.said('1 packets transmitted')
    shell.socket.close()
    while (!(await pinged(site.closed.id))) await new Promise(setImmediate)
    const wrong = page('/_isthmus/serial', { instance: site.closed.id, user: '-c id', terminal })
    await wrong.closed
    assert.match(String(wrong.messages[0]?.failed), /is asked for by/)
  })
})

describe('the ways to an instance', () => {
  const ways = async (instance: string) => {
    const headers = { host: site.host, origin: site.server.endpoint, 'x-isthmus-token': site.token }
    return ask({ url: site.server.endpoint }, 'POST', '/_isthmus/ways', { headers, body: { instance } })
  }

  test('are told before anybody connects, with what would be refused', async () => {
    const open = (await ways(site.open.id)).body as unknown as Ways
    assert.equal(open.user, 'ec2-user')
    assert.ok('from' in open.service && open.service.from === '18.206.107.24/29')
    assert.ok('refused' in open.endpoint && /create-instance-connect-endpoint/.test(open.endpoint.refused))
    const closed = (await ways(site.closed.id)).body as unknown as Ways
    assert.ok('refused' in closed.service && /^The instance does not have a public/.test(closed.service.refused))
    assert.equal((await ways('i-0')).status, 422)
  })
})
