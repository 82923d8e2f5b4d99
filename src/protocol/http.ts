/** The HTTP server: reads a request whole, finds its service, checks the signature, and always answers. */
import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { ApiError } from '../ec2/errors.ts'
import { callerOf, refusedBy } from './caller.ts'
import type { Credentials } from './credentials.ts'
import { directoryOf, type Services } from './directory.ts'
import { ec2ErrorXml } from './error-xml.ts'
import { refusedByGuard } from './guard.ts'
import type { WireRequest } from './service.ts'
import { signatureOf } from './signature.ts'

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
}

interface Answer {
  readonly status: number
  readonly contentType: string
  readonly body: string
}
type Responder = (request: IncomingMessage, requestId: string) => Promise<Answer>

const methods = new Set(['GET', 'POST'])
const bodyLimit = 1024 * 1024
/** Milliseconds: a request that trickles in holds a connection no longer than this. */
const timeouts = {
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  keepAliveTimeout: 20_000,
  connectionsCheckingInterval: 5_000,
}

/** A server that is not yet listening. Every request is answered, whatever happens behind it. */
export function createHttpServer(services: Services, options: HttpOptions = {}): Server {
  const respond = responder(services, options)
  return createServer(timeouts, (request, response) => {
    const requestId = randomUUID()
    respond(request, requestId)
      .catch((error: unknown) => failed(error, requestId, ec2ErrorXml, 'text/xml;charset=UTF-8', options.log))
      .then((answer) => send(response, answer, requestId))
  })
}

function responder(services: Services, options: HttpOptions): Responder {
  const { routes = {}, hosts = [] } = options
  const respondAsService = serviceResponder(services, options)
  return async (message, requestId) => {
    const refused = refusedByGuard(message.headers, hosts)
    // Read in any case: a connection closed on unread data loses the answer.
    const request = await readRequest(message)
    if (refused) throw new ApiError('AccessDenied', refused, 403)
    const path = pathOf(message)
    const route = `${request.method} ${path}`
    if (Object.hasOwn(routes, route)) return routeAnswer(await routes[route]?.(request))
    if (path !== '/') throw new ApiError('NotFound', 'There is nothing at this path; the API is at /.', 404)
    if (!methods.has(request.method)) throw new ApiError('MethodNotAllowed', 'The API takes POST and GET.', 405)
    return respondAsService(request, requestId)
  }
}

function serviceResponder(services: Services, { credentials, log, now = Date.now }: HttpOptions) {
  const serviceOf = directoryOf(services)
  return async (request: WireRequest, requestId: string): Promise<Answer> => {
    const signed = signatureOf(request)
    const service = serviceOf(request, signed)
    try {
      const refused = refusedBy(service, request, { credentials, now })
      if (refused) throw refused
      const body = await service.answer(request, callerOf(signed, credentials, requestId))
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

const pathOf = ({ url = '/' }: IncomingMessage): string => url.split('?', 1)[0] ?? '/'

async function readRequest(message: IncomingMessage): Promise<WireRequest> {
  const { method = 'GET', url = '/', headers } = message
  const start = url.indexOf('?')
  return { method, query: start < 0 ? '' : url.slice(start + 1), headers, body: await readBody(message) }
}

/** Errors: RequestEntityTooLarge (413), IncompleteBody. What is beyond the limit is read and dropped. */
async function readBody(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  let length = 0
  try {
    for await (const chunk of message as AsyncIterable<Buffer>) {
      length += chunk.length
      if (length <= bodyLimit) chunks.push(chunk)
      else chunks.length = 0
    }
  } catch {
    throw new ApiError('IncompleteBody', 'The request ended before its body was complete.')
  }
  if (length > bodyLimit) throw new ApiError('RequestEntityTooLarge', `A request may have ${bodyLimit} bytes.`, 413)
  return Buffer.concat(chunks)
}

function send(response: ServerResponse, { status, contentType, body }: Answer, requestId: string): void {
  // The client may have gone, and then nobody is there to be told.
  if (response.destroyed) return
  response.writeHead(status, {
    'content-type': contentType,
    'content-length': Buffer.byteLength(body),
    'x-amzn-requestid': requestId,
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  })
  response.end(body)
}
