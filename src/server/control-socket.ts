/** The owner's Unix socket: status, waiting, stopping, probes and commands in nodes. Never on the network. */
import { chmodSync, rmSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { Engine } from '../engines/engine.ts'
import { ip } from '../ip/address.ts'
import type { Flow } from '../network/flow.ts'
import { serveExec } from './exec.ts'

export interface Control {
  readonly engine: Engine
  status(): object
  /** Resolves to false when `timeout` milliseconds have passed. */
  wait(revision: number | undefined, timeout: number): Promise<boolean>
  stop(options: { purge: boolean }): Promise<void>
}

interface Answer {
  readonly status: number
  readonly body: unknown
}

type Route = (control: Control, query: URLSearchParams, body: Record<string, unknown>) => Promise<Answer> | Answer

const routes: Readonly<Record<string, Route>> = {
  'GET /status': (control) => ({ status: 200, body: control.status() }),
  async 'GET /wait'(control, query) {
    const revision = query.has('revision') ? Number(query.get('revision')) : undefined
    const reached = await control.wait(revision, Number(query.get('timeout') ?? 60_000))
    return { status: reached ? 200 : 504, body: control.status() }
  },
  async 'POST /stop'(control, _, body) {
    await control.stop({ purge: body.purge === true })
    return { status: 200, body: {} }
  },
  async 'POST /probe'(control, _, { flow, from, session }) {
    const asked = flow as Flow
    const sent: Flow = { ...asked, source: ip(asked.source), destination: ip(asked.destination) }
    const trace = await control.engine.probe(sent, String(from), session === undefined ? undefined : String(session))
    return { status: 200, body: trace }
  },
}

/** Listens at `path`, for the owner alone. */
export async function controlSocket(path: string, control: Control): Promise<Server> {
  const server = createServer((request, response) => {
    answer(control, request).then(({ status, body }) => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    })
  })
  server.on('upgrade', (request, socket) => {
    if (request.url === '/exec' && request.headers.upgrade === 'isthmus-exec')
      serveExec(control.engine.host, request, socket)
    else socket.destroy()
  })
  rmSync(path, { force: true })
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(path, resolve))
  chmodSync(path, 0o600)
  return server
}

async function answer(control: Control, request: IncomingMessage): Promise<Answer> {
  try {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://socket')
    const route = routes[`${request.method} ${pathname}`]
    if (!route) return { status: 404, body: { error: `nothing at ${pathname}` } }
    const chunks: Buffer[] = []
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk)
    const text = Buffer.concat(chunks).toString()
    return await route(control, searchParams, text ? JSON.parse(text) : {})
  } catch (error) {
    return { status: 400, body: { error: (error as Error).message } }
  }
}
