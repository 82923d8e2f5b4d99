/** What user data is made of: base64, perhaps gzip, perhaps MIME; then parts of sorts known by their beginnings. */
import { gunzipSync } from 'node:zlib'
import { isMime, mimeParts } from './mime.ts'
import { Unfit } from './stage.ts'

export interface Part {
  /** As in `text/x-shellscript`. */
  readonly type: string
  readonly name: string
  readonly body: Uint8Array
}

/** Far more than the 16 KiB of user data can mean well. */
const LIMIT = 1024 * 1024

/** How a part begins → its sort; the longer beginnings stand first. */
const BEGINNINGS: readonly (readonly [string, string])[] = [
  ['#cloud-config-archive', 'text/cloud-config-archive'],
  ['#cloud-config-jsonp', 'text/cloud-config-jsonp'],
  ['## template: jinja', 'text/jinja2'],
  ['#cloud-boothook', 'text/cloud-boothook'],
  ['#cloud-config', 'text/cloud-config'],
  ['#part-handler', 'text/part-handler'],
  ['#include-once', 'text/x-include-once-url'],
  ['#upstart-job', 'text/upstart-job'],
  ['#include', 'text/x-include-url'],
  ['#!', 'text/x-shellscript'],
]

/** Types that say nothing: their beginning does. */
const VAGUE = ['text/plain', 'text/x-not-multipart', 'application/octet-stream', '']

/** The bytes of user data: as the metadata service gives them out. */
export const userDataBytes = (base64: string): Uint8Array => Buffer.from(base64, 'base64')

/** Throws Unfit where it can not be unpacked. */
export function partsOf(bytes: Uint8Array): Part[] {
  const whole = unpacked(bytes)
  if (whole.every(isBlank)) return []
  if (!isMime(whole)) return [{ type: typeOf('', whole), name: 'part-001', body: whole }]
  return mimeParts(whole).map(({ type, filename, body }, index) => {
    const inner = unpacked(body)
    return { type: typeOf(type, inner), name: nameOf(filename, index), body: inner }
  })
}

const isBlank = (byte: number): boolean => byte === 0x20 || (byte >= 0x09 && byte <= 0x0d)

function unpacked(bytes: Uint8Array): Uint8Array {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes
  try {
    return gunzipSync(bytes, { maxOutputLength: LIMIT })
  } catch (error) {
    throw new Unfit(`it can not be unpacked: ${(error as Error).message}`)
  }
}

function typeOf(declared: string, body: Uint8Array): string {
  if (!VAGUE.includes(declared)) return declared
  const start = Buffer.from(body.subarray(0, 64)).toString('latin1').toLowerCase()
  return BEGINNINGS.find(([beginning]) => start.startsWith(beginning))?.[1] ?? 'text/x-not-multipart'
}

/** Safe as a file name, and in the order of the parts. */
function nameOf(filename: string | undefined, index: number): string {
  const number = `part-${`${index + 1}`.padStart(3, '0')}`
  const plain = filename?.replaceAll(/[^A-Za-z0-9._-]/g, '_').slice(0, 64)
  return plain ? `${number}-${plain}` : number
}
