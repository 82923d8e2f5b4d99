/**
 * One server: a state, an engine, the API on loopback and the owner's socket, wired together.
 *
 * Invariants: one server a state; a start that fails leaves what it found; a stop goes on where a part of it fails.
 */
import { readFileSync } from 'node:fs'
import type { Engine } from '../engines/engine.ts'
import type { HostLink } from '../engines/linux/render.ts'
import type { Prefix } from '../ip/prefix.ts'
import { type Credentials, parseCredentials } from '../protocol/credentials.ts'
import { createHttpServer } from '../protocol/http.ts'
import { sqliteStore } from '../store/sqlite.ts'
import { type Store, StoreError } from '../store/store.ts'
import { closed, listen, listenHere, loginsInto, routes, services } from './api.ts'
import { type Checks, checks } from './checks.ts'
import { chooseEngine } from './choose-engine.ts'
import { type ControlPlane, controlPlane, newTag } from './control-plane.ts'
import type { Logins } from './connect.ts'
import { consoleOf, tokenOf } from './console.ts'
import { controlSocket } from './control-socket.ts'
import { liveOf } from './live/live.ts'
import { type News, news } from './news.ts'
import { importSnapshot } from './import.ts'
import { heedEnds, keeperOf, servicesOf } from './instances.ts'
import { type Journal, journal } from './journal.ts'
import { labs } from './labs.ts'
import { type Opened, opened } from './opened.ts'
import { hostAddressOf, publicPool } from './public-pool.ts'
import { purgeState } from './purge.ts'
import { type Reconciler, reconciler } from './reconciler.ts'
import type { Rootless } from './rootless.ts'
import { StartError } from './start-error.ts'
import { isKind, liveSnapshots, type StateSnapshots } from './state-snapshot.ts'
import { isServed, makeStateDir, readNote, removeNote, type StateDir, stateDir, writeNote } from './state-dir.ts'
import { terminals } from './terminals.ts'
import { VERSION } from './version.ts'

export interface ServerOptions {
  readonly stateDir: string
  readonly port: number
  readonly sim: boolean
  /** A file in the AWS credentials-file format; without it any signature is taken. */
  readonly authFile?: string
  readonly allowReset: boolean
  /** A folder of labs that its pages offer beside those that come with Isthmus. */
  readonly labs?: string
  /** Where it runs without privilege, in namespaces of its user's own. */
  readonly rootless?: Rootless
  /** Why it does not, where the machine does not allow it. */
  readonly notRootless?: readonly string[]
  /** Milliseconds until a login that nobody answers is given up. */
  readonly loginTimeout?: number
  readonly log: (line: string) => void
}

export interface RunningServer {
  readonly endpoint: string
  /** The web console's address, with the token that lets its pages in. */
  readonly console: string
  readonly engine: { readonly name: Engine['name']; readonly why: readonly string[] }
  /** Takes everything down. Throws what could not be; the server has ended all the same. */
  stop(options: { purge: boolean }): Promise<void>
  /** Resolves when the server has stopped, whoever asked for it; rejects where not everything could be taken down. */
  readonly stopped: Promise<void>
}

/** Milliseconds that a terminal waits for what has been asked for to be in force. */
const IN_FORCE_TIMEOUT = 10_000

/** Starts a server. Throws StartError. */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const dir = stateDir(options.stateDir)
  makeStateDir(dir)
  if (await isServed(dir))
    throw new StartError(
      `A server already uses ${dir.path} (process ${readNote(dir)?.pid}): stop it with \`isthmus down\`, ` +
        'or choose another folder with --state.',
    )
  const parts = opened()
  try {
    return await assemble(options, dir, parts)
  } catch (error) {
    await parts.close().catch((also: unknown) => options.log(`And it could not be closed: ${also}`))
    throw error
  }
}

/** A server whose parts work together, and which nobody can stop as yet. */
interface Assembled {
  readonly dir: StateDir
  readonly engine: Engine
  readonly why: readonly string[]
  readonly plane: ControlPlane
  readonly checks: Checks
  readonly snapshots: StateSnapshots
  readonly events: Journal
  readonly login: Logins
  readonly reconcile: Reconciler
  readonly pool: Prefix
  /** The link by which this machine reaches public addresses. */
  readonly hostLink?: HostLink
  readonly port: number
  /** What pages of the console show to be let in. */
  readonly token: string
}

async function assemble(options: ServerOptions, dir: StateDir, parts: Opened): Promise<RunningServer> {
  const { log, authFile, allowReset, rootless } = options
  const credentials = authFile === undefined ? undefined : readCredentials(authFile)
  const store = openStore(dir)
  parts.add(() => store.close())
  // Instances that an earlier server left running outlive a start that fails.
  const started = { yet: false }
  rootless?.hold(dir)
  parts.add(() => (started.yet || rootless?.isNew) && rootless?.end(dir))
  const tag = tagOf(store)
  const pool = await publicPool(store, tag)
  // Without privilege this machine's own network is out of reach.
  const link = rootless ? {} : { hostLink: { pool, hostAddress: hostAddressOf(pool) } }
  const answers = servicesOf(() => plane.state)
  const told: News = news()
  const { engine, why } = await chooseEngine(options, { tag, stateDir: dir.path, ...link, log, services: answers })
  parts.add(() => engine.close({ keep: !started.yet }))
  const courses = labs({ stateDir: dir.path, folder: options.labs, changed: told.labWentOn, log })
  parts.add(courses.close)
  const events = courses.heard(journal(Date.now, { noted: told.noted }))
  const plane = controlPlane({
    store,
    journal: events,
    publicPool: pool,
    now: Date.now,
    guests: { console: engine.host.console, health: (id) => keep.health(id) },
    isUp: (id) => keep.isUp(id),
    onCommit: (revision, changes) => {
      reconcile.wake()
      told.changed(revision, changes)
      courses.stir()
    },
    log,
  })
  const keep = keeperOf(plane, engine.host, () => reconcile.stir(), log)
  parts.add(keep.close)
  const reconcile = reconciler(plane, engine, keep, log)
  parts.add(reconcile.stop)
  heedEnds(plane, engine.host, reconcile.stir, log)
  const checking = checks(plane, pool)
  const token = tokenOf(store)
  const login = loginsInto(plane, engine, events, options.loginTimeout)
  const inForce = () => reconcile.reached(plane.revision, IN_FORCE_TIMEOUT)
  const { note } = events
  const shells = terminals({ host: engine.host, logins: login, state: () => plane.state, note, inForce })
  const http = createHttpServer(services(plane), {
    routes: routes(plane, engine, allowReset),
    console: consoleOf({
      token,
      news: told,
      checks: checking,
      terminals: shells,
      revision: () => plane.revision,
      labs: courses.routes,
      live: liveOf({ engine, events, state: () => plane.state }),
      hostAddress: engine.name === 'linux' ? link.hostLink?.hostAddress : undefined,
    }),
    log,
    ...(credentials && { credentials }),
  })
  const port = await listen(http, options.port, rootless?.apiSocket)
  parts.add(() => closed(http))
  // What this process starts itself is in its own network: scripts of labs, and the AWS CLI in them.
  const here = rootless && (await listenHere(http, port))
  parts.add(() => here?.close())
  parts.add(shells.close)
  const snapshots = liveSnapshots(dir, store, plane, Date.now)
  const running = await serve(
    { dir, engine, why, plane, checks: checking, snapshots, events, login, reconcile, pool, port, token, ...link },
    parts,
  )
  started.yet = true
  reconcile.wake()
  return running
}

/** Opens the owner's socket, through which the server can be found and stopped from now on. */
async function serve(assembled: Assembled, parts: Opened): Promise<RunningServer> {
  const { dir, engine, why, plane, checks, snapshots, events, login, reconcile, port, token } = assembled
  const endpoint = `http://127.0.0.1:${port}`
  const console = `${endpoint}/console/#token=${token}`
  const ended = Promise.withResolvers<void>()
  // Who does not ask how it ended is told by `stop`.
  ended.promise.catch(() => {})
  const stop = once(({ purge }: { purge: boolean }) => {
    const closing = parts.close()
    const finish = () =>
      control
        .close()
        .then(() => leave(dir, closing, purge))
        .then(ended.resolve, ended.reject)
    // After the answer to whoever asked for it has been sent.
    return closing.finally(() => setImmediate(finish))
  })
  const control = await controlSocket(dir.socket, {
    engine,
    state: () => plane.state,
    network: () => plane.network(),
    checks,
    logins: login,
    status: () => ({ ...statusOf(assembled, endpoint), console }),
    snapshots,
    events,
    importSnapshot: (body) => importSnapshot(plane, body),
    wait: (revision, timeout) => reconcile.reached(revision ?? plane.revision, timeout),
    stop,
  }).catch((error: Error) => {
    throw new StartError(`Nothing can listen at ${dir.socket} (${error.message}): choose another folder with --state.`)
  })
  writeNote(dir, { pid: process.pid, port, endpoint, version: VERSION, startedAt: Date.now() })
  return { endpoint, console, engine: { name: engine.name, why }, stop, stopped: ended.promise }
}

/** Removes what told others of the server; of one that could not take everything down, its note and state stay. */
async function leave(dir: StateDir, closing: Promise<void>, purge: boolean): Promise<void> {
  await closing
  removeNote(dir)
  if (purge) await purgeState(dir.path)
}

const statusOf = ({ dir, engine, why, plane, reconcile, pool, hostLink }: Assembled, endpoint: string): object => ({
  pid: process.pid,
  version: VERSION,
  endpoint,
  stateDir: dir.path,
  engine: { name: engine.name, why },
  revision: plane.revision,
  reached: engine.reached,
  publicPool: pool,
  ...(engine.name === 'linux' && hostLink && { hostAddress: hostLink.hostAddress }),
  ...(reconcile.failure !== undefined && { failure: reconcile.failure }),
})

function openStore(dir: StateDir): Store {
  try {
    return sqliteStore(dir.database, { knows: isKind })
  } catch (error) {
    throw error instanceof StoreError ? new StartError(error.message) : error
  }
}

function readCredentials(file: string): Credentials {
  try {
    return parseCredentials(readFileSync(file, 'utf8'))
  } catch (error) {
    throw new StartError(`The credentials in ${file} cannot be read (${(error as Error).message}).`)
  }
}

/** The state's own name, part of every namespace's name: two servers never meet. */
function tagOf(store: Store): string {
  const known = store.meta('tag')
  if (known !== undefined) return known
  const tag = `isthmus-${newTag()}`
  store.setMeta('tag', tag)
  return tag
}

/** The same promise for every later call. */
function once<A, T>(work: (argument: A) => Promise<T>): (argument: A) => Promise<T> {
  let result: Promise<T> | undefined
  return (argument) => {
    result ??= work(argument)
    return result
  }
}
