/** Session tokens of the metadata service: they carry their own end, and no table of them is kept. */
import { createHmac, timingSafeEqual } from 'node:crypto'

const EXPIRY = 6
const SIGNATURE = 32

/** A token that this instance alone can use, until `expiresAt` (milliseconds). */
export function makeToken(secret: Uint8Array, instanceId: string, expiresAt: number): string {
  const expiry = Buffer.alloc(EXPIRY)
  expiry.writeUIntBE(expiresAt, 0, EXPIRY)
  return Buffer.concat([expiry, sign(secret, instanceId, expiry)]).toString('base64url')
}

/** The whole seconds for which a token is good yet; undefined where it is not. */
export function secondsLeft(secret: Uint8Array, instanceId: string, token: string, now: number): number | undefined {
  const bytes = Buffer.from(token, 'base64url')
  if (bytes.length !== EXPIRY + SIGNATURE) return undefined
  const [expiry, signature] = [bytes.subarray(0, EXPIRY), bytes.subarray(EXPIRY)]
  if (!timingSafeEqual(signature, sign(secret, instanceId, expiry))) return undefined
  const left = expiry.readUIntBE(0, EXPIRY) - now
  return left > 0 ? Math.ceil(left / 1000) : undefined
}

const sign = (secret: Uint8Array, instanceId: string, expiry: Uint8Array): Buffer =>
  createHmac('sha256', secret).update(instanceId).update(expiry).digest()
