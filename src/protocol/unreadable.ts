/** What is said where a request can not be read as HTTP, or does not come in time; the connection ends with it. */
import { randomUUID } from 'node:crypto'
import { type IncomingMessage, type Server, type ServerResponse, STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { ApiError } from '../ec2/errors.ts'
import { ec2ErrorXml } from './error-xml.ts'

const malformed = new ApiError('MalformedHttpRequest', 'The request is not well-formed HTTP.')
const byCode: Readonly<Record<string, ApiError>> = {
  HPE_HEADER_OVERFLOW: new ApiError('RequestHeaderSectionTooLarge', 'A request may have 16384 bytes of headers.', 431),
  ERR_HTTP_REQUEST_TIMEOUT: new ApiError('RequestTimeout', 'The request did not come within the time it has.', 408),
}
/** Milliseconds. */
const LINGER = 1000

/**
 * Calls `close` once the other end has no more to send, or has had a second for it: a connection that is closed on
 * unread data loses the answer.
 */
export function linger(ending: Duplex | IncomingMessage, close: () => void): void {
  const timer = setTimeout(close, LINGER)
  ending.once('end', close).once('close', () => clearTimeout(timer))
  ending.resume()
}

/** Answers what Node's parser gives up on. */
export function answerUnreadable(server: Server): void {
  /** A connection's requests that are not answered yet. */
  const owed = new WeakMap<Duplex, Map<IncomingMessage, ServerResponse>>()
  const given = new WeakSet<Duplex>()
  server.on('request', note).on('checkContinue', note)
  server.on('clientError', (error: NodeJS.ErrnoException, duplex) => {
    const socket = duplex as Socket
    // Of what still comes the parser complains again.
    if (given.has(socket)) return
    given.add(socket)
    const whole = [...(owed.get(socket) ?? [])].filter(([message]) => message.complete)
    const [, last] = whole.at(-1) ?? []
    // An earlier request of the connection must not hear this in place of its own answer.
    if (last) last.once('close', () => socket.destroySoon())
    else if (error.code === 'ECONNRESET' || !socket.writable) socket.destroy()
    else {
      socket.write(written(byCode[error.code ?? ''] ?? malformed))
      linger(socket, () => socket.destroySoon())
    }
  })

  function note(message: IncomingMessage, response: ServerResponse): void {
    const answers = owed.get(message.socket) ?? new Map<IncomingMessage, ServerResponse>()
    owed.set(message.socket, answers.set(message, response))
    response.once('close', () => answers.delete(message))
  }
}

/** The error as a whole answer, after which the connection ends. */
export function written(error: ApiError): string {
  const body = ec2ErrorXml(error, randomUUID())
  const head = [
    `HTTP/1.1 ${error.status} ${STATUS_CODES[error.status]}`,
    'Content-Type: text/xml;charset=UTF-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
  ]
  return `${head.join('\r\n')}\r\n\r\n${body}`
}
