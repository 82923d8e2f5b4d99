/** A client as fast as can be: HTTP/1.1 by hand over a few connections that stay open, one request at a time on each. */
import { connect, type Socket } from 'node:net'
import { percentile } from './measure.ts'

/** What came of a run of requests. Times in milliseconds. */
export interface Load {
  readonly perSecond: number
  readonly p50: number
  readonly p99: number
  readonly requests: number
}

export interface LoadOptions {
  readonly connections?: number
  /** For how long, in milliseconds; or until `requests` are answered. */
  readonly for?: number
  readonly requests?: number
}

/** A signature that nobody checks, so that the servers do with the header what they do with a real one. */
const CREDENTIAL = 'Credential=123456789012/20261123/us-east-1/ec2/aws4_request'
const AUTHORIZATION = `AWS4-HMAC-SHA256 ${CREDENTIAL}, SignedHeaders=host;x-amz-date, Signature=${'0'.repeat(64)}`

/** The bytes of one call of the EC2 API. */
export function requestOf(port: number, parameters: Readonly<Record<string, string>>): Buffer {
  const body = new URLSearchParams({ Version: '2016-11-15', ...parameters }).toString()
  const head = [
    'POST / HTTP/1.1',
    `Host: 127.0.0.1:${port}`,
    'Content-Type: application/x-www-form-urlencoded; charset=utf-8',
    'X-Amz-Date: 20261123T000000Z',
    `Authorization: ${AUTHORIZATION}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
  ]
  return Buffer.from(`${head.join('\r\n')}\r\n\r\n${body}`)
}

/**
 * One connection; it is closed by `close`, and opened anew where the server closes it after an answer. Errors: an
 * answer other than 200.
 */
export class Connection {
  readonly #port: number
  #socket: Socket | undefined
  #received: Buffer[] = []
  #length = 0
  #whole = 0
  #answered: ((body: string) => void) | undefined
  #failed: ((error: Error) => void) | undefined

  constructor(port: number) {
    this.#port = port
  }

  /** Sends, and resolves with the body of the answer. */
  ask(request: Buffer): Promise<string> {
    return new Promise((resolve, reject) => {
      this.#answered = resolve
      this.#failed = reject
      this.#socket ??= this.#opened()
      this.#socket.write(request)
    })
  }

  close(): void {
    this.#failed = undefined
    this.#socket?.destroy()
  }

  #opened(): Socket {
    const socket = connect(this.#port, '127.0.0.1')
    socket.setNoDelay(true)
    socket.on('data', (chunk: Buffer) => this.#take(chunk))
    socket.on('error', (error) => {
      this.#socket = undefined
      this.#failed?.(error)
    })
    return socket
  }

  #take(chunk: Buffer): void {
    this.#received.push(chunk)
    this.#length += chunk.length
    if (this.#whole === 0) this.#whole = wholeLength(Buffer.concat(this.#received))
    if (this.#whole === 0 || this.#length < this.#whole) return
    const answer = Buffer.concat(this.#received)
    this.#received = []
    this.#length = 0
    this.#whole = 0
    const end = answer.indexOf('\r\n\r\n')
    if (/^connection: *close/im.test(answer.subarray(0, end).toString('latin1'))) {
      this.#socket?.destroy()
      this.#socket = undefined
    }
    if (answer.subarray(9, 12).toString() === '200') this.#answered?.(answer.subarray(end + 4).toString())
    else this.#failed?.(new Error(answer.toString().slice(0, 1000)))
  }
}

/** How long an answer is with its head; 0 while the head is not whole. */
function wholeLength(start: Buffer): number {
  const end = start.indexOf('\r\n\r\n')
  if (end < 0) return 0
  const length = /^content-length: *(\d+)/im.exec(start.subarray(0, end).toString('latin1'))
  if (!length) throw new Error('an answer without a length')
  return end + 4 + Number(length[1])
}

/** A request, or what makes one of the answer to the one before. */
type Step = Buffer | ((before: string) => Buffer)

/** Sends what `request` gives, over and over, on some connections at once. */
export async function load(
  port: number,
  request: (i: number) => Buffer | readonly Step[],
  { connections = 8, for: duration = 3000, requests = Infinity }: LoadOptions = {},
): Promise<Load> {
  const all = Array.from({ length: connections }, () => new Connection(port))
  const times: number[] = []
  let next = 0
  const start = performance.now()
  await Promise.all(
    all.map(async (connection) => {
      while (next < requests && performance.now() - start < duration) {
        const began = performance.now()
        let answer = ''
        for (const step of [request(next++)].flat() as readonly Step[])
          answer = await connection.ask(typeof step === 'function' ? step(answer) : step)
        times.push(performance.now() - began)
      }
    }),
  )
  const seconds = (performance.now() - start) / 1000
  for (const connection of all) connection.close()
  return {
    perSecond: times.length / seconds,
    p50: percentile(times, 0.5),
    p99: percentile(times, 0.99),
    requests: times.length,
  }
}
