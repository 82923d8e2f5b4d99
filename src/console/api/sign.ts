/** AWS Signature Version 4 of a page's calls, by the browser's own cryptography. */

/** Whose calls. Where a server takes any credentials, a 12-digit access key id names the account. */
export interface Identity {
  readonly accessKeyId: string
  readonly secretAccessKey: string
}

const encoder = new TextEncoder()
const hex = (bytes: ArrayBuffer): string =>
  [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, '0')).join('')
const sha256 = async (text: string): Promise<string> => hex(await crypto.subtle.digest('SHA-256', encoder.encode(text)))

async function hmac(key: BufferSource, text: string): Promise<ArrayBuffer> {
  const imported = await crypto.subtle.importKey('raw', key, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign'])
  return crypto.subtle.sign('HMAC', imported, encoder.encode(text))
}

/** The headers that sign a POST of `body` to the API's one path. */
export async function signedHeaders(
  { host, region, body }: { readonly host: string; readonly region: string; readonly body: string },
  { accessKeyId, secretAccessKey }: Identity,
  now: Date,
): Promise<Record<string, string>> {
  const date = now.toISOString().replace(/[-:]|\.\d+/g, '')
  const names = 'host;x-amz-date'
  const canonical = ['POST', '/', '', `host:${host}\nx-amz-date:${date}\n`, names, await sha256(body)].join('\n')
  const scope = [date.slice(0, 8), region, 'ec2', 'aws4_request']
  let key: BufferSource = encoder.encode(`AWS4${secretAccessKey}`)
  for (const part of scope) key = await hmac(key, part)
  const algorithm = 'AWS4-HMAC-SHA256'
  const signature = hex(await hmac(key, [algorithm, date, scope.join('/'), await sha256(canonical)].join('\n')))
  const credential = `Credential=${accessKeyId}/${scope.join('/')}`
  return {
    'x-amz-date': date,
    authorization: `${algorithm} ${credential}, SignedHeaders=${names}, Signature=${signature}`,
  }
}
