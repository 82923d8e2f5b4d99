/** Signatures that the official client makes, whole and spoilt. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as client from '@aws-sdk/client-ec2'
import { callerOf } from '../../src/protocol/caller.ts'
import { parseCredentials } from '../../src/protocol/credentials.ts'
import type { WireRequest } from '../../src/protocol/service.ts'
import { refusalOf, signatureOf } from '../../src/protocol/signature.ts'

const credentials = parseCredentials(`
[default]
aws_access_key_id = AKIDEXAMPLE
aws_secret_access_key = a+secret/with=signs

[profile temporary]
aws_access_key_id = ASIDEXAMPLE
aws_secret_access_key = other
aws_session_token = a-token
account_id = 210987654321
`)
const known = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'a+secret/with=signs' }
const temporary = { accessKeyId: 'ASIDEXAMPLE', secretAccessKey: 'other', sessionToken: 'a-token' }
type Identity = typeof known & { sessionToken?: string }

interface Sent {
  readonly method: string
  readonly headers: Record<string, string>
  readonly body?: string
  readonly query?: Record<string, string>
}
type Options = NonNullable<ConstructorParameters<typeof client.EC2Client>[0]>

const clientOf = (credentials: Identity, options: Options = {}) =>
  new client.EC2Client({
    endpoint: 'http://127.0.0.1:4566',
    region: 'eu-west-1',
    credentials,
    maxAttempts: 1,
    ...options,
  })

const wireRequest = ({ method, headers, body = '', query = {} }: Sent): WireRequest => ({
  method,
  query: new URLSearchParams(query).toString(),
  headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value])),
  body: Buffer.from(body),
})

/** The request that the client would have sent. */
async function signedBy(identity: Identity): Promise<WireRequest> {
  const captured: Sent[] = []
  const requestHandler = {
    async handle(request: unknown): Promise<never> {
      captured.push(request as Sent)
      throw new Error('captured')
    },
  }
  const sender = clientOf(identity, { requestHandler: requestHandler as NonNullable<Options['requestHandler']> })
  const command = new client.DescribeVpcsCommand({ Filters: [{ Name: 'tag:Name', Values: ["a b+c/é&=*'()"] }] })
  await assert.rejects(sender.send(command), /captured/)
  assert.ok(captured[0])
  return wireRequest(captured[0])
}

interface Presigner {
  presign(request: object, options: { expiresIn: number }): Promise<Sent>
}

/** A presigned GET, good for a minute. */
async function presignedBy(identity: Identity): Promise<WireRequest> {
  const { config } = clientOf(identity)
  const signer = (await config.signer({
    schemeId: 'aws.auth#sigv4',
    identity,
    signer: undefined,
    name: 'sigv4',
    signingName: 'ec2',
    signingRegion: 'eu-west-1',
    properties: {},
  } as never)) as unknown as Presigner
  const query = { Action: 'DescribeVpcs', 'Action-b': 'a b+*', Version: '2016-11-15' }
  const request = { method: 'GET', protocol: 'http:', hostname: '127.0.0.1', path: '/', query, headers: { host: 'a' } }
  return wireRequest(await signer.presign(request, { expiresIn: 60 }))
}

const refusal = (request: WireRequest, later = 0) => refusalOf(request, credentials, Date.now() + later)
const withHeaders = (request: WireRequest, headers: Record<string, string | undefined>): WireRequest => ({
  ...request,
  headers: { ...request.headers, ...headers },
})

test("the official client's signature is good", async () => {
  assert.equal(refusal(await signedBy(known)), undefined)
})

test('a signature names key, Region and service', async () => {
  const { accessKeyId, region, service } = signatureOf(await signedBy(known)) ?? {}
  assert.deepEqual(
    { accessKeyId, region, service },
    { accessKeyId: 'AKIDEXAMPLE', region: 'eu-west-1', service: 'ec2' },
  )
})

test('a presigned request is good until it expires', async () => {
  const request = await presignedBy(known)
  assert.equal(refusal(request), undefined)
  assert.equal(refusal(request, 50_000), undefined)
  assert.equal(refusal(request, 120_000), 'expired')
})

test('a presigned request with another parameter is a mismatch', async () => {
  const request = await presignedBy(known)
  assert.equal(refusal({ ...request, query: request.query.replace('DescribeVpcs', 'DeleteVpc') }), 'mismatch')
})

test('another body, secret, method or signed header is a mismatch', async () => {
  const request = await signedBy(known)
  assert.equal(refusal({ ...request, body: Buffer.from('Action=DeleteVpc') }), 'mismatch')
  assert.equal(refusal({ ...request, method: 'GET' }), 'mismatch')
  assert.equal(refusal({ ...request, query: 'a=b' }), 'mismatch')
  assert.equal(refusal(withHeaders(request, { host: 'elsewhere' })), 'mismatch')
  assert.equal(refusal(await signedBy({ ...known, secretAccessKey: 'wrong' })), 'mismatch')
})

test('an unknown key is refused', async () => {
  assert.equal(refusal(await signedBy({ ...known, accessKeyId: 'AKIDNOBODY' })), 'unknown key')
})

test('temporary credentials need their session token, others have none', async () => {
  assert.equal(refusal(await signedBy(temporary)), undefined)
  assert.equal(refusal(await signedBy({ ...temporary, sessionToken: 'other' })), 'unknown key')
  assert.equal(refusal(await signedBy({ ...known, sessionToken: 'other' })), 'unknown key')
})

test('a signature is good for 15 minutes around its date', async () => {
  const request = await signedBy(known)
  assert.equal(refusal(request, 14 * 60_000), undefined)
  assert.equal(refusal(request, 16 * 60_000), 'expired')
  assert.equal(refusal(request, -16 * 60_000), 'expired')
})

test('a request without a signature, or with half of one, is told so', async () => {
  const request = await signedBy(known)
  const authorization = request.headers.authorization ?? ''
  assert.equal(refusal(withHeaders(request, { authorization: undefined })), 'missing')
  assert.equal(refusal(withHeaders(request, { 'x-amz-date': undefined })), 'incomplete')
  assert.equal(refusal(withHeaders(request, { authorization: 'Basic YTpi' })), 'incomplete')
  assert.equal(refusal(withHeaders(request, { authorization: authorization.slice(0, -1) })), 'incomplete')
  assert.equal(refusal(withHeaders(request, { authorization: authorization.replace('host;', '') })), 'incomplete')
})

test("the account is the profile's, else a 12-digit key's own, else 123456789012", async () => {
  const account = async (identity: Identity, trusted?: typeof credentials) =>
    callerOf(signatureOf(await signedBy(identity)), trusted, 'id').account
  assert.equal(await account(temporary, credentials), '210987654321')
  assert.equal(await account({ ...known, accessKeyId: '111122223333' }), '111122223333')
  assert.equal(await account(known), '123456789012')
})

test('without a signature the caller is in us-east-1', () => {
  assert.deepEqual(callerOf(undefined, undefined, 'id'), {
    account: '123456789012',
    region: 'us-east-1',
    requestId: 'id',
  })
})
