/** The console's way into the server: its files for everybody, everything else for who has the token. */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { request } from 'node:http'
import { before, describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { ask, clientOf, running, suite } from './bench.ts'

before(() => void execFileSync(fileURLToPath(new URL('../../scripts/prepare', import.meta.url))))

/** A server, the token of its console, and requests as a browser would send them. */
async function opened(t: Parameters<typeof running>[0]) {
  const server = await running(t)
  const { hash } = new URL(server.console)
  const token = new URLSearchParams(hash.slice(1)).get('token') ?? ''
  const { host } = new URL(server.endpoint)
  const own = { host, origin: server.endpoint, 'sec-fetch-site': 'same-origin' }
  const send = (method: string, path: string, headers: Record<string, string>, body?: unknown) =>
    ask({ url: server.endpoint }, method, path, { headers, body })
  return { server, token, host, own, send, withToken: { ...own, 'x-isthmus-token': token } }
}

const QUESTION = { from: '10.1.0.4', to: '10.1.0.5', traffic: { protocol: 1, icmp: { type: 8, code: 0 } } }
const CREATE = '/?Action=CreateVpc&CidrBlock=10.9.0.0/16&Version=2016-11-15'

describe('the console', () => {
  test('is where a browser is led that opens the API', async (t) => {
    const { send, host } = await opened(t)
    const browser = { host, accept: 'text/html', 'sec-fetch-site': 'none' }
    assert.equal((await send('GET', '/', browser)).status, 302)
    const { status, text } = await send('GET', '/console/', browser)
    assert.equal(status, 200)
    assert.match(text, /<div id="app">/)
  })

  test('has no script or style in its page, and a policy that would run none', async (t) => {
    const { server, send, own } = await opened(t)
    const { text } = await send('GET', '/console/', own)
    assert.doesNotMatch(text, /<script(?![^>]* src=)|<style| style=| on\w+=|https?:/)
    const response = await fetch(`${server.endpoint}/console/`)
    const policy = response.headers.get('content-security-policy') ?? ''
    assert.match(policy, /default-src 'none'; script-src 'self';/)
    assert.doesNotMatch(policy, /unsafe|\*/)
    assert.equal(response.headers.get('x-frame-options'), 'DENY')
    assert.equal(response.headers.get('referrer-policy'), 'no-referrer')
  })

  test('serves its files and no others, whatever the path', async (t) => {
    const { send, own } = await opened(t)
    const { text } = await send('GET', '/console/', own)
    const script = /src="(\/console\/assets\/[^"]+\.js)"/.exec(text)?.[1] ?? ''
    assert.equal((await send('GET', script, own)).status, 200)
    for (const path of [
      '../console/index.html',
      '../../../package.json',
      '..%2f..%2fpackage.json',
      'assets',
      '/etc/passwd',
    ])
      assert.equal((await send('GET', `/console/${path}`, own)).status, 404, path)
  })

  test('keeps its token over a restart, and tells it on the owner’s socket', async (t) => {
    const { server, token } = await opened(t)
    const { body } = await ask({ stateDir: server.stateDir }, 'GET', '/status')
    assert.equal(body.console, server.console)
    await server.stop({ purge: false })
    const again = await running(t, { stateDir: server.stateDir })
    assert.ok(again.console.endsWith(`#token=${token}`))
  })
})

describe('a page', () => {
  const t = suite()
  let site: Awaited<ReturnType<typeof opened>>
  before(async () => {
    site = await opened(t)
  })
  const vpcs = async () => (await clientOf(site.server.endpoint).call('DescribeVpcs', {})).Vpcs?.length ?? 0

  test('of the console calls the API with the token', async () => {
    const count = await vpcs()
    assert.equal((await site.send('GET', CREATE, site.withToken)).status, 200)
    assert.equal(await vpcs(), count + 1)
  })

  for (const [what, headers] of [
    ['without a token', {}],
    ['with a wrong one', { 'x-isthmus-token': 'x'.repeat(32) }],
    ['that a link elsewhere has opened', { 'sec-fetch-site': 'none', origin: '' }],
  ] as const)
    test(`${what} is refused by the API, and nothing has changed`, async () => {
      const count = await vpcs()
      const sent = Object.entries({ ...site.own, ...headers }).filter(([, value]) => value !== '')
      assert.equal((await site.send('GET', CREATE, Object.fromEntries(sent))).status, 403)
      assert.equal(await vpcs(), count)
    })

  test('without the token may not ask the analyzer, nor listen to what happens, and no client may', async () => {
    const { host, own } = site
    for (const headers of [own, { host }]) {
      assert.equal((await site.send('POST', '/_isthmus/explain', headers, QUESTION)).status, 403)
      assert.equal((await site.send('GET', '/_isthmus/events', headers)).status, 403)
    }
  })

  for (const [what, headers] of [
    ['of another origin (CSRF)', { origin: 'https://elsewhere.example', 'sec-fetch-site': 'cross-site' }],
    ['of another port', { origin: 'http://127.0.0.1:1', 'sec-fetch-site': 'same-site' }],
    ['whose name was bound anew (DNS rebinding)', { host: 'elsewhere.example', origin: 'http://elsewhere.example' }],
    ['in a frame without an origin', { origin: 'null' }],
  ] as const)
    test(`${what} is refused, token or not`, async () => {
      const sent = { ...site.withToken, ...headers }
      const count = await vpcs()
      assert.equal((await site.send('GET', CREATE, sent)).status, 403)
      assert.equal((await site.send('POST', '/_isthmus/explain', sent, QUESTION)).status, 403)
      assert.equal((await site.send('GET', '/_isthmus/events', sent)).status, 403)
      assert.equal((await site.send('GET', '/console/', sent)).status, 403)
      assert.equal(await vpcs(), count)
    })

  test('of another origin opens no WebSocket', async () => {
    const upgrade = { connection: 'Upgrade', upgrade: 'websocket', 'sec-websocket-version': '13' }
    for (const path of ['/', '/console/', '/_isthmus/events']) {
      const origin = 'https://elsewhere.example'
      const { status } = await site.send('GET', path, { ...upgrade, host: site.host, origin })
      assert.equal(status, 403, path)
    }
  })

  test('asks the analyzer, in words that may be wrong', async () => {
    const { status, body } = await site.send('POST', '/_isthmus/explain', site.withToken, {
      ...QUESTION,
      from: 'nobody',
    })
    assert.equal(status, 422)
    assert.match(String(body.error), /nobody/)
    assert.equal((await site.send('POST', '/_isthmus/explain', site.withToken)).status, 400)
  })

  test('hears of what others change, and of its kind', async () => {
    const { server, withToken } = site
    const { port } = new URL(server.endpoint)
    const heard = Promise.withResolvers<string>()
    const listening = Promise.withResolvers<void>()
    const outgoing = request({ host: '127.0.0.1', port, path: '/_isthmus/events', headers: withToken }, (response) => {
      let text = ''
      response.on('data', (data: Buffer) => {
        text += data.toString()
        listening.resolve()
        if (text.includes('"internet-gateway"')) heard.resolve(text)
      })
      response.on('error', heard.reject)
    })
    outgoing.on('error', heard.reject)
    outgoing.end()
    await listening.promise
    await clientOf(server.endpoint).call('CreateInternetGateway', {})
    assert.match(await heard.promise, /data: \{"revision":\d+,"types":\[/)
    outgoing.destroy()
  })
})
