/** Logins from outside: EC2 Instance Connect as its browser client does it, endpoints, and bare connections. */
import { type Duplex, pipeline } from 'node:stream'
import type { Instance } from '../ec2/instance.ts'
import type { State } from '../ec2/state.ts'
import { DialError, type Host, type Running } from '../engines/engine.ts'
import type { PushPublicKey } from '../protocol/instance-connect.ts'
import type { Journal } from './journal.ts'
import { overheard } from './overheard.ts'
import { freshKeys, type SshError, sshSession, type Wanted } from './ssh-session.ts'
import { accept, askedFor, isText, joinRunning, refuse, terminalSize, type Upgrade } from './upgrade.ts'
import { endpointWay, internetWay, NO_SESSION, serviceWay, type Way } from './way-in.ts'

/** What logins need of a server. */
export interface LoginOptions {
  readonly host: Pick<Host, 'dial'>
  readonly state: () => State
  /** SendSSHPublicKey, as any client calls it. */
  readonly pushKey: PushPublicKey
  /** Told of each attempt to log in. */
  readonly note?: Journal['note']
  /** Milliseconds until who does not answer is given up. */
  readonly timeout?: number
}

export interface Logins {
  /** A session as `connect` opens it. Rejects with a sentence for people. */
  login(asked: Record<string, unknown>): Promise<Running>
  /** A shell or a command, by SSH; see `Connecting` of the client. */
  connect(upgrade: Upgrade): Promise<void>
  /** Bytes to a port and back; see `Tunnelling` of the client. */
  tunnel(upgrade: Upgrade): Promise<void>
}

/** Milliseconds: what an endpoint ends after (I7), and until who does not answer is given up. */
const HOUR = 3_600_000
const DIAL_TIMEOUT = 10_000
const CONNECTIONS_PER_ENDPOINT = 20

export function logins(options: LoginOptions): Logins {
  const dial = dialler(options)
  const login: Logins['login'] = (asked) => notedLogin(options, asked, connect(options, dial, asked))
  return {
    login,
    connect: (upgrade) => joinRunning(upgrade, login),
    async tunnel(upgrade) {
      upgrade.socket.on('error', () => {})
      try {
        const { instance, port, endpoint } = tunnelling(askedFor(upgrade.request))
        const target = running(options.state(), instance)
        const way =
          endpoint === undefined
            ? internetWay(options.state(), target, port)
            : endpointWay(options.state(), target, endpoint, port)
        const connection = await dial(way, port)
        accept(upgrade)
        pipeline(upgrade.socket, connection, upgrade.socket, () => {
          connection.destroy()
          upgrade.socket.destroy()
        })
      } catch (error) {
        refuse(upgrade.socket, error as Error)
      }
    },
  }
}

/** Who could not log in is told why in words of AWS's console, which has no code for it. */
function notedLogin(
  { note, state }: LoginOptions,
  asked: Record<string, unknown>,
  session: Promise<Running>,
): Promise<Running> {
  const at = Date.now()
  const instance = state().get('instance', String(asked.instance))
  const entry = { at, account: instance?.account ?? '', region: instance?.region ?? '', action: 'Connect' }
  const changed = instance ? [instance.id] : []
  session.then(
    () => note?.({ ...entry, ms: Date.now() - at, changed }),
    (error: Error) => note?.({ ...entry, ms: Date.now() - at, error: 'Refused', message: error.message, changed }),
  )
  if (!note) return session
  const { command } = asked
  const typed = Array.isArray(command) && command.every(isText) ? { command } : {}
  return session.then((opened) => overheard(opened, { note, state, node: String(asked.instance), ...typed }))
}

type Dial = (way: Way, port: number) => Promise<Duplex>

async function connect({ state, pushKey }: LoginOptions, dial: Dial, asked: Record<string, unknown>): Promise<Running> {
  const { instance: id, user, endpoint, wanted } = connecting(asked)
  const instance = running(state(), id)
  const way =
    endpoint === undefined ? serviceWay(state(), instance) : endpointWay(state(), instance, endpoint, SSH_PORT)
  const keys = freshKeys()
  const caller = { account: instance.account, region: instance.region, requestId: 'isthmus-connect' }
  pushKey({ instanceId: id, user, publicKey: keys.public }, caller)
  const connection = await dial(way, SSH_PORT)
  const session = await sshSession(connection, { user, privateKey: keys.private }, wanted).catch((error: SshError) => {
    throw new Error(error.why === 'key' ? keyRefused(id, user) : `${NO_SESSION} (${error.message})`)
  })
  return way.note === undefined ? session : noted(session, way.note)
}

const SSH_PORT = 22

const keyRefused = (id: string, user: string): string =>
  `Permission denied (publickey): ${id} does not let ${user} in with the key that was just pushed. Is there a user ` +
  `${user}, and does its sshd ask the metadata service for keys? \`isthmus console\` shows its log and needs no key.`

/** Opens connections; of one endpoint so many at a time, and for an hour (I7). Errors are sentences for people. */
function dialler({ host, timeout = DIAL_TIMEOUT }: LoginOptions): Dial {
  const open = new Map<string, number>()
  const count = (endpoint: string, by: number) => open.set(endpoint, (open.get(endpoint) ?? 0) + by)

  async function through(endpoint: string, connect: () => Promise<Duplex>): Promise<Duplex> {
    if ((open.get(endpoint) ?? 0) >= CONNECTIONS_PER_ENDPOINT)
      throw new Error(
        `${endpoint} has ${CONNECTIONS_PER_ENDPOINT} connections already, which is as many as it can have.`,
      )
    count(endpoint, 1)
    try {
      const connection = await connect()
      const end = setTimeout(() => connection.destroy(), HOUR).unref()
      return connection.once('close', () => {
        clearTimeout(end)
        count(endpoint, -1)
      })
    } catch (error) {
      count(endpoint, -1)
      throw error
    }
  }

  return async ({ node, from, to, endpoint, failures }, port) => {
    const connect = () => host.dial(node, from, to, port, timeout)
    return (endpoint === undefined ? connect() : through(endpoint, connect)).catch((error: unknown) => {
      throw error instanceof DialError ? new Error(failures[error.why]) : error
    })
  }
}

/** The instance of an id, in whichever account and Region. Throws where it is not running. */
export function running(state: State, id: string): Instance {
  const instance = state.get('instance', id)
  if (!instance) throw new Error(`There is no instance ${id}.`)
  if (instance.state !== 'running') throw new Error(`${id} is ${instance.state}: only a running instance lets one in.`)
  return instance
}

/** Says something before the session does. */
const noted = (session: Running, note: string): Running => ({
  ...session,
  onOutput(listener) {
    listener('stderr', Buffer.from(`${note}\r\n`))
    session.onOutput(listener)
  },
})

function connecting({ instance, user, command, terminal, endpoint }: Record<string, unknown>) {
  const words = command === undefined || (Array.isArray(command) && command.every(isText) && command.length > 0)
  const size = terminalSize(terminal)
  if (!isText(instance) || !isText(user) || !words || !isOptional(endpoint) || (terminal !== undefined && !size))
    throw new Error('x-isthmus-command must be base64 of {"instance": string, "user": string, ...}')
  const wanted: Wanted = { ...(words && command !== undefined && { command }), ...(size && { terminal: size }) }
  return { instance, user, endpoint, wanted }
}

function tunnelling({ instance, port, endpoint }: Record<string, unknown>) {
  if (!isText(instance) || !isPort(port) || !isOptional(endpoint))
    throw new Error('x-isthmus-command must be base64 of {"instance": string, "port": number, ...}')
  return { instance, port, endpoint }
}

const isPort = (value: unknown): value is number =>
  Number.isInteger(value) && Number(value) > 0 && Number(value) < 65536
const isOptional = (value: unknown): value is string | undefined => value === undefined || isText(value)
