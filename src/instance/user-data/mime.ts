/** MIME messages with several parts, as far as user data has them (RFC 2045, 2046). Bytes are kept as latin1 text. */
import { Unfit } from './stage.ts'

export interface MimePart {
  /** In lower case, without parameters. */
  readonly type: string
  readonly filename?: string
  readonly body: Uint8Array
}

interface Entity {
  readonly headers: ReadonlyMap<string, string>
  readonly body: string
}

const DEPTH = 5

/** Whether the bytes begin like a message. */
export const isMime = (bytes: Uint8Array): boolean =>
  /^(content-type:|mime-version:)/i.test(Buffer.from(bytes.subarray(0, 64)).toString('latin1'))

/** All parts that are not made of parts themselves, in their order. Throws Unfit where there is no end to them. */
export const mimeParts = (bytes: Uint8Array): MimePart[] => partsOf(entityOf(Buffer.from(bytes).toString('latin1')), 0)

function partsOf(entity: Entity, depth: number): MimePart[] {
  if (depth > DEPTH) throw new Unfit('it has parts within parts within parts')
  const { value, parameters } = parameterized(entity.headers.get('content-type') ?? 'text/plain')
  if (!value.startsWith('multipart/')) return [leaf(entity, value)]
  const boundary = parameters.get('boundary')
  if (!boundary) throw new Unfit('its parts have no boundary')
  return pieces(entity.body, boundary).flatMap((piece) => partsOf(entityOf(piece), depth + 1))
}

function leaf({ headers, body }: Entity, type: string): MimePart {
  const filename = parameterized(headers.get('content-disposition') ?? '').parameters.get('filename')
  const encoding = (headers.get('content-transfer-encoding') ?? '7bit').trim().toLowerCase()
  return { type, body: decoded(body, encoding), ...(filename !== undefined && { filename }) }
}

/** Headers, which go on over lines that begin with a blank; an empty line; the body. */
function entityOf(message: string): Entity {
  const end = /\r?\n\r?\n|^\r?\n/.exec(message)
  const head = end ? message.slice(0, end.index) : message
  const body = end ? message.slice(end.index + end[0].length) : ''
  const unfolded = head.replaceAll(/\r?\n[ \t]+/g, ' ').split(/\r?\n/)
  const headers = unfolded.flatMap((line): [string, string][] => {
    const colon = line.indexOf(':')
    return colon > 0 ? [[line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim()]] : []
  })
  return { headers: new Map(headers), body }
}

/** What stands between lines of `--boundary`, up to the line `--boundary--`. */
function pieces(body: string, boundary: string): string[] {
  const found: string[][] = []
  for (const line of body.split('\n')) {
    const bare = line.trimEnd()
    if (bare === `--${boundary}--`) break
    if (bare === `--${boundary}`) found.push([])
    else found.at(-1)?.push(line)
  }
  // The line break before a boundary is the boundary's.
  return found.map((lines) => lines.join('\n').replace(/\r$/, ''))
}

function parameterized(header: string): { value: string; parameters: ReadonlyMap<string, string> } {
  const value = header.split(';', 1)[0] ?? ''
  const found = header.slice(value.length).matchAll(/;\s*([\w*-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;\s]*))/g)
  const parameters = [...found].map(([, key = '', quoted, bare]): [string, string] => [
    key.toLowerCase(),
    quoted?.replaceAll(/\\(.)/g, '$1') ?? bare ?? '',
  ])
  return { value: value.trim().toLowerCase(), parameters: new Map(parameters) }
}

function decoded(body: string, encoding: string): Uint8Array {
  if (encoding === 'base64') return Buffer.from(body, 'base64')
  if (encoding !== 'quoted-printable') return Buffer.from(body, 'latin1')
  const plain = body
    .replaceAll(/=[ \t]*\r?\n/g, '')
    .replaceAll(/=([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
  return Buffer.from(plain, 'latin1')
}
