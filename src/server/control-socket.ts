/** The owner's Unix socket: status, waiting, stopping, probes, explanations, consoles, commands in nodes. */
import { chmodSync, rmSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { Engine } from '../engines/engine.ts'
import { ip } from '../ip/address.ts'
import type { Flow } from '../network/flow.ts'
import type { Network } from '../network/network.ts'
import { serveCapture } from './capture.ts'
import type { Checks } from './checks.ts'
import type { LoginOptions, Logins } from './connect.ts'
import { serveExec } from './exec.ts'
import { answerCheck, answerExplain } from './explain.ts'
import { knownHomes } from './import.ts'
import type { Journal } from './journal.ts'
import { answerReach } from './reach.ts'
import { answerRestore, answerSave, type StateSnapshots } from './state-snapshot.ts'
import type { Upgrade } from './upgrade.ts'

export interface Control {
  readonly engine: Engine
  readonly state: LoginOptions['state']
  /** What the state compiles to. */
  network(): Network
  readonly checks: Checks
  readonly snapshots: StateSnapshots
  readonly events: Journal
  readonly logins: Logins
  status(): object
  /** Resolves to false when `timeout` milliseconds have passed. */
  wait(revision: number | undefined, timeout: number): Promise<boolean>
  stop(options: { purge: boolean }): Promise<void>
  /** Takes a snapshot in, whole or not at all; answers what became of it. */
  importSnapshot(body: AsyncIterable<Buffer>): Promise<object>
}

export interface ControlSocket {
  /** Lets answers that are under way arrive, then ends every connection and every command that hangs on one. */
  close(): Promise<void>
}

interface Answer {
  readonly status: number
  readonly body: unknown
}

type Route = (control: Control, query: URLSearchParams, body: Record<string, unknown>) => Promise<Answer> | Answer

/** What timers can count, in milliseconds: about 24 days. */
const LONGEST_WAIT = 2 ** 31 - 1
const DEFAULT_WAIT = 60_000

const routes: Readonly<Record<string, Route>> = {
  'GET /accounts': ({ state }) => ({ status: 200, body: knownHomes(state()) }),
  'GET /status': (control) => ({ status: 200, body: control.status() }),
  async 'GET /wait'(control, query) {
    const timeout = wholeNumber(query, 'timeout') ?? DEFAULT_WAIT
    const reached = await control.wait(wholeNumber(query, 'revision'), Math.min(timeout, LONGEST_WAIT))
    return { status: reached ? 200 : 504, body: control.status() }
  },
  'GET /journal': ({ events }, query) => ({ status: 200, body: events.since(wholeNumber(query, 'since') ?? 0) }),
  async 'POST /stop'(control, _, body) {
    try {
      await control.stop({ purge: body.purge === true })
      return { status: 200, body: {} }
    } catch (error) {
      return { status: 500, body: { error: (error as Error).message } }
    }
  },
  'GET /console'({ engine }, query) {
    const console = engine.host.console(query.get('node') ?? '')
    if (!console) return { status: 404, body: { error: `${query.get('node')} has no console: it has never been up.` } }
    return { status: 200, body: { output: Buffer.from(console.output).toString('base64'), at: console.at } }
  },
  async 'POST /probe'(control, _, { flow, from, session }) {
    const asked = flow as Flow
    const sent: Flow = { ...asked, source: ip(asked.source), destination: ip(asked.destination) }
    const trace = await control.engine.probe(sent, String(from), session === undefined ? undefined : String(session))
    return { status: 200, body: trace }
  },
  'POST /explain': ({ checks }, _, body) => answerExplain(checks.subject(), body),
  'POST /reach': (control, _, body) => answerReach({ state: control.state(), network: control.network() }, body),
  'POST /snapshot': ({ snapshots }, _, body) => answerSave(snapshots, body),
  'POST /restore': ({ snapshots }, _, body) => answerRestore(snapshots, body),
  'POST /check': ({ checks }, _, body) => answerCheck(checks, body),
}

/** Routes whose body is too large to be one value. */
const streams: Readonly<Record<string, (control: Control, body: AsyncIterable<Buffer>) => Promise<Answer>>> = {
  'POST /import': async (control, body) => ({ status: 200, body: await control.importSnapshot(body) }),
}

/** What connections can be upgraded to: path → the protocol of the same name. */
function upgradesOf({
  engine,
  logins,
  state,
  events,
}: Control): Readonly<Record<string, (upgrade: Upgrade) => unknown>> {
  return {
    '/exec': (upgrade) => serveExec(engine.host, upgrade, { note: events.note, state }),
    '/connect': logins.connect,
    '/tunnel': logins.tunnel,
    '/capture': (upgrade) => serveCapture(engine.host, upgrade),
  }
}

function wholeNumber(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name)
  if (text === null) return undefined
  if (!/^\d{1,16}$/.test(text)) throw new Error(`${name} is not a whole number: ${text}`)
  return Number(text)
}

/** Listens at `path`, for the owner alone. */
export async function controlSocket(path: string, control: Control): Promise<ControlSocket> {
  const server = createServer((request, response) => {
    answer(control, request).then((given) => send(response, given))
  })
  const connections = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    connections.add(socket)
    socket.once('close', () => connections.delete(socket))
  })
  const upgrades = upgradesOf(control)
  server.on('upgrade', (request, socket, head) => {
    const serve = upgrades[request.url ?? '']
    if (serve && request.headers.upgrade === `isthmus-${request.url?.slice(1)}`) serve({ request, socket, head })
    else socket.destroy()
  })
  rmSync(path, { force: true })
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(path, resolve))
  chmodSync(path, 0o600)
  return { close: () => closed(server, connections) }
}

function closed(server: Server, connections: ReadonlySet<Socket>): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    for (const socket of connections) socket.destroySoon()
  })
}

function send(response: ServerResponse, { status, body }: Answer): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}

async function answer(control: Control, request: IncomingMessage): Promise<Answer> {
  try {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://socket')
    const stream = streams[`${request.method} ${pathname}`]
    if (stream) return await stream(control, wholeOf(request))
    const route = routes[`${request.method} ${pathname}`]
    if (!route) return { status: 404, body: { error: `nothing at ${pathname}` } }
    return await route(control, searchParams, await bodyOf(request))
  } catch (error) {
    return { status: 400, body: { error: (error as Error).message } }
  }
}

/** The body piece by piece. Who stops early still lets the rest arrive, so that the answer does, too. */
async function* wholeOf(request: IncomingMessage): AsyncGenerator<Buffer> {
  try {
    yield* request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>
  } finally {
    request.resume()
  }
}

async function bodyOf(request: IncomingMessage): Promise<Record<string, unknown>> {
  const chunks: Buffer[] = []
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk)
  const value: unknown = chunks.length > 0 ? JSON.parse(Buffer.concat(chunks).toString()) : {}
  if (typeof value !== 'object' || value === null) throw new Error('the body is not a JSON object')
  return value as Record<string, unknown>
}
