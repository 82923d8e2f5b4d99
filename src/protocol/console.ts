/**
 * The web console on the API's own port: its files, and what its pages alone may ask, by a token.
 *
 * Invariants: a file of the console is for everybody and holds no secret; whatever else a page asks for, the API
 * included, needs the token, which a page of another origin neither knows nor may send.
 */
import { createHash, timingSafeEqual } from 'node:crypto'
import type { IncomingHttpHeaders, ServerResponse } from 'node:http'
import type { WebSocket } from 'ws'
import { ApiError } from '../ec2/errors.ts'
import type { Routes } from './http.ts'
import type { WireRequest } from './service.ts'

/** One file as it is sent. */
export interface ConsoleFile {
  readonly contentType: string
  readonly body: Uint8Array
}

/** Tells, from now on, what is news; the answer ends that. What is asked for stands in the request. */
export type Events = (tell: (event: object) => void, request: WireRequest) => () => void

export interface Console {
  readonly token: string
  /** The file at a path below /console/; undefined where there is none. */
  file(path: string): ConsoleFile | undefined
  /** For who has the token: 'POST /_isthmus/explain' → what answers it. */
  readonly routes: Routes
  /** For who has the token: 'GET /_isthmus/events' → server-sent events. */
  readonly streams: Readonly<Record<string, Events>>
  /** For who has the token: '/_isthmus/terminal' → what speaks over a WebSocket there. */
  readonly sockets: Readonly<Record<string, (socket: WebSocket) => void>>
}

/** An answer that goes on until its connection ends. */
export interface Stream {
  begin(tell: (event: object) => void): () => void
}

interface Shown {
  readonly status: number
  readonly contentType: string
  readonly body: string | Uint8Array
  readonly headers: Readonly<Record<string, string>>
}

const CONSOLE = '/console/'

/** No script, style or connection but the server's own; no other page may frame it; the token stays out of Referer. */
const HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; " +
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-frame-options': 'DENY',
}

/** What the console answers at this path; undefined where it is none of its paths. Throws ApiError (403, 404). */
export function consoleAnswer(
  console: Console,
  request: WireRequest,
  path: string,
): Shown | Stream | { route: Routes[string] } | undefined {
  const { method, headers, query } = request
  const wants = headers.accept?.includes('text/html') === true
  if (method === 'GET' && (path === '/console' || (path === '/' && query === '' && wants))) return moved()
  if (method === 'GET' && path.startsWith(CONSOLE)) return fileAnswer(console, path.slice(CONSOLE.length))
  const name = `${method} ${path}`
  const route = Object.hasOwn(console.routes, name) ? console.routes[name] : undefined
  const begin = Object.hasOwn(console.streams, name) ? console.streams[name] : undefined
  if (!route && !begin) return undefined
  refusedWithoutToken(console, headers)
  if (route) return { route }
  return { begin: (tell) => (begin as Events)(tell, request) }
}

const moved = (): Shown => ({
  status: 302,
  contentType: 'text/plain',
  body: '',
  headers: { ...HEADERS, location: CONSOLE },
})

function fileAnswer(console: Console, path: string): Shown {
  const file = console.file(path === '' ? 'index.html' : path)
  if (!file) throw new ApiError('NotFound', 'The console has no such file.', 404)
  return { status: 200, ...file, headers: HEADERS }
}

/** Whether a browser says that one of its pages asks, or its address bar. */
export const isPage = ({ origin, 'sec-fetch-site': site }: IncomingHttpHeaders): boolean =>
  origin !== undefined || site !== undefined

/** Throws ApiError where the request does not carry the token. */
export function refusedWithoutToken({ token }: Console, headers: IncomingHttpHeaders): void {
  const shown = headers['x-isthmus-token']
  if (typeof shown === 'string' && timingSafeEqual(digest(shown), digest(token))) return
  throw new ApiError('AccessDenied', 'A page needs the token of the address that `isthmus status` prints.', 403)
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest()

/** Milliseconds between signs of life, well below what the server and browsers wait for. */
const BEAT = 15_000
/** Bytes that may wait for a page that takes nothing; it comes back, and reads anew. */
const MOST_WAITING = 1 << 20

/** Sends events until the connection ends. */
export function startStream(response: ServerResponse, { begin }: Stream, requestId: string): void {
  if (response.destroyed) return
  response.writeHead(200, {
    'content-type': 'text/event-stream',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'x-amzn-requestid': requestId,
  })
  const write = (text: string) => {
    if (response.writableLength > MOST_WAITING) response.destroy()
    else response.write(text)
  }
  const beat = setInterval(() => write(':\n\n'), BEAT).unref()
  const end = begin((event) => write(`data: ${JSON.stringify(event)}\n\n`))
  response.on('close', () => {
    clearInterval(beat)
    end()
  })
}
