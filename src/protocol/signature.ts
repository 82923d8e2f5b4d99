/** AWS Signature Version 4: reads who signed a request and for which Region, and checks it against a known secret. */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import type { Credentials } from './credentials.ts'
import type { Refusal, WireRequest } from './service.ts'

/** What a signed request says of its signature, in the Authorization header or in a presigned query string. */
export interface Signature {
  readonly accessKeyId: string
  /** YYYYMMDD. */
  readonly day: string
  readonly region: string
  readonly service: string
  readonly signedHeaders: readonly string[]
  /** 64 hex digits. */
  readonly value: string
  /** As sent: 20260131T235959Z. */
  readonly date: string
  /** Milliseconds after `date` for which it is good. */
  readonly lifetime: number
  readonly sessionToken: string
}

const algorithm = 'AWS4-HMAC-SHA256'
const minute = 60_000
/** AWS lets a client's clock be off by this much, and a presigned request live for a week. */
const tolerance = 15 * minute
const longestLifetime = 7 * 24 * 60 * minute

const credentialForm = /^([\w.@+=-]+)\/(\d{8})\/([a-z0-9-]+)\/([a-z0-9.-]+)\/aws4_request$/
const dateForm = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/

/** True where a request tries to be signed, well or badly. */
export const isSigned = (request: WireRequest): boolean =>
  request.headers.authorization !== undefined || /(^|&)X-Amz-Signature=/.test(request.query)

/** The signature of a request; undefined where it has none or an incomplete one. */
export function signatureOf(request: WireRequest): Signature | undefined {
  const header = request.headers.authorization
  return header === undefined ? fromQuery(new URLSearchParams(request.query)) : fromHeader(header, request.headers)
}

function fromHeader(header: string, headers: WireRequest['headers']): Signature | undefined {
  const [kind, ...rest] = header.split(' ')
  if (kind !== algorithm) return undefined
  const fields = new Map(
    rest
      .join('')
      .split(',')
      .map((field) => splitAt(field, field.indexOf('='))),
  )
  return signature({
    credential: fields.get('Credential'),
    signedHeaders: fields.get('SignedHeaders'),
    value: fields.get('Signature'),
    date: single(headers['x-amz-date']),
    lifetime: tolerance,
    sessionToken: single(headers['x-amz-security-token']),
  })
}

function fromQuery(query: URLSearchParams): Signature | undefined {
  if (query.get('X-Amz-Algorithm') !== algorithm) return undefined
  const lifetime = Number(query.get('X-Amz-Expires')) * 1000
  if (!(lifetime > 0 && lifetime <= longestLifetime)) return undefined
  return signature({
    credential: query.get('X-Amz-Credential'),
    signedHeaders: query.get('X-Amz-SignedHeaders'),
    value: query.get('X-Amz-Signature'),
    date: query.get('X-Amz-Date'),
    lifetime,
    sessionToken: query.get('X-Amz-Security-Token'),
  })
}

type Parts = Record<'credential' | 'signedHeaders' | 'value' | 'date' | 'sessionToken', string | null | undefined>

function signature(parts: Parts & { lifetime: number }): Signature | undefined {
  const [, accessKeyId, day, region, service] = credentialForm.exec(parts.credential ?? '') ?? []
  const { value, date, lifetime } = parts
  const signedHeaders = (parts.signedHeaders ?? '').split(';')
  if (!accessKeyId || !day || !region || !service) return undefined
  if (!value || !/^[0-9a-f]{64}$/.test(value) || !signedHeaders.includes('host')) return undefined
  if (!date || !dateForm.test(date) || !date.startsWith(day)) return undefined
  const sessionToken = parts.sessionToken ?? ''
  return { accessKeyId, day, region, service, signedHeaders, value, date, lifetime, sessionToken }
}

/** Why the request is not who it says it is; undefined where it is. `now` is in milliseconds since the epoch. */
export function refusalOf(request: WireRequest, credentials: Credentials, now: number): Refusal | undefined {
  if (!isSigned(request)) return 'missing'
  const signed = signatureOf(request)
  if (!signed) return 'incomplete'
  const known = credentials.get(signed.accessKeyId)
  if (!known || (known.sessionToken ?? '') !== signed.sessionToken) return 'unknown key'
  const age = now - Date.parse(signed.date.replace(dateForm, '$1-$2-$3T$4:$5:$6Z'))
  if (!(age <= signed.lifetime && age >= -tolerance)) return 'expired'
  const expected = expectedSignature(request, signed, known.secret)
  return timingSafeEqual(expected, Buffer.from(signed.value, 'hex')) ? undefined : 'mismatch'
}

function expectedSignature(request: WireRequest, signed: Signature, secret: string): Buffer {
  const scope = [signed.day, signed.region, signed.service, 'aws4_request']
  const key = scope.reduce<string | Buffer>(hmac, `AWS4${secret}`)
  return hmac(key, [algorithm, signed.date, scope.join('/'), sha256(canonicalRequest(request, signed))].join('\n'))
}

/** The form that both sides hash. The API lives at the path `/` only. */
function canonicalRequest({ method, query, headers, body }: WireRequest, { signedHeaders }: Signature): string {
  const lines = signedHeaders.map((name) => `${name}:${single(headers[name]).trim().replace(/ +/g, ' ')}\n`)
  return [method, '/', canonicalQuery(query), lines.join(''), signedHeaders.join(';'), sha256(body)].join('\n')
}

function canonicalQuery(query: string): string {
  const pairs = [...new URLSearchParams(query)].filter(([name]) => name !== 'X-Amz-Signature')
  const encoded = pairs.map(([name, value]) => [encode(name), encode(value)] as const)
  encoded.sort(([name, value], [otherName, otherValue]) => compare(name, otherName) || compare(value, otherValue))
  return encoded.map((pair) => pair.join('=')).join('&')
}

const encode = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)
const compare = (one: string, other: string): number => Number(one > other) - Number(one < other)
const single = (value: string | string[] = ''): string => (Array.isArray(value) ? value.join(',') : value)
const splitAt = (text: string, index: number): [string, string] => [text.slice(0, index), text.slice(index + 1)]
const sha256 = (data: string | Buffer): string => createHash('sha256').update(data).digest('hex')
const hmac = (key: string | Buffer, data: string): Buffer => createHmac('sha256', key).update(data).digest()
