/** What the commands for snapshots ask of the owner's socket: to take one in, and who is known. */
import type { ClientRequest } from 'node:http'
import { socketOf } from '../client/control.ts'
import { askSocket } from '../client/socket-request.ts'
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

async function ask(
  stateDir: string,
  method: 'GET' | 'POST',
  path: string,
  write: Parameters<typeof askSocket>[3],
): Promise<unknown> {
  const { status, body } = await askSocket(socketOf(stateDir), method, path, write)
  if (status === 200) return body
  throw new Failure((body as { error?: string }).error ?? `The server refused (${status}).`)
}
