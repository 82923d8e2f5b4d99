/** Two servers on one machine, and a link of somebody else's that leads to the first one's addresses. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ask, caughtUp, type Served, served, statusOf } from './bench.ts'
import { footprint } from './machine.ts'

const folders = ['a', 'b'].map((name) => mkdtempSync(join(tmpdir(), `isthmus-${name}-`))) as [string, string]
const ends: (() => unknown)[] = []

/** Both are up before either has anything in it. */
async function start(stateDir: string): Promise<Served> {
  const server = await served({ after: (end) => void ends.push(end as () => unknown) }, stateDir, { sim: false })
  await caughtUp(stateDir)
  return server
}

async function stop(server: Served): Promise<void> {
  await ask({ stateDir: server.stateDir }, 'POST', '/stop', { body: {} })
  await server.ended
}

const a = await start(folders[0])
const b = await start(folders[1])
const pools = await Promise.all(folders.map(async (folder) => (await statusOf(folder)).publicPool))
const routed = footprint().routes?.map((route) => route.split(' ')[0]) ?? []
await stop(a)
execFileSync('ip', ['link', 'add', 'vpn0', 'type', 'veth', 'peer', 'name', 'vpn1'])
for (const link of ['vpn0', 'vpn1']) execFileSync('ip', ['link', 'set', link, 'up'])
execFileSync('ip', ['route', 'add', '198.18.0.0/15', 'dev', 'vpn0'])
const refusal = await start(folders[0]).then(
  () => 'started',
  (error: Error) => error.message,
)
execFileSync('ip', ['link', 'del', 'vpn0'])
await stop(await start(folders[0]))
await stop(b)
for (const end of ends) await end()
for (const folder of folders) rmSync(folder, { recursive: true, force: true })
process.stdout.write(`${JSON.stringify({ pools, routed, refusal })}\n`)
