/** Servers of one test: processes with folders of their own, and what the tests say to them. */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { after, type TestContext } from 'node:test'
import { fileURLToPath } from 'node:url'
import { type Ec2, ec2 } from '../../src/client/ec2-client.ts'
import { identityOf } from '../../src/client/sign.ts'
import { type RunningServer, type ServerOptions, startServer } from '../../src/server/server.ts'

const program = fileURLToPath(new URL('serve.ts', import.meta.url))

export const ACCOUNT = '123456789012'
export const clientOf = (endpoint: string, account = ACCOUNT, region = 'us-east-1'): Ec2 =>
  ec2(endpoint, { region, identity: identityOf(account) })

/** Whose end things are made for: one test, or a whole `describe` (see `suite`). */
type Ending = Pick<TestContext, 'after'>

/** The end of the `describe` that this is called in. */
export function suite(): Ending {
  const work: (() => unknown)[] = []
  after(async () => {
    for (const each of work.reverse()) await each()
  })
  return { after: (each) => void work.push(each as () => unknown) }
}

/** A folder that is gone after the test. */
export function folder(t: Ending): string {
  const path = mkdtempSync(join(tmpdir(), 'isthmus-server-'))
  t.after(() => rmSync(path, { recursive: true, force: true }))
  return path
}

export interface Served {
  readonly endpoint: string
  readonly stateDir: string
  readonly process: ChildProcess
  /** Everything that was logged. */
  log(): string
  /** Resolves with the exit code, or the signal, of the process. */
  readonly ended: Promise<number | string>
  /** As a power cut ends it. */
  killed(): Promise<void>
}

/** A server that did not start: what it said. */
export class NotStarted extends Error {}

/** Starts a server on a simulator, or as `options` say; it is killed after the test. Throws NotStarted. */
export async function served(
  t: Ending,
  stateDir: string,
  options: Partial<ServerOptions> & { readonly quotas?: Readonly<Record<string, number>> } = {},
): Promise<Served> {
  const words = JSON.stringify({ stateDir, ...options })
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', program, words], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  t.after(async () => {
    child.kill('SIGKILL')
    await ended
    // The end of a folder may have come before: what the server has written since goes as well.
    rmSync(stateDir, { recursive: true, force: true })
  })
  let log = ''
  child.stderr.on('data', (data: Buffer) => {
    log += data.toString()
  })
  const ended = new Promise<number | string>((resolve) =>
    child.on('close', (code, signal) => resolve(code ?? signal ?? '')),
  )
  const line = new Promise<string>((resolve) => createInterface({ input: child.stdout }).once('line', resolve))
  const first = await Promise.race([line, ended.then(() => undefined)])
  if (first === undefined) throw new NotStarted(log.trim())
  const { endpoint } = JSON.parse(first) as { endpoint: string }
  return {
    endpoint,
    stateDir,
    process: child,
    log: () => log,
    ended,
    async killed() {
      child.kill('SIGKILL')
      await ended
    },
  }
}

export interface Reply {
  readonly status: number
  readonly body: Record<string, unknown>
  readonly text: string
}

/** One request, to a URL or to the owner's socket of a state, with a body of JSON if one is given. */
export function ask(
  to: { url: string } | { stateDir: string },
  method: string,
  path: string,
  { headers = {}, body }: { headers?: Record<string, string>; body?: unknown } = {},
): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const where =
      'url' in to
        ? { host: '127.0.0.1', port: new URL(to.url).port }
        : { socketPath: join(to.stateDir, 'control.sock') }
    const outgoing = request({ ...where, method, path, headers, agent: false }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('error', reject)
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString()
        const isJson = response.headers['content-type'] === 'application/json'
        resolve({ status: response.statusCode ?? 0, text, body: isJson ? JSON.parse(text) : {} })
      })
    })
    outgoing.on('error', reject)
    outgoing.end(body === undefined ? undefined : JSON.stringify(body))
  })
}

/** What a server says of itself. */
export const statusOf = async (stateDir: string): Promise<Record<string, unknown>> =>
  (await ask({ stateDir }, 'GET', '/status')).body

/** Resolves once what was asked for is in force. */
export async function caughtUp(stateDir: string): Promise<void> {
  const { status, text } = await ask({ stateDir }, 'GET', '/wait?timeout=20000')
  if (status !== 200) throw new Error(`not in force after 20 s: ${text}`)
}

/** A server within this process, on the simulator unless told otherwise; it is stopped after the test. */
export async function running(
  t: Ending,
  options: Partial<ServerOptions> = {},
): Promise<RunningServer & { readonly stateDir: string; readonly logged: readonly string[] }> {
  const logged: string[] = []
  const stateDir = options.stateDir ?? folder(t)
  const log = (line: string) => void logged.push(line)
  const server = await startServer({ stateDir, port: 0, sim: true, allowReset: false, log, ...options })
  t.after(() => server.stop({ purge: false }))
  return { ...server, stateDir, logged }
}
