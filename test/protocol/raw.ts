/** A client that writes bytes to the server's port, as no HTTP library would. */
import { connect, type Socket } from 'node:net'

export interface Raw {
  readonly socket: Socket
  write(text: string | Buffer): void
  /** What has come so far. */
  said(): string
  /** All that came, once the server has closed the connection. */
  readonly closed: Promise<string>
  /** Resolves once `text` has come; rejects where the connection is closed before. */
  says(text: string): Promise<void>
}

export function raw(port: number): Raw {
  const socket = connect(port, '127.0.0.1')
  socket.setNoDelay(true)
  let text = ''
  const waiting = new Set<() => void>()
  const look = (): void => {
    for (const each of waiting) each()
  }
  socket.on('data', (data: Buffer) => {
    text += data.toString('latin1')
    look()
  })
  // A reset is an end like any other here.
  socket.on('error', () => {})
  const closed = new Promise<string>((resolve) => socket.once('close', () => resolve(text)))
  socket.on('close', look)
  return {
    socket,
    write: (data) => void socket.write(data),
    said: () => text,
    closed,
    says: (wanted) =>
      new Promise((resolve, reject) => {
        const check = (): void => {
          const has = text.includes(wanted)
          if (!has && !socket.destroyed) return
          waiting.delete(check)
          if (has) resolve()
          else reject(new Error(`closed before ${wanted} came: ${text}`))
        }
        waiting.add(check)
        check()
      }),
  }
}

/** What the server says to these bytes, and that nothing follows them, until it closes the connection. */
export function answerTo(port: number, bytes: string | Buffer): Promise<string> {
  const client = raw(port)
  client.socket.end(bytes)
  return client.closed
}

export interface Head {
  readonly method?: string
  readonly url?: string
  readonly version?: string
  readonly headers?: readonly string[]
  /** Bytes the body is said to have; no body where it is not given. */
  readonly length?: number
}

/** The head of a request, with the empty line at its end. */
export function head({ method = 'POST', url = '/', version = '1.1', headers = [], length }: Head = {}): string {
  const said = length === undefined ? [] : [`Content-Length: ${length}`]
  return [`${method} ${url} HTTP/${version}`, 'Host: localhost', ...headers, ...said, '', ''].join('\r\n')
}

/** A whole POST of a form, which the server closes the connection after. */
export const post = (form: string, headers: readonly string[] = ['Connection: close']): string =>
  `${head({ headers, length: Buffer.byteLength(form) })}${form}`
