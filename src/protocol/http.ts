/** The HTTP server: reads a request, finds its service, checks the signature, and always answers. */
import { ATTEMPT, attempts } from './attempts.ts'
import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { ApiError } from '../ec2/errors.ts'
import { bodyReader, refusedBody } from './body.ts'
import { callerOf, refusedBy } from './caller.ts'
import { clientName } from './client-name.ts'
import type { Credentials } from './credentials.ts'
import { directoryOf, type Services } from './directory.ts'
import { ec2ErrorXml } from './error-xml.ts'
import { type Console, consoleAnswer, isPage, refusedWithoutToken, type Stream, startStream } from './console.ts'
import { refusedByGuard } from './guard.ts'
import type { WireRequest } from './service.ts'
import { signatureOf } from './signature.ts'
import { answerUnreadable, linger } from './unreadable.ts'
import { isWebSocket, serveWebSockets } from './websocket.ts'

/** The answer of a route of Isthmus's own; the body is sent as JSON. */
export interface RouteAnswer {
  readonly status: number
  readonly body: unknown
}
/** 'GET /_isthmus/health' → what answers it. */
export type Routes = Readonly<Record<string, (request: WireRequest) => Promise<RouteAnswer> | RouteAnswer>>

export interface HttpOptions {
  readonly routes?: Routes
  /** Whose signatures are good; without it, any. */
  readonly credentials?: Credentials
  /** Host names, beside loopback's, under which the server may be called. */
  readonly hosts?: readonly string[]
  /** Where a defect is reported, with the request's id. */
  readonly log?: (message: string) => void
  /** Milliseconds since the epoch. */
  readonly now?: () => number
  readonly timeouts?: HttpTimeouts
  /** The web console; without one, pages of the server's own origin are as any client. */
  readonly console?: Console
}

interface Answer {
  readonly status: number
  readonly contentType: string
  readonly body: string | Uint8Array
  readonly headers?: Readonly<Record<string, string>>
}
/** `proceed` is called once the body is wanted. */
type Responder = (request: IncomingMessage, requestId: string, proceed: () => void) => Promise<Answer | Stream>

const methods = new Set(['GET', 'POST'])
/** Milliseconds: a request that trickles in, or an answer that nobody takes, holds a connection no longer than this. */
export interface HttpTimeouts {
  readonly headersTimeout: number
  readonly requestTimeout: number
  readonly keepAliveTimeout: number
  /** How often the first two are looked at. */
  readonly connectionsCheckingInterval: number
  /** Without a byte in either direction. */
  readonly idleTimeout: number
}
const usual: HttpTimeouts = {
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  keepAliveTimeout: 20_000,
  connectionsCheckingInterval: 5_000,
  idleTimeout: 60_000,
}

/** A server that is not yet listening. Every request is answered, whatever happens behind it. */
export function createHttpServer(services: Services, options: HttpOptions = {}): Server {
  const respond = responder(services, options)
  const { idleTimeout, ...timeouts } = options.timeouts ?? usual
  // A request without a Host is refused in the words of the guard.
  const { console, hosts = [] } = options
  const shouldUpgradeCallback = (message: IncomingMessage) => isWebSocket(console, message, targetOf(message).path)
  const server = createServer({ ...timeouts, requireHostHeader: false, shouldUpgradeCallback })
  server.timeout = idleTimeout
  answerUnreadable(server)
  serveWebSockets(server, console, (message) => guardedTarget(message, hosts).path)
  const serve = (message: IncomingMessage, response: ServerResponse, proceed = () => {}): void => {
    const requestId = randomUUID()
    respond(message, requestId, proceed)
      .catch((error: unknown) => failed(error, requestId, ec2ErrorXml, 'text/xml;charset=UTF-8', options.log))
      .then((answer) => {
        if ('begin' in answer) startStream(response, answer, requestId)
        else send(message, response, answer, requestId)
      })
  }
  server.on('request', (message, response) => serve(message, response))
  // The client waits with its body until it is asked for it.
  server.on('checkContinue', (message, response) => serve(message, response, () => response.writeContinue()))
  return server
}

function responder(services: Services, options: HttpOptions): Responder {
  const { routes = {}, hosts = [], console } = options
  const respondAsService = serviceResponder(services, options)
  const readBody = bodyReader()
  const once = attempts<Answer>()
  return async (message, requestId, proceed) => {
    const { method = 'GET', headers } = message
    const { path, query } = guardedTarget(message, hosts)
    const refusal = refusedBody(message)
    if (refusal) throw refusal
    proceed()
    const request: WireRequest = { method, query, headers, body: await readBody(message) }
    const shown = await shownBy(console, request, path)
    if (shown) return shown
    const route = `${method} ${path}`
    if (Object.hasOwn(routes, route)) return routeAnswer(await routes[route]?.(request))
    if (path !== '/') throw new ApiError('NotFound', 'There is nothing at this path; the API is at /.', 404)
    if (!methods.has(method)) throw new ApiError('MethodNotAllowed', 'The API takes POST and GET.', 405)
    const attempt = headers[ATTEMPT]
    const carryOut = () => respondAsService(request, requestId)
    return typeof attempt === 'string' && isPage(headers) ? once(attempt, carryOut) : carryOut()
  }
}

/** What the console answers; undefined where the API is asked. Throws ApiError where a page comes without the token. */
async function shownBy(console: Console | undefined, request: WireRequest, path: string) {
  if (!console) return undefined
  const shown = consoleAnswer(console, request, path)
  if (shown) return 'route' in shown ? routeAnswer(await shown.route?.(request)) : shown
  if (isPage(request.headers)) refusedWithoutToken(console, request.headers)
  return undefined
}

function serviceResponder(services: Services, { credentials, log, now = Date.now }: HttpOptions) {
  const serviceOf = directoryOf(services)
  return async (request: WireRequest, requestId: string): Promise<Answer> => {
    const signed = signatureOf(request)
    const service = serviceOf(request, signed)
    try {
      const refused = refusedBy(service, request, { credentials, now })
      if (refused) throw refused
      const client = clientName(request.headers['user-agent'])
      const caller = { ...callerOf(signed, credentials, requestId), ...(client && { client }) }
      const body = await service.answer(request, caller)
      return { status: 200, contentType: service.contentType, body }
    } catch (error) {
      return failed(error, requestId, service.failure, service.contentType, log)
    }
  }
}

/** What is no ApiError is a defect: the client learns only its request id, the log everything. */
function failed(
  error: unknown,
  requestId: string,
  write: (error: ApiError, requestId: string) => string,
  contentType: string,
  log: HttpOptions['log'],
): Answer {
  const said = error instanceof ApiError ? error : new ApiError('InternalError', 'An internal error has occurred', 500)
  if (said !== error) log?.(`Request ${requestId}: ${error instanceof Error ? error.stack : String(error)}`)
  return { status: said.status, contentType, body: write(said, requestId) }
}

const routeAnswer = ({ status, body }: RouteAnswer = { status: 404, body: {} }): Answer => ({
  status,
  contentType: 'application/json',
  body: JSON.stringify(body),
})

/** What a request asks for: usually only a path and a query; proxies send a whole URL, which then is the Host too. */
function targetOf({ url = '/' }: IncomingMessage): { authority: string | undefined; path: string; query: string } {
  const [, authority, path, query] = /^(?:http:\/\/([^/?]*))?([^?]*)(?:\?(.*))?$/is.exec(url) ?? []
  return { authority, path: path || '/', query: query ?? '' }
}

/** What a request asks for. Throws ApiError where it comes from a page elsewhere. */
function guardedTarget(message: IncomingMessage, hosts: readonly string[]) {
  const { authority, ...target } = targetOf(message)
  const { headers } = message
  const refused = refusedByGuard(authority === undefined ? headers : { ...headers, host: authority }, hosts)
  if (refused) throw new ApiError('AccessDenied', refused, 403)
  return target
}

/** An answer to a request of which more is to come ends the connection: the rest is no request. */
function send(message: IncomingMessage, response: ServerResponse, answer: Answer, requestId: string): void {
  // The client may have gone, and then nobody is there to be told.
  if (response.destroyed) return
  const { status, contentType, body, headers } = answer
  const bytes = Buffer.from(body)
  response.writeHead(status, {
    'content-type': contentType,
    'content-length': bytes.length,
    'x-amzn-requestid': requestId,
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    ...headers,
    ...(!message.complete && { connection: 'close' }),
  })
  if (message.complete) return void response.end(bytes)
  response.write(bytes)
  linger(message, () => response.end())
}
