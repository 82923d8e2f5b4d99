/**
 * Terminals of the console's pages: a WebSocket joined to a login by EC2 Instance Connect, or to a serial console.
 *
 * A page asks first, in a text message: {instance, user, terminal: {columns, rows}, endpoint}. It hears `opened`,
 * or `failed` (a sentence for people); then output, in binary messages, and `exit` at the end. It sends input in binary
 * messages, `resize`, and `shown`: how much of the output it has shown. A page that has gone ends what it has begun.
 */
import type { RawData, WebSocket } from 'ws'
import type { State } from '../ec2/state.ts'
import type { Host, Running } from '../engines/engine.ts'
import { type Logins, running } from './connect.ts'
import type { Journal } from './journal.ts'
import { overheard } from './overheard.ts'
import { inputOf, isText, parsed, terminalSize } from './upgrade.ts'

export interface TerminalOptions {
  readonly host: Pick<Host, 'spawn' | 'console'>
  readonly logins: Pick<Logins, 'login'>
  readonly state: () => State
  /** Told of pings on a serial console; those on logins are told by these. */
  readonly note: Journal['note']
  /** Resolves once what has been asked for is in force, or it takes too long. */
  readonly inForce: () => Promise<unknown>
}

export interface Terminals {
  /** Path → what speaks there. */
  readonly sockets: Readonly<Record<string, (socket: WebSocket) => void>>
  /** Ends them all. */
  close(): void
}

type Asked = Readonly<Record<string, unknown>>
type Open = (asked: Asked) => Running | Promise<Running>

export function terminals(options: TerminalOptions): Terminals {
  const { logins, inForce } = options
  const open = new Set<WebSocket>()
  const joined = (begin: Open) => (socket: WebSocket) => {
    open.add(socket)
    socket.once('close', () => open.delete(socket))
    join(socket, async (asked) => {
      await inForce()
      return begin(asked)
    })
  }
  return {
    sockets: {
      '/_isthmus/terminal': joined((asked) => logins.login(asked)),
      '/_isthmus/serial': joined((asked) => serialConsole(options, asked)),
    },
    close() {
      for (const socket of open) socket.terminate()
    },
  }
}

/** What the console has said, and a login shell beside it, with no network in between. */
function serialConsole({ host, state, note }: TerminalOptions, { instance, user, terminal }: Asked): Running {
  const size = terminalSize(terminal)
  if (!isText(instance) || !isText(user) || !/^[a-z_][\w-]*$/.test(user) || !size)
    throw new Error('A serial console is asked for by {"instance": string, "user": string, "terminal": {...}}.')
  const { id } = running(state(), instance)
  const shell = overheard(host.spawn(id, ['su', '-', user], { terminal: size }), { note, state, node: id })
  const output = host.console(id)?.output
  if (!output) return shell
  return {
    ...shell,
    onOutput(listener) {
      listener(
        'stdout',
        Buffer.from(`${Buffer.from(output).toString('latin1').replace(/\r?\n/g, '\r\n')}\r\n`, 'latin1'),
      )
      shell.onOutput(listener)
    },
  }
}

function join(socket: WebSocket, open: Open): void {
  const say = (message: object) => {
    if (socket.readyState === socket.OPEN) socket.send(JSON.stringify(message))
  }
  let gone = false
  socket.on('error', () => {})
  socket.once('close', () => {
    gone = true
  })
  socket.once('message', async (data, isBinary) => {
    try {
      const session = await open(isBinary ? {} : parsed(String(data)))
      if (gone) return session.kill('SIGKILL')
      say({ opened: true })
      carry(socket, session, say)
    } catch (error) {
      say({ failed: (error as Error).message })
      socket.close()
    }
  })
}

/** Bytes of output that a page may have before it: more are held back until it has shown some. */
const WINDOW = 1 << 18

function carry(socket: WebSocket, session: Running, say: (message: object) => void): void {
  let ended = false
  let waiting = 0
  const pass = inputOf(
    session,
    () => {},
    (full) => (full ? socket.pause() : socket.resume()),
  )
  const shown = (bytes: number) => {
    waiting -= bytes
    if (waiting <= WINDOW) session.hold?.(false)
  }
  session.onOutput((_, data) => {
    if (socket.readyState !== socket.OPEN) return
    waiting += data.length
    if (waiting > WINDOW) session.hold?.(true)
    socket.send(data, { binary: true })
  })
  socket.on('message', (data: RawData, isBinary) => {
    if (ended) return
    if (isBinary) return pass(data as Buffer)
    const message = parsed(String(data))
    const size = terminalSize(message.resize)
    if (size) session.resize?.(size)
    if (typeof message.shown === 'number') shown(message.shown)
  })
  socket.once('close', () => {
    if (ended) return
    session.kill('SIGKILL')
    // Nobody reads its last words, but it has to be able to say them.
    session.hold?.(false)
  })
  session.exit.then(
    (exit) => {
      ended = true
      say({ exit })
      socket.close()
    },
    () => {
      ended = true
      socket.terminate()
    },
  )
}
