/** What the API's HTTP server answers with: the services, and the two routes of Isthmus's own. */
import type { Server } from 'node:http'
import { createServer, type Server as SocketServer } from 'node:net'
import { publicParameter } from '../ec2/image.ts'
import { pushKey } from '../ec2/instance-connect.ts'
import { actions } from '../ec2/registry.ts'
import type { Engine } from '../engines/engine.ts'
import type { Services } from '../protocol/directory.ts'
import type { PushPublicKey } from '../protocol/instance-connect.ts'
import type { Routes } from '../protocol/http.ts'
import { type Logins, logins } from './connect.ts'
import type { ControlPlane } from './control-plane.ts'
import type { Journal } from './journal.ts'
import { StartError } from './start-error.ts'
import { VERSION } from './version.ts'

/** SendSSHPublicKey on the state of `plane`. */
const pushKeyInto =
  (plane: ControlPlane): PushPublicKey =>
  (push, caller) =>
    plane.carryOut(caller, (context) => pushKey(context, push))

/** Logins to the instances of `plane`; each attempt is noted. */
export const loginsInto = (plane: ControlPlane, { host }: Engine, { note }: Journal, timeout?: number): Logins =>
  logins({
    host,
    state: () => plane.state,
    pushKey: pushKeyInto(plane),
    note,
    ...(timeout !== undefined && { timeout }),
  })

export const services = (plane: ControlPlane): Services => ({
  ec2: {
    carriesOut: (action) => Object.hasOwn(actions, action),
    perform: (action, input, caller) => plane.perform(action, input, caller),
  },
  parameters: publicParameter,
  instanceConnect: pushKeyInto(plane),
})

export const routes = (plane: ControlPlane, engine: Engine, allowReset: boolean): Routes => ({
  'GET /_isthmus/health': () => ({
    status: 200,
    body: {
      status: 'ok',
      version: VERSION,
      engine: engine.name,
      revision: plane.revision,
      reached: engine.reached,
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

/**
 * Listens on loopback and answers which port it is; 0 takes a free one. `socket` is one that listens there already, in
 * a network that may be another than this process's. Throws StartError.
 */
export function listen(server: SocketServer, port: number, socket?: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(
        error.code === 'EADDRINUSE'
          ? new StartError(`Port ${port} is in use: choose another with --port, or stop what uses it.`)
          : new StartError(`Port ${port} cannot be used (${error.message}): choose another with --port.`),
      )
    })
    const where = socket === undefined ? { port, host: '127.0.0.1' } : { fd: socket }
    server.listen(where, () => resolve((server.address() as { port: number }).port))
  })
}

/** Answers at this port of the process's own network, too, where `server` listens in another. Throws StartError. */
export async function listenHere(server: Server, port: number): Promise<{ close(): unknown }> {
  const here = createServer((socket) => void server.emit('connection', socket))
  await listen(here, port)
  return here
}

/** Ends the server and every connection to it. */
export const closed = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
