/** A body that is too long is refused before it has come, and the client hears of it. */
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { head, post, raw } from './raw.ts'
import { startServer } from './server.ts'

const server = await startServer()
after(() => server.close())

const MEGABYTE = 1024 * 1024
const describeVpcs = 'Action=DescribeVpcs&Version=2016-11-15'
const refusal = /^HTTP\/1\.1 413 .*\r\n(?:.*\r\n)*connection: close\r\n[\s\S]*<Code>RequestEntityTooLarge<\/Code>/i
const chunk = (text: string): string => `${text.length.toString(16)}\r\n${text}\r\n`

test('a body that is said to be over the limit is answered 413 before any of it comes', async () => {
  const client = raw(server.port)
  client.write(head({ length: MEGABYTE + 1 }))
  await client.says('</Response>')
  assert.match(client.said(), refusal)
  assert.match(await client.closed, refusal)
})

test('who sends all of a long body before it reads hears the answer, and no reset', async () => {
  const client = raw(server.port)
  client.socket.pause()
  client.write(head({ length: 6 * MEGABYTE }))
  await new Promise((resolve) => client.socket.write(Buffer.alloc(6 * MEGABYTE, 'a'), resolve))
  client.socket.resume()
  assert.match(await client.closed, refusal)
})

test('a length that no number holds is too long as well', async () => {
  const client = raw(server.port)
  client.write(head({ length: 1e15 }))
  assert.match(await client.closed, refusal)
})

test('who asks first is refused without being asked for the body', async () => {
  const client = raw(server.port)
  client.write(head({ headers: ['Expect: 100-continue'], length: MEGABYTE + 1 }))
  const said = await client.closed
  assert.match(said, refusal)
  assert.doesNotMatch(said, /100 Continue/)
})

test('who asks first with a body that fits is told to go on', async () => {
  const client = raw(server.port)
  client.write(head({ headers: ['Expect: 100-continue', 'Connection: close'], length: describeVpcs.length }))
  await client.says('HTTP/1.1 100 Continue\r\n\r\n')
  client.write(describeVpcs)
  assert.match(await client.closed, /HTTP\/1\.1 200 OK[\s\S]*<vpcSet>/)
})

test('who asks first under a name that is kept out is not told to go on', async () => {
  const client = raw(server.port)
  client.write('POST / HTTP/1.1\r\nHost: rebound.example\r\nExpect: 100-continue\r\nContent-Length: 9\r\n\r\n')
  const said = await client.closed
  assert.match(said, /^HTTP\/1\.1 403 /)
  assert.doesNotMatch(said, /100 Continue/)
})

test('a body in chunks without an end is answered 413 at the limit', async () => {
  const client = raw(server.port)
  client.write(head({ headers: ['Transfer-Encoding: chunked'] }))
  for (let sent = 0; sent <= MEGABYTE; sent += 65_536) client.write(chunk('a'.repeat(65_536)))
  await client.says('</Response>')
  assert.match(await client.closed, refusal)
})

test('a body in chunks that fits is read', async () => {
  const client = raw(server.port)
  client.write(head({ headers: ['Transfer-Encoding: chunked', 'Connection: close'] }))
  for (const part of describeVpcs.match(/.{1,7}/g) ?? []) client.write(chunk(part))
  client.write('0\r\n\r\n')
  assert.match(await client.closed, /^HTTP\/1\.1 200 OK[\s\S]*<vpcSet>/)
})

test('a compressed body is refused, whatever is in it', async () => {
  const client = raw(server.port)
  client.write(post('\x1f\x8b\x08', ['Content-Encoding: gzip', 'Connection: close']))
  assert.match(await client.closed, /^HTTP\/1\.1 415 [\s\S]*<Code>UnsupportedMediaType<\/Code>/)
})

test('bodies that never end hold 64 MiB together: more are refused, short calls are answered', async () => {
  const long = 'a'.repeat(MEGABYTE - 1)
  const clients = Array.from({ length: 70 }, () => raw(server.port))
  const refused = clients.map((client) => client.closed.then((said) => said.includes('RequestLimitExceeded')))
  for (const client of clients) client.write(head({ length: MEGABYTE }) + long)
  await Promise.race(refused)
  const other = raw(server.port)
  other.write(post(describeVpcs))
  assert.match(await other.closed, /^HTTP\/1\.1 200 OK/)
  for (const client of clients) client.socket.end()
  const count = (await Promise.all(refused)).filter(Boolean).length
  assert.ok(count >= 1 && count <= 7, `${count} were refused`)
  const next = raw(server.port)
  next.write(post(`Action=${'a'.repeat(MEGABYTE - 7)}`))
  assert.match(await next.closed, /^HTTP\/1\.1 400 /)
})
