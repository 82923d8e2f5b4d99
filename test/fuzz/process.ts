/** A server as a process of its own, as `isthmus up` starts it: what it answers and logs is seen, and no more. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ask, served } from '../server/bench.ts'
import { connection, type Target } from './wire.ts'

export async function processTarget(): Promise<Target> {
  const stateDir = mkdtempSync(join(tmpdir(), 'isthmus-fuzz-'))
  const ends: (() => unknown)[] = []
  const server = await served({ after: (end) => void ends.push(end as () => unknown) }, stateDir)
  const client = connection(Number(new URL(server.endpoint).port))
  let heard = 0
  return {
    revision: 0,
    hasNetworkChanged: () => false,
    logged() {
      const log = server.log().slice(heard)
      heard += log.length
      return log === '' ? [] : log.trimEnd().split('\n')
    },
    pass: () => {},
    send: client.send,
    async realize() {
      const { status, body } = await ask({ stateDir }, 'GET', '/status')
      if (status !== 200 || body.failure !== undefined) throw new Error(`the server says ${JSON.stringify(body)}`)
    },
    async close() {
      client.close()
      for (const end of ends) await end()
      rmSync(stateDir, { recursive: true, force: true })
    },
  }
}
