/** Clients that are slow, or never come to an end, keep nobody else waiting, and are let go of. */
import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { setInterval } from 'node:timers'
import { head, post, raw } from './raw.ts'
import { startServer } from './server.ts'

/** As the server has them, and ten to thirty times shorter. */
const timeouts = {
  headersTimeout: 800,
  requestTimeout: 1200,
  keepAliveTimeout: 800,
  connectionsCheckingInterval: 100,
  idleTimeout: 1500,
}
const server = await startServer({ timeouts })
after(() => server.close())
const form = 'Action=DescribeVpcs&Version=2016-11-15'

/** What so many clients begin with, each kind in its own way. */
const beginnings: Readonly<Record<string, string>> = {
  'say nothing': '',
  'say half a line': 'POST / HT',
  'say half of their headers': head().slice(0, -2),
  'say half of their body': `${head({ length: 100 })}Action=`,
  'say half of a chunk': `${head({ headers: ['Transfer-Encoding: chunked'] })}ff\r\nAct`,
  'stay after an answer': post(form, []),
}

const opened = (client: ReturnType<typeof raw>): Promise<unknown> =>
  new Promise((resolve) => client.socket.once('connect', resolve))

test('500 clients that do not come to an end: others are answered meanwhile, and all 500 are let go of', async () => {
  const kinds = Object.values(beginnings)
  const clients = Array.from({ length: 500 }, () => raw(server.port))
  await Promise.all(clients.map(opened))
  const before = process.memoryUsage().rss
  for (const [i, client] of clients.entries()) client.write(kinds[i % kinds.length] ?? '')
  for (let n = 0; n < 20; n++) {
    const other = raw(server.port)
    other.write(post(form))
    assert.match(await other.closed, /^HTTP\/1\.1 200 OK/)
  }
  assert.ok(
    clients.some(({ socket }) => !socket.destroyed),
    'some of the 500 were there meanwhile',
  )
  await Promise.all(clients.map(({ closed }) => closed))
  assert.ok(process.memoryUsage().rss - before < 100 * 1024 * 1024)
})

describe('alone', { concurrency: true }, () => {
  for (const [what, beginning] of Object.entries(beginnings)) {
    test(`clients that ${what} are let go of`, async () => {
      const client = raw(server.port)
      client.write(beginning)
      const said = await client.closed
      if (what === 'say half of their headers' || what === 'say half of their body')
        assert.match(said, /^HTTP\/1\.1 408 [\s\S]*<Code>RequestTimeout<\/Code>/)
    })
  }

  test('a client that sends a byte now and then is told that its time is over', async () => {
    const client = raw(server.port)
    client.write(head({ length: 10_000 }))
    const dripping = setInterval(() => client.socket.writable && client.write('a'), 50)
    const said = await client.closed.finally(() => clearInterval(dripping))
    assert.match(said, /^HTTP\/1\.1 408 [\s\S]*<Code>RequestTimeout<\/Code>/)
  })

  test('a client that never reads what it asks for is let go of', async () => {
    const client = raw(server.port)
    client.socket.pause()
    const asks = post(form, []).repeat(200)
    for (let n = 0; n < 100; n++) {
      client.write(asks)
      await new Promise(setImmediate)
    }
    // Who does not read learns only from a write that nobody is there.
    const knocking = setInterval(() => client.socket.writable && client.write(' '), 50)
    await client.closed.finally(() => clearInterval(knocking))
  })
})
