/** Bytes that are no good HTTP, or HTTP that no client of AWS speaks: each gets an answer, and the server goes on. */
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import fc from 'fast-check'
import { parseXml } from '../../src/client/xml.ts'
import { answerTo, head, post, raw } from './raw.ts'
import { startServer } from './server.ts'

const logged: string[] = []
const server = await startServer({ log: (line) => void logged.push(line) })
after(() => server.close())
const form = 'Action=DescribeVpcs&Version=2016-11-15'
const close = ['Connection: close']
const get = `/?${form}`

for (const [name, bytes, status, code] of [
  ['a word', 'hello\r\n\r\n', 400, 'MalformedHttpRequest'],
  ['a TLS hello', Buffer.from('16030100f8010000f40303', 'hex'), 400, 'MalformedHttpRequest'],
  ['HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 400, 'MalformedHttpRequest'],
  ['a version that is none', 'GET / HTTP/9.9\r\nHost: localhost\r\n\r\n', 400, 'MalformedHttpRequest'],
  ['a method that is none', head({ method: 'EXPLODE' }), 400, 'MalformedHttpRequest'],
  ['a header with a NUL', head({ headers: ['X: a\0b'] }), 400, 'MalformedHttpRequest'],
  ['a header without a colon', head({ headers: ['Nonsense'] }), 400, 'MalformedHttpRequest'],
  ['a space before the colon', head({ headers: ['Content-Length : 5'] }), 400, 'MalformedHttpRequest'],
  ['two lengths', head({ headers: ['Content-Length: 3'], length: 4 }), 400, 'MalformedHttpRequest'],
  ['a length below 0', head({ length: -1 }), 400, 'MalformedHttpRequest'],
  ['a length and chunks', head({ headers: ['Transfer-Encoding: chunked'], length: 3 }), 400, 'MalformedHttpRequest'],
  ['a chunk without a size', `${head({ headers: ['Transfer-Encoding: chunked'] })}zz\r\n`, 400, 'MalformedHttpRequest'],
  ['20 KB of headers', head({ headers: [`X: ${'a'.repeat(20_000)}`] }), 431, 'RequestHeaderSectionTooLarge'],
  ['20 KB of URL', head({ method: 'GET', url: `/?${'a'.repeat(20_000)}` }), 431, 'RequestHeaderSectionTooLarge'],
  ['no Host', `POST / HTTP/1.1\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`, 403, 'AccessDenied'],
  ['HTTP/1.0 without a Host', 'GET / HTTP/1.0\r\n\r\n', 403, 'AccessDenied'],
  ["somebody else's URL", head({ url: 'http://rebound.example/', headers: close, length: 0 }), 403, 'AccessDenied'],
  ['a URL of another protocol', head({ url: 'ftp://localhost/', headers: close, length: 0 }), 404, 'NotFound'],
  ['a path out of the server', head({ url: '/../../etc/passwd', headers: close, length: 0 }), 404, 'NotFound'],
  ['a path with a NUL', head({ url: '/%00', headers: close, length: 0 }), 404, 'NotFound'],
  ['OPTIONS', head({ method: 'OPTIONS', headers: close }), 405, 'MethodNotAllowed'],
  ['OPTIONS of everything', head({ method: 'OPTIONS', url: '*', headers: close }), 404, 'NotFound'],
  ['TRACE', head({ method: 'TRACE', headers: close }), 405, 'MethodNotAllowed'],
  ['PUT', head({ method: 'PUT', headers: close, length: 0 }), 405, 'MethodNotAllowed'],
  ['JSON', post('{"Action":"DescribeVpcs"}', [...close, 'Content-Type: application/json']), 400, 'MissingAction'],
  ['a form in parts', post('--x\r\n\r\n--x--', [...close, 'Content-Type: multipart/form-data']), 400, 'MissingAction'],
  ['bytes that are no UTF-8', post('Action=\xff\xfe&Version=2016-11-15'), 400, 'InvalidAction'],
] as const) {
  test(`${name} is answered ${status} ${code}`, async () => {
    const said = await answerTo(server.port, bytes)
    assert.match(said, new RegExp(`^HTTP/1\\.1 ${status} `))
    const [, body = ''] = said.split('\r\n\r\n')
    assert.ok(body.includes(`<Code>${code}</Code>`), said)
    assert.equal(parseXml(body).name, 'Response')
  })
}

for (const [name, bytes] of [
  ['HTTP/1.0', head({ method: 'GET', url: get, version: '1.0' })],
  ['a whole URL of this server', head({ method: 'GET', url: `http://localhost${get}`, headers: close })],
  ['200 headers', head({ method: 'GET', url: get, headers: [...close, ...Array<string>(200).fill('a: b')] })],
  ['an upgrade', head({ method: 'GET', url: get, headers: ['Connection: close', 'Upgrade: websocket'] })],
  ['an empty line before', `\r\n${head({ method: 'GET', url: get, headers: close })}`],
  ['a body of another type', post(form, [...close, 'Content-Type: text/plain'])],
] as const) {
  test(`${name} is answered as any other call`, async () => {
    assert.match(await answerTo(server.port, bytes), /^HTTP\/1\.1 200 OK[\s\S]*<vpcSet>/)
  })
}

test('HEAD has no body, CONNECT no tunnel', async () => {
  assert.match(
    await answerTo(server.port, head({ method: 'HEAD', headers: close })),
    /^HTTP\/1\.1 405 [\s\S]*\r\n\r\n$/,
  )
  assert.equal(await answerTo(server.port, head({ method: 'CONNECT', url: 'localhost:22' })), '')
})

test('an expectation that nobody has is not met', async () => {
  const said = await answerTo(server.port, head({ headers: [...close, 'Expect: miracles'], length: 0 }))
  assert.match(said, /^HTTP\/1\.1 417 /)
})

test('requests sent in one go are answered in their order', async () => {
  const create = (block: string) => post(`Action=CreateVpc&Version=2016-11-15&CidrBlock=${block}`, [])
  const said = await answerTo(server.port, create('first') + create('second') + post(form))
  assert.deepEqual(said.match(/HTTP\/1\.1 \d+/g), Array(3).fill('HTTP/1.1 200'))
  assert.deepEqual(said.match(/<cidrBlock>\w+/g)?.slice(0, 2), ['<cidrBlock>first', '<cidrBlock>second'])
})

test('a good request is answered though bytes that are none come after it', async () => {
  const said = await answerTo(server.port, `${post(form, [])}nonsense\r\n\r\n`)
  assert.match(said, /^HTTP\/1\.1 200 OK[\s\S]*<vpcSet>/)
})

test('a request hidden in the body of a refused one is not carried out', async () => {
  const hidden = post('Action=CreateVpc&Version=2016-11-15&CidrBlock=smuggled', [])
  await answerTo(server.port, head({ length: 2_000_000 }) + hidden)
  await answerTo(server.port, `POST / HTTP/1.1\r\nHost: rebound.example\r\nContent-Length: 9999\r\n\r\n${hidden}`)
  assert.doesNotMatch(await answerTo(server.port, post(form)), /smuggled/)
})

/** A good request with something done to it. */
const broken = fc
  .tuple(
    fc.constantFrom(post(form), head({ method: 'GET', url: get, headers: close }), `${post(form, [])}${post(form)}`),
    fc.array(fc.tuple(fc.nat(999), fc.nat(3), fc.string({ unit: 'binary', maxLength: 12 })), { maxLength: 4 }),
  )
  .map(([request, changes]) =>
    changes.reduce((text, [at, length, by]) => {
      const start = Math.floor((at / 1000) * text.length)
      return text.slice(0, start) + by + text.slice(start + length)
    }, request),
  )

test('whatever is done to the bytes of a request, the server answers or closes, and goes on', async () => {
  const property = fc.asyncProperty(broken, async (bytes) => {
    const client = raw(server.port)
    client.socket.end(Buffer.from(bytes, 'utf8'))
    const said = await client.closed
    assert.doesNotMatch(said, /^HTTP\/1\.1 5/m)
  })
  await fc.assert(property, { numRuns: 500, seed: 20161115 })
  assert.match(await answerTo(server.port, post(form)), /^HTTP\/1\.1 200 OK/)
  assert.deepEqual(logged, [])
})
