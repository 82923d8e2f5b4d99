/** SSH keys as EC2 writes and reads them: OpenSSH's public form, private PEM, and AWS's fingerprints. */
import { createHash, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { puttyText } from './key-ppk.ts'

export type KeyType = 'rsa' | 'ed25519'

/** A public key without its comment; `blob` is the SSH wire form of RFC 4253. */
export interface PublicKey {
  readonly type: KeyType
  readonly blob: Buffer
  /** Of the modulus; 256 for ed25519. */
  readonly bits: number
}

/** What a new pair consists of. The private half is for the answer only. */
interface KeyPairMaterial {
  readonly publicKey: PublicKey
  readonly privatePem: string
  /** The same in PuTTY's format. */
  readonly privatePpk: string
  readonly fingerprint: string
}

const NAMES: Readonly<Record<KeyType, string>> = { rsa: 'ssh-rsa', ed25519: 'ssh-ed25519' }
const RSA_BITS = 2048

/** `ssh-ed25519 AAAA... comment`. */
export const openSshText = ({ type, blob }: PublicKey, comment: string): string =>
  `${NAMES[type]} ${blob.toString('base64')} ${comment}`

/** A new pair: RSA as PKCS#1 PEM, ed25519 in OpenSSH's own format, as AWS gives them. */
export function generateKey(type: KeyType, comment: string): KeyPairMaterial {
  return type === 'rsa' ? generateRsa(comment) : generateEd25519(comment)
}

function generateRsa(comment: string): KeyPairMaterial {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: RSA_BITS })
  const { d = '', p = '', q = '', qi = '' } = privateKey.export({ format: 'jwk' })
  const open = fromKeyObject(publicKey)
  return {
    publicKey: open,
    privatePpk: ppk(
      open,
      comment,
      [d, p, q, qi].map((part) => mpint(Buffer.from(part, 'base64url'))),
    ),
    privatePem: privateKey.export({ type: 'pkcs1', format: 'pem' }).toString(),
    fingerprint: withColons(sha1(privateKey.export({ type: 'pkcs8', format: 'der' }))),
  }
}

function generateEd25519(comment: string): KeyPairMaterial {
  const pair = generateKeyPairSync('ed25519')
  const publicKey = fromKeyObject(pair.publicKey)
  const seed = Buffer.from(pair.privateKey.export({ format: 'jwk' }).d as string, 'base64url')
  return {
    publicKey,
    privatePem: openSshPem(publicKey, seed, comment),
    // PuTTY reads the seed as a number with its lowest byte first, and writes it as bytes.
    privatePpk: ppk(publicKey, comment, [field(seed)]),
    fingerprint: importedFingerprint(publicKey),
  }
}

const ppk = ({ type, blob }: PublicKey, comment: string, secret: readonly Buffer[]): string =>
  puttyText({ algorithm: NAMES[type], comment, publicBlob: blob, privateBlob: Buffer.concat(secret) })

/** AWS's fingerprint of a key it did not make: MD5 of an RSA key's DER form, SHA-256 of an ed25519 key. */
export function importedFingerprint(key: PublicKey): string {
  if (key.type === 'ed25519') return createHash('sha256').update(key.blob).digest('base64')
  return withColons(createHash('md5').update(derOf(key)).digest('hex'))
}

const sha1 = (data: Buffer): string => createHash('sha1').update(data).digest('hex')
const withColons = (hex: string): string => (hex.match(/../g) ?? []).join(':')

/** A public key in OpenSSH's form, RFC 4716's, PEM or DER, plain or as base64; undefined where it is none. */
export function readPublicKey(material: Buffer): PublicKey | undefined {
  const text = material.toString('latin1').trim()
  const bare = text.replace(/\s/g, '')
  const inBase64 = /^[A-Za-z0-9+/]+={0,2}$/.test(bare) && Buffer.from(bare, 'base64')
  return readOnce(material, text) ?? (inBase64 ? readOnce(inBase64, inBase64.toString('latin1').trim()) : undefined)
}

const readOnce = (material: Buffer, text: string): PublicKey | undefined =>
  readOpenSsh(text) ?? readRfc4716(text) ?? readPemOrDer(material, text)

/** One line `ssh-rsa AAAA... comment`; undefined where it is none, or of a type that EC2 does not take. */
export function readOpenSsh(text: string): PublicKey | undefined {
  const [, name, base64 = ''] = /^(\S+)[ \t]+([A-Za-z0-9+/]+={0,2})(?:[ \t][^\r\n]*)?$/.exec(text.trim()) ?? []
  const key = fromBlob(Buffer.from(base64, 'base64'))
  return key && NAMES[key.type] === name ? key : undefined
}

function readRfc4716(text: string): PublicKey | undefined {
  const body = /^---- BEGIN SSH2 PUBLIC KEY ----\r?\n([\s\S]*?)\r?\n---- END SSH2 PUBLIC KEY ----$/.exec(text)?.[1]
  // A header may go on in the next line after a backslash.
  const base64 = body?.replace(/\\\r?\n/g, '').replace(/^[^\n:]+:.*$/gm, '')
  return base64 === undefined ? undefined : fromBlob(Buffer.from(base64, 'base64'))
}

function readPemOrDer(material: Buffer, text: string): PublicKey | undefined {
  // A private key is refused, not made public.
  if (/PRIVATE KEY/.test(text)) return undefined
  try {
    const key = text.startsWith('-----BEGIN')
      ? createPublicKey(text)
      : createPublicKey({ key: material, format: 'der', type: 'spki' })
    const type = key.asymmetricKeyType
    return type === 'rsa' || type === 'ed25519' ? fromKeyObject(key) : undefined
  } catch {
    return undefined
  }
}

function fromKeyObject(key: KeyObject): PublicKey {
  const { n = '', e = '', x = '' } = key.export({ format: 'jwk' })
  const number = (part: string) => Buffer.from(part, 'base64url')
  if (key.asymmetricKeyType === 'ed25519')
    return { type: 'ed25519', bits: 256, blob: Buffer.concat([field(NAMES.ed25519), field(number(x))]) }
  return {
    type: 'rsa',
    bits: key.asymmetricKeyDetails?.modulusLength ?? 0,
    blob: Buffer.concat([field(NAMES.rsa), mpint(number(e)), mpint(number(n))]),
  }
}

function fromBlob(blob: Buffer): PublicKey | undefined {
  const [name, ...numbers] = fieldsOf(blob) ?? []
  if (name?.toString() === NAMES.ed25519 && numbers.length === 1 && numbers[0]?.length === 32)
    return { type: 'ed25519', bits: 256, blob }
  const [e, n] = numbers
  if (name?.toString() !== NAMES.rsa || numbers.length !== 2 || !isPositive(e) || !isPositive(n)) return undefined
  return { type: 'rsa', bits: bitsOf(n), blob }
}

/** A number above zero in the one form that RFC 4251 has for it. */
function isPositive(number: Buffer | undefined): number is Buffer {
  const [first = 0x80, second = 0] = number ?? []
  return first === 0 ? second >= 0x80 : first < 0x80
}

/** The SubjectPublicKeyInfo of an RSA key. */
function derOf({ blob }: PublicKey): Buffer {
  const [, e, n] = (fieldsOf(blob) ?? []).map((part) => part.subarray(part[0] === 0 ? 1 : 0).toString('base64url'))
  const jwk = { kty: 'RSA', e: e as string, n: n as string }
  return createPublicKey({ key: jwk, format: 'jwk' }).export({ type: 'spki', format: 'der' })
}

const bitsOf = (n: Buffer): number => (n[0] === 0 ? (n.length - 1) * 8 : n.length * 8 - Math.clz32(n[0] ?? 0) + 24)

/** Length and bytes, as RFC 4251 writes a string. */
function field(bytes: Buffer | string): Buffer {
  const data = Buffer.from(bytes as string)
  const length = Buffer.alloc(4)
  length.writeUInt32BE(data.length)
  return Buffer.concat([length, data])
}

/** A positive number: a leading zero keeps the sign bit clear. */
const mpint = (number: Buffer): Buffer =>
  field((number[0] ?? 0) & 0x80 ? Buffer.concat([Buffer.from([0]), number]) : number)

/** The fields that make up a blob, exactly; undefined where it does not divide into fields. */
function fieldsOf(blob: Buffer): Buffer[] | undefined {
  const fields: Buffer[] = []
  let at = 0
  while (at + 4 <= blob.length) {
    const end = at + 4 + blob.readUInt32BE(at)
    if (end > blob.length) return undefined
    fields.push(blob.subarray(at + 4, end))
    at = end
  }
  return at === blob.length ? fields : undefined
}

/** OpenSSH's private key format (PROTOCOL.key), not encrypted. */
function openSshPem(publicKey: PublicKey, seed: Buffer, comment: string): string {
  const point = fieldsOf(publicKey.blob)?.[1] as Buffer
  // Two equal numbers, by which a reader sees that a passphrase was right; here there is none.
  const check = Buffer.from('isth')
  const secret = [field(NAMES.ed25519), field(point), field(Buffer.concat([seed, point])), field(comment)]
  const body = Buffer.concat([check, check, ...secret])
  const padding = Buffer.from(Array.from({ length: (8 - (body.length % 8)) % 8 }, (_, i) => i + 1))
  const whole = Buffer.concat([
    Buffer.from('openssh-key-v1\0'),
    field('none'),
    field('none'),
    field(''),
    Buffer.from([0, 0, 0, 1]),
    field(publicKey.blob),
    field(Buffer.concat([body, padding])),
  ])
  const lines = whole.toString('base64').match(/.{1,70}/g) ?? []
  return ['-----BEGIN OPENSSH PRIVATE KEY-----', ...lines, '-----END OPENSSH PRIVATE KEY-----', ''].join('\n')
}
