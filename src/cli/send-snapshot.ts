/** What the commands for snapshots ask of the owner's socket: to take one in, and who is known. */
import { type ClientRequest, request } from 'node:http'
import { socketOf } from '../client/control.ts'
import { UnreachableError } from '../client/ec2-client.ts'
import type { Home } from '../snapshot/building.ts'
import type { Report } from '../snapshot/report.ts'
import { Failure } from './failure.ts'

/** Sends the lines of a snapshot, a batch at a time. Throws Failure with the server's words where it refuses. */
export const sendSnapshot = (stateDir: string, lines: Iterable<string>): Promise<Report> =>
  ask(stateDir, 'POST', '/import', (outgoing) => send(outgoing, lines)) as Promise<Report>

/** Accounts and the Regions in which they have been. */
export const knownHomes = (stateDir: string): Promise<Home[]> =>
  ask(stateDir, 'GET', '/accounts', (outgoing) => void outgoing.end()) as Promise<Home[]>

async function send(outgoing: ClientRequest, lines: Iterable<string>): Promise<void> {
  for (const line of lines) {
    if (outgoing.destroyed) return
    if (outgoing.write(`${line}\n`)) continue
    // Resolves as well when nobody reads any more; what happened is then said by the answer.
    await new Promise<void>((resolve) => {
      outgoing.once('drain', resolve).once('close', resolve)
    })
  }
  outgoing.end()
}

function ask(
  stateDir: string,
  method: string,
  path: string,
  write: (outgoing: ClientRequest) => void | Promise<void>,
): Promise<unknown> {
  const socketPath = socketOf(stateDir)
  return new Promise((resolve, reject) => {
    const gone = (error: Error) => reject(new UnreachableError(`No server answers at ${socketPath}: ${error.message}`))
    const outgoing = request({ socketPath, method, path, headers: { host: 'localhost' } }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('error', gone)
      response.on('end', () => {
        try {
          const body: unknown = JSON.parse(Buffer.concat(chunks).toString())
          if (response.statusCode === 200) resolve(body)
          else reject(new Failure((body as { error?: string }).error ?? `The server refused (${response.statusCode}).`))
        } catch (error) {
          gone(error as Error)
        }
      })
    })
    outgoing.on('error', gone)
    Promise.resolve(write(outgoing)).catch(gone)
  })
}
