/** One request to the owner's socket of a running server, and its answer. */
import { type ClientRequest, request } from 'node:http'
import { UnreachableError } from './ec2-client.ts'

export interface Answer {
  readonly status: number
  readonly body: unknown
}

/** `write` sends the body, and ends the request. Throws UnreachableError where nobody answers, or not in JSON. */
export function askSocket(
  socketPath: string,
  method: 'GET' | 'POST',
  path: string,
  write: (outgoing: ClientRequest) => void | Promise<void>,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const gone = (error: Error) => reject(new UnreachableError(`No server answers at ${socketPath}: ${error.message}`))
    const outgoing = request({ socketPath, method, path, headers: { host: 'localhost' } }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('error', gone)
      response.on('end', () => {
        try {
          resolve({ status: response.statusCode ?? 0, body: JSON.parse(Buffer.concat(chunks).toString()) })
        } catch (error) {
          gone(error as Error)
        }
      })
    })
    outgoing.on('error', gone)
    Promise.resolve(write(outgoing)).catch(gone)
  })
}
