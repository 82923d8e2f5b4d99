/** The servers that are measured: Isthmus, and moto where it is installed. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { Connection, requestOf } from './load.ts'

/** A server that answers. */
export interface Peer {
  readonly name: 'isthmus' | 'moto'
  readonly port: number
  /** From its start to its first answer, in milliseconds. */
  readonly firstAnswer: number
  /** What it holds in memory, in megabytes. */
  memory(): number
  /** The answer to one call. */
  call(parameters: Readonly<Record<string, string>>): Promise<string>
  stop(): Promise<void>
}

const main = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url))

/** Beyond AWS's first quotas, as moto has none. */
const QUOTAS = { vpcs: 1e6, securityGroups: 1e6, networkInterfaces: 1e6, rulesPerSecurityGroup: 1e5 }

/** Isthmus with a state of its own; with `--sim` in `flags` as records only. */
export async function isthmus(...flags: readonly string[]): Promise<Peer & { readonly stateDir: string }> {
  const stateDir = mkdtempSync(join(tmpdir(), 'isthmus-bench-'))
  const quotas = Object.entries(QUOTAS).flatMap(([name, number]) => ['--quota', `${name}=${number}`])
  const port = await freePort()
  const words = ['up', '--state', stateDir, '--port', String(port), ...quotas, ...flags]
  const args = ['--disable-warning=ExperimentalWarning', main, ...words]
  const peer = await started('isthmus', port, process.execPath, args)
  return {
    ...peer,
    stateDir,
    async stop() {
      await peer.stop()
      rmSync(stateDir, { recursive: true, force: true })
    },
  }
}

/** moto's server; undefined where it is not installed. */
export async function moto(): Promise<Peer | undefined> {
  if (spawnSync('moto_server', ['--help'], { stdio: 'ignore' }).status !== 0) return undefined
  const port = await freePort()
  return started('moto', port, 'moto_server', ['-p', String(port)])
}

async function started(name: Peer['name'], port: number, command: string, args: readonly string[]): Promise<Peer> {
  const began = performance.now()
  const child = spawn(command, args, { stdio: 'ignore' })
  const ended = once(child, 'exit')
  const connection = new Connection(port)
  const call: Peer['call'] = (parameters) => connection.ask(requestOf(port, parameters))
  await answering(call, child)
  const firstAnswer = performance.now() - began
  return {
    name,
    port,
    firstAnswer,
    call,
    memory: () => memoryOf(child.pid ?? 0),
    async stop() {
      connection.close()
      child.kill('SIGTERM')
      await ended
    },
  }
}

async function answering(call: Peer['call'], child: ChildProcess): Promise<void> {
  const deadline = performance.now() + 60_000
  while (child.exitCode === null && performance.now() < deadline) {
    const answered = await call({ Action: 'DescribeRegions' }).catch(() => undefined)
    if (answered !== undefined) return
    await sleep(5)
  }
  child.kill('SIGKILL')
  throw new Error(`${child.spawnargs.join(' ')} does not answer`)
}

/** Megabytes of a process, pages that it shares divided among those who share them. */
function memoryOf(pid: number): number {
  const line = /^Pss:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))
  return Math.round(Number(line?.[1] ?? 0) / 1024)
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  server.close()
  await once(server, 'close')
  return port
}
