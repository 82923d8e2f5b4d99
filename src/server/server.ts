/** One server: a state, an engine, the API on loopback and the owner's socket, wired together. */
import { readFileSync, rmSync } from 'node:fs'
import type { Server } from 'node:http'
import { actions } from '../ec2/registry.ts'
import { publicParameter } from '../ec2/image.ts'
import type { Engine } from '../engines/engine.ts'
import type { Prefix } from '../ip/prefix.ts'
import { parseCredentials } from '../protocol/credentials.ts'
import type { Services } from '../protocol/directory.ts'
import { createHttpServer, type Routes } from '../protocol/http.ts'
import { sqliteStore } from '../store/sqlite.ts'
import { type Store, StoreError } from '../store/store.ts'
import { chooseEngine } from './choose-engine.ts'
import { type ControlPlane, controlPlane, newTag } from './control-plane.ts'
import { type Control, controlSocket } from './control-socket.ts'
import { hostAddressOf, publicPool } from './public-pool.ts'
import { type Reconciler, reconciler } from './reconciler.ts'
import { isServed, makeStateDir, readNote, removeNote, type StateDir, stateDir, writeNote } from './state-dir.ts'
import { VERSION } from './version.ts'

export interface ServerOptions {
  readonly stateDir: string
  readonly port: number
  readonly sim: boolean
  /** A file in the AWS credentials-file format; without it any signature is taken. */
  readonly authFile?: string
  readonly allowReset: boolean
  readonly log: (line: string) => void
}

export interface RunningServer {
  readonly endpoint: string
  readonly engine: { readonly name: Engine['name']; readonly why: readonly string[] }
  stop(options: { purge: boolean }): Promise<void>
  /** Resolves when the server has stopped, whoever asked for it. */
  readonly stopped: Promise<void>
}

/** The server can not start; the message is one sentence that says what to do. */
export class StartError extends Error {
  override name = 'StartError'
}

/** Starts a server. Throws StartError. */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const dir = stateDir(options.stateDir)
  makeStateDir(dir)
  if (await isServed(dir))
    throw new StartError(
      `A server already uses ${dir.path} (process ${readNote(dir)?.pid}): stop it with \`isthmus down\`, or ` +
        'choose another folder with --state.',
    )
  const credentials = options.authFile === undefined ? undefined : readCredentials(options.authFile)
  const store = openStore(dir)
  try {
    return await assemble(options, dir, store, credentials)
  } catch (error) {
    store.close()
    throw error
  }
}

async function assemble(
  options: ServerOptions,
  dir: StateDir,
  store: Store,
  credentials: ReturnType<typeof parseCredentials> | undefined,
): Promise<RunningServer> {
  const pool = await publicPool(store)
  const tag = tagOf(store)
  const { log } = options
  let reconcile: Reconciler | undefined
  const plane = controlPlane({ store, publicPool: pool, now: Date.now, onCommit: () => reconcile?.wake() })
  const http = createHttpServer(services(plane), {
    routes: routes(options, plane, () => engine),
    log,
    ...(credentials && { credentials }),
  })
  const port = await listen(http, options.port)
  const { engine, why } = await chooseEngine(options.sim, {
    tag,
    stateDir: dir.path,
    hostLink: { pool, hostAddress: hostAddressOf(pool) },
    log,
  }).catch((error: unknown) => {
    http.close()
    throw error
  })
  reconcile = reconciler(plane, engine, log)
  const endpoint = `http://127.0.0.1:${port}`
  const ended = Promise.withResolvers<void>()
  const stop = once(async ({ purge }: { purge: boolean }) => {
    await reconcile?.stop()
    await engine.close()
    await closed(http)
    store.close()
    removeNote(dir)
    if (purge) rmSync(dir.path, { recursive: true, force: true })
    // After the answer to whoever asked for the stop has been sent.
    setImmediate(() => control.close(() => ended.resolve()).closeAllConnections())
  })
  const control = await controlSocket(
    dir.socket,
    controlOf({ plane, engine, reconcile, stop, why, endpoint, dir, pool }),
  )
  writeNote(dir, { pid: process.pid, port, endpoint, version: VERSION, startedAt: Date.now() })
  reconcile.wake()
  return { endpoint, engine: { name: engine.name, why }, stop, stopped: ended.promise }
}

interface Parts {
  readonly plane: ControlPlane
  readonly engine: Engine
  readonly reconcile: Reconciler
  readonly stop: (options: { purge: boolean }) => Promise<void>
  readonly why: readonly string[]
  readonly endpoint: string
  readonly dir: StateDir
  readonly pool: Prefix
}

const controlOf = ({ plane, engine, reconcile, stop, why, endpoint, dir, pool }: Parts): Control => ({
  engine,
  status: () => ({
    pid: process.pid,
    version: VERSION,
    endpoint,
    stateDir: dir.path,
    engine: { name: engine.name, why },
    revision: plane.revision,
    reached: engine.reached,
    publicPool: pool,
    ...(engine.name === 'linux' && { hostAddress: hostAddressOf(pool) }),
  }),
  wait: (revision, timeout) => reconcile.reached(revision ?? plane.revision, timeout),
  stop,
})

const services = (plane: ControlPlane): Services => ({
  ec2: {
    carriesOut: (action) => Object.hasOwn(actions, action),
    perform: (action, input, caller) => plane.execute(action, input, caller),
  },
  parameters: publicParameter,
})

const routes = ({ allowReset }: ServerOptions, plane: ControlPlane, engine: () => Engine): Routes => ({
  'GET /_isthmus/health': () => ({
    status: 200,
    body: {
      status: 'ok',
      version: VERSION,
      engine: engine().name,
      revision: plane.revision,
      reached: engine().reached,
    },
  }),
  'POST /_isthmus/reset': () => {
    if (!allowReset)
      return {
        status: 403,
        body: { error: 'Start the server with --allow-reset to allow this: it deletes everything.' },
      }
    plane.reset()
    return { status: 200, body: { status: 'reset' } }
  },
})

function openStore(dir: StateDir): Store {
  try {
    return sqliteStore(dir.database)
  } catch (error) {
    throw error instanceof StoreError ? new StartError(error.message) : error
  }
}

function readCredentials(file: string): ReturnType<typeof parseCredentials> {
  try {
    return parseCredentials(readFileSync(file, 'utf8'))
  } catch (error) {
    throw new StartError(`The credentials in ${file} cannot be read (${(error as Error).message}).`)
  }
}

/** The state's own name, part of every namespace's name: two servers never meet. */
function tagOf(store: Store): string {
  const tag = store.meta('tag') ?? `isthmus-${newTag()}`
  store.setMeta('tag', tag)
  return tag
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(
        error.code === 'EADDRINUSE'
          ? new StartError(`Port ${port} is in use: choose another with --port, or stop what uses it.`)
          : new StartError(`Port ${port} cannot be used (${error.message}): choose another with --port.`),
      )
    })
    server.listen(port, '127.0.0.1', () => resolve((server.address() as { port: number }).port))
  })
}

const closed = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })

/** The same promise for every later call. */
function once<A, T>(work: (argument: A) => Promise<T>): (argument: A) => Promise<T> {
  let result: Promise<T> | undefined
  return (argument) => {
    result ??= work(argument)
    return result
  }
}
