/** AWS Signature Version 4 for a POST to the API's one path. */
import { createHash, createHmac } from 'node:crypto'

/** Who calls. Where a server takes any credentials, a 12-digit access key id names the account. */
export interface Identity {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string
}

/** The access key of an account on a server that takes any credentials. */
export const identityOf = (account: string): Identity => ({ accessKeyId: account, secretAccessKey: 'isthmus' })

/** The headers that sign `body` for a service of a Region. `host` is what the Host header will be. */
export function signedHeaders(
  { host, region, service, body }: { host: string; region: string; service: string; body: string },
  { accessKeyId, secretAccessKey, sessionToken }: Identity,
  now: Date,
): Record<string, string> {
  const date = now.toISOString().replace(/[-:]|\.\d+/g, '')
  const headers = { host, 'x-amz-date': date, ...(sessionToken && { 'x-amz-security-token': sessionToken }) }
  const names = Object.keys(headers).sort().join(';')
  const lines = Object.entries(headers)
    .sort()
    .map(([name, value]) => `${name}:${value}\n`)
  const canonical = ['POST', '/', '', lines.join(''), names, sha256(body)].join('\n')
  const scope = [date.slice(0, 8), region, service, 'aws4_request']
  const key = scope.reduce<string | Buffer>(hmac, `AWS4${secretAccessKey}`)
  const signature = hmac(key, [algorithm, date, scope.join('/'), sha256(canonical)].join('\n')).toString('hex')
  const credential = `Credential=${accessKeyId}/${scope.join('/')}`
  return { ...headers, authorization: `${algorithm} ${credential}, SignedHeaders=${names}, Signature=${signature}` }
}

const algorithm = 'AWS4-HMAC-SHA256'
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')
const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest()
