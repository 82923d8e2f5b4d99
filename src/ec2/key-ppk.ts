/** A private key in PuTTY's own format, version 2, not encrypted. */
import { createHash, createHmac } from 'node:crypto'

export interface PuttyKey {
  readonly algorithm: string
  readonly comment: string
  /** Both halves in the wire form of RFC 4251. */
  readonly publicBlob: Buffer
  readonly privateBlob: Buffer
}

/** The text of the file, its check as PuTTY makes it where there is no passphrase. */
export function puttyText({ algorithm, comment, publicBlob, privateBlob }: PuttyKey): string {
  const signed = [algorithm, 'none', comment, publicBlob, privateBlob].map(withLength)
  const key = createHash('sha1').update('putty-private-key-file-mac-key').digest()
  return [
    `PuTTY-User-Key-File-2: ${algorithm}`,
    'Encryption: none',
    `Comment: ${comment}`,
    ...block('Public', publicBlob),
    ...block('Private', privateBlob),
    `Private-MAC: ${createHmac('sha1', key).update(Buffer.concat(signed)).digest('hex')}`,
    '',
  ].join('\r\n')
}

function block(name: string, blob: Buffer): string[] {
  const lines = blob.toString('base64').match(/.{1,64}/g) ?? []
  return [`${name}-Lines: ${lines.length}`, ...lines]
}

function withLength(data: string | Buffer): Buffer {
  const bytes = Buffer.from(data as string)
  const length = Buffer.alloc(4)
  length.writeUInt32BE(bytes.length)
  return Buffer.concat([length, bytes])
}
