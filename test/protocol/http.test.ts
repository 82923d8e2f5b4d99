/** The server as any client meets it: actions, errors, services, and who is kept out. */
import assert from 'node:assert/strict'
import { request } from 'node:http'
import { connect } from 'node:net'
import { after, test } from 'node:test'
import { parseCredentials } from '../../src/protocol/credentials.ts'
import { image, startServer, type TestServer } from './server.ts'

const logged: string[] = []
const routes = {
  'GET /_isthmus/health': () => ({ status: 200, body: { engine: 'none' } }),
  'POST /_isthmus/reset': async () => ({ status: 403, body: { message: 'not allowed' } }),
}
const credentials = parseCredentials('[a]\naws_access_key_id=A\naws_secret_access_key=s')
const open = await startServer({ routes, hosts: ['vpc.test'], log: (message) => logged.push(message) })
const locked = await startServer({ credentials })
after(() => Promise.all([open.close(), locked.close()]))

interface Reply {
  readonly status: number | undefined
  readonly type: string | undefined
  readonly id: string | string[] | undefined
  readonly body: string
}
interface Call {
  readonly method?: string
  readonly path?: string
  readonly headers?: Record<string, string>
  readonly body?: string
}

/** Not `fetch`, which sets Host and the Sec- headers itself. */
function call({ port }: TestServer, { method = 'POST', path = '/', headers = {}, body = '' }: Call): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, method, path, headers }, async (response) => {
      const chunks = await response.toArray()
      const { statusCode: status, headers } = response
      const { 'content-type': type, 'x-amzn-requestid': id } = headers
      resolve({ status, type, id, body: Buffer.concat(chunks).toString() })
    })
    sent.on('error', reject).end(body)
  })
}
const ec2 = (action: string, parameters = '') => ({ body: `Action=${action}&Version=2016-11-15&${parameters}` })
const scope = (service: string, key = 'A') => {
  const credential = `Credential=${key}/20260101/eu-west-1/${service}/aws4_request`
  const authorization = `AWS4-HMAC-SHA256 ${credential}, SignedHeaders=host, Signature=${'0'.repeat(64)}`
  return { authorization, 'x-amz-date': '20260101T000000Z' }
}

async function answers(sent: Call, status: number, ...texts: readonly string[]): Promise<void> {
  const reply = await call(open, sent)
  for (const text of texts) assert.ok(reply.body.includes(text), `${text} is in ${reply.body}`)
  assert.equal(reply.status, status)
}

test('an action is answered with XML and a request id, in the body and in a header', async () => {
  const { status, type, id, body } = await call(open, ec2('CreateVpc', 'CidrBlock=10.0.0.0%2F16'))
  assert.deepEqual([status, type], [200, 'text/xml;charset=UTF-8'])
  assert.match(body, /<vpcId>vpc-\d+<\/vpcId>/)
  assert.ok(typeof id === 'string' && body.includes(`<requestId>${id}</requestId>`))
})

test('a GET with a query string is the same action', () =>
  answers({ method: 'GET', path: '/?Action=DescribeVpcs&Version=2016-11-15' }, 200, '<vpcSet>'))

for (const [name, body, code, message] of [
  ['an unknown action', ec2('Explode').body, 'InvalidAction', 'The action Explode is not valid for this web service.'],
  ['a name that every object has', ec2('toString').body, 'InvalidAction', 'The action toString is not valid'],
  [
    'an action that is not carried out yet, however wrong its parameters',
    ec2('CreateFleet', 'Nonsense=1').body,
    'UnsupportedOperation',
    'The action CreateFleet is part of the EC2 API, but Isthmus does not carry it out yet.',
  ],
  [
    'another version',
    'Action=DescribeVpcs&Version=2006-06-26',
    'NoSuchVersion',
    'The requested version (2006-06-26) of service AmazonEC2 does not exist',
  ],
  ['no version', 'Action=DescribeVpcs', 'MissingParameter', 'The request must contain the parameter Version'],
  ['no action', '', 'MissingAction', 'The request must contain the parameter Action'],
  ['a missing parameter', ec2('DeleteVpc').body, 'MissingParameter', 'The request must contain the parameter VpcId'],
  [
    "an action's own error",
    ec2('DeleteVpc', 'VpcId=vpc-9').body,
    'InvalidVpcID.NotFound',
    "The vpc ID 'vpc-9' does not",
  ],
] as const) {
  test(`${name} is answered 400 ${code}`, () => {
    const escaped = message.replaceAll('"', '&quot;')
    return answers({ body }, 400, `<Response><Errors><Error><Code>${code}</Code><Message>${escaped}`)
  })
}

test('a defect is answered 500 InternalError with nothing of it, and logged with the request id', async () => {
  const { status, id, body } = await call(open, ec2('DescribeSubnets'))
  assert.equal(status, 500)
  assert.match(body, /<Code>InternalError<\/Code><Message>An internal error has occurred<\/Message>/)
  assert.ok(logged.some((line) => line.startsWith(`Request ${id}: Error: a defect\n`)))
  await answers(ec2('DescribeVpcs'), 200)
})

test("the signature's scope names Region and account when any credentials are taken", async () => {
  await answers({ ...ec2('DescribeRegions'), headers: scope('ec2') }, 200, '<regionName>eu-west-1</regionName>')
  const sts = { body: 'Action=GetCallerIdentity&Version=2011-06-15', headers: scope('sts', '111122223333') }
  await answers(sts, 200, '<Account>111122223333</Account>', 'arn:aws:iam::111122223333:root')
})

test('STS is found by its version when nothing is signed', async () => {
  await answers({ body: 'Action=GetCallerIdentity&Version=2011-06-15' }, 200, '<Account>123456789012</Account>')
  await answers({ body: 'Action=AssumeRole&Version=2011-06-15' }, 400, '<Type>Sender</Type><Code>UnsupportedOperation')
  await answers({ body: 'Action=Explode&Version=2011-06-15' }, 400, '<Code>InvalidAction</Code>')
})

const ssm = (operation: string, input: unknown) => ({
  headers: { ...scope('ssm'), 'x-amz-target': `AmazonSSM.${operation}` },
  body: typeof input === 'string' ? input : JSON.stringify(input),
})

test('SSM answers the parameters of the catalogue in the Region of the signature', async () => {
  const reply = await call(open, ssm('GetParameter', { Name: image }))
  assert.equal(reply.type, 'application/x-amz-json-1.1')
  const { Name, Value, Type } = JSON.parse(reply.body).Parameter
  assert.deepEqual({ Name, Value, Type }, { Name: image, Value: 'ami-of-eu-west-1', Type: 'String' })
})

test('SSM sorts what it does not know out of a list, and refuses it alone', async () => {
  const { body } = await call(open, ssm('GetParameters', { Names: [image, '/none'] }))
  const { Parameters, InvalidParameters } = JSON.parse(body)
  assert.deepEqual([Parameters.length, InvalidParameters], [1, ['/none']])
  await answers(ssm('GetParameter', { Name: '/none' }), 400, '{"__type":"ParameterNotFound"')
})

for (const [operation, input, code] of [
  ['GetParameter', {}, 'ValidationException'],
  ['GetParameter', { Name: { toString: 1 } }, 'ValidationException'],
  ['GetParameters', { Names: [] }, 'ValidationException'],
  ['GetParameters', { Names: [1] }, 'ValidationException'],
  ['GetParameter', '{', 'SerializationException'],
  ['GetParameter', '[]', 'SerializationException'],
  ['PutParameter', {}, 'UnknownOperationException'],
  ['constructor', {}, 'UnknownOperationException'],
] as const) {
  test(`SSM ${operation} with ${JSON.stringify(input)} is a ${code}`, () =>
    answers(ssm(operation, input), 400, `{"__type":"${code}"`))
}

test('a service that is not here says so in its own protocol', async () => {
  const logs = { headers: { ...scope('logs'), 'x-amz-target': 'Logs_20140328.CreateLogGroup' }, body: '{}' }
  await answers(logs, 400, '"__type":"UnsupportedOperation"', 'The service logs is not part of Isthmus.')
  const iam = { headers: scope('iam'), body: 'Action=CreateRole&Version=2010-05-08' }
  await answers(iam, 400, '<ErrorResponse>', '<Code>UnsupportedOperation</Code>')
})

test('with credentials, a bad signature is refused in the words of the service', async () => {
  const refusal = async (sent: Call) => {
    const { status, body } = await call(locked, sent)
    return [status, /<Code>(.*?)<|"__type":"(.*?)"/.exec(body)?.slice(1).join('')]
  }
  assert.deepEqual(await refusal(ec2('DescribeVpcs')), [400, 'MissingParameter'])
  assert.deepEqual(await refusal({ ...ec2('DescribeVpcs'), headers: scope('ec2', 'B') }), [401, 'AuthFailure'])
  assert.deepEqual(await refusal({ ...ec2('DescribeVpcs'), headers: scope('ec2') }), [400, 'RequestExpired'])
  assert.deepEqual(await refusal({ headers: scope('sts', 'B') }), [403, 'InvalidClientTokenId'])
  assert.deepEqual(await refusal(ssm('GetParameter', {})), [400, 'InvalidSignatureException'])
  const fake = { headers: scope('iam', 'B'), body: 'Action=CreateRole' }
  assert.deepEqual(await refusal(fake), [403, 'InvalidClientTokenId'])
})

test('routes are answered as JSON, by method and path', async () => {
  await answers({ method: 'GET', path: '/_isthmus/health?x=1' }, 200, '{"engine":"none"}')
  await answers({ path: '/_isthmus/reset' }, 403, '{"message":"not allowed"}')
  await answers({ path: '/_isthmus/health' }, 404, '<Code>NotFound</Code>')
  await answers({ method: 'GET', path: '/elsewhere' }, 404, '<Code>NotFound</Code>')
  await answers({ method: 'PUT' }, 405, '<Code>MethodNotAllowed</Code>')
})

for (const [name, headers] of [
  ['a name that is not loopback', { host: 'rebound.example:4566' }],
  ['a name that only begins like loopback', { host: '127.0.0.1.example' }],
  ['a host that is none', { host: 'a b' }],
  ['a page of another site', { origin: 'https://elsewhere.example' }],
  ['a page of another port', { origin: 'http://127.0.0.1:1' }],
  ['a page without a site', { origin: 'null' }],
  ["another page's image or link", { 'sec-fetch-site': 'cross-site' }],
] as const) {
  test(`${name} is kept out`, () => answers({ ...ec2('DescribeVpcs'), headers: { ...headers } }, 403, 'AccessDenied'))
}

for (const host of ['localhost', 'LOCALHOST:4566', 'ec2.localhost:1', '127.0.0.5', '[::1]:4566', 'vpc.test']) {
  test(`${host} is let in, and so is a page of its own`, async () => {
    await answers({ ...ec2('DescribeVpcs'), headers: { host } }, 200)
    await answers({ ...ec2('DescribeVpcs'), headers: { host, origin: `http://${host.toLowerCase()}` } }, 200)
  })
}

test('a body over 1 MiB is answered 413, one of 1 MiB is read', async () => {
  const fits = `Action=CreateVpc&Version=2016-11-15&CidrBlock=${'a'.repeat(1024 * 1024)}`.slice(0, 1024 * 1024)
  await answers({ body: fits }, 200)
  await answers({ body: `${fits}a` }, 413, '<Code>RequestEntityTooLarge</Code>')
})

test('a client that goes away in the middle leaves the server as it was', async () => {
  const socket = connect(open.port, '127.0.0.1')
  await new Promise((resolve) =>
    socket.write('POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\nAct', resolve),
  )
  socket.destroy()
  await answers(ec2('DescribeVpcs'), 200)
  assert.ok(!logged.some((line) => line.includes('aborted')))
})
