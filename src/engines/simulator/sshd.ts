/** The sshd of a simulated instance: a real SSH session, whose shell is the simulated one. */
import { generateKeyPairSync } from 'node:crypto'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import ssh2, { type AuthContext, type ServerChannel, type Session } from 'ssh2'
import type { Ip } from '../../ip/address.ts'
import type { Running, Services, TerminalSize } from '../engine.ts'
import type { Simulation } from './commands.ts'
import { type Machine, machineOf } from './machine.ts'
import { simulatedCommand } from './spawn.ts'

export const SSH_PORT = 22

/** The users that an instance has. */
const USERS = new Set(['ec2-user'])

/** Serves a connection from an address and port to a node's port 22. */
export type Sshd = (node: string, connection: Duplex, from: Ip, port: number) => void

/** Node's own: that of ssh2 leaves out a zero at the beginning of an ed25519 key. */
const freshHostKey = (): string =>
  generateKeyPairSync('ec', { namedCurve: 'prime256v1' }).privateKey.export({ type: 'sec1', format: 'pem' }).toString()

/** The sshd of every node, for as long as the simulation lasts: no disk keeps its host keys and its last logins. */
export function simulatedSshd(simulation: Simulation): Sshd {
  const hostKeys = new Map<string, string>()
  const lastLogins = new Map<string, string>()
  const hostKey = (node: string): string => {
    const key = hostKeys.get(node) ?? freshHostKey()
    hostKeys.set(node, key)
    return key
  }
  /** When and from where somebody logged in before, as login says it; now it is this one. */
  const lastLogin = (node: string, user: string, from: Ip): string => {
    const before = lastLogins.get(`${node}/${user}`)
    lastLogins.set(`${node}/${user}`, `Last login: ${loginTime(new Date())} from ${from}\r\n`)
    return before ?? ''
  }
  return (node, connection, from, port) => {
    const server = new ssh2.Server({ hostKeys: [hostKey(node)] }, (client) => {
      let user = ''
      client.on('error', () => {})
      client.on('authentication', (context) => {
        user = context.username
        if (isAllowed(simulation, node, context)) context.accept()
        else context.reject(['publickey'])
      })
      const greet = () => lastLogin(node, user, from)
      const environment = { SSH_CONNECTION: `${from} ${port} ${machineOf(simulation, node).address} ${SSH_PORT}` }
      client.on('session', (accept) => serveSession(simulation, node, { user, greet, environment }, accept()))
    })
    // Any stream will do: the library asks for no more than it needs.
    server.injectSocket(connection as Socket)
  }
}

/** `Mon Nov 23 09:14:16 2026`. */
function loginTime(at: Date): string {
  const [day, date, month, year, time] = at.toUTCString().replace(',', '').split(' ')
  return `${day} ${month} ${date} ${time} ${year}`
}

function isAllowed(simulation: Simulation, node: string, context: AuthContext): boolean {
  if (context.method !== 'publickey' || !USERS.has(context.username)) return false
  const { key, blob, signature, hashAlgo } = context
  const known = keysOf(simulation, node, context.username).find((candidate) =>
    candidate.getPublicSSH().equals(key.data),
  )
  if (!known) return false
  return !blob || !signature || known.verify(blob, signature, hashAlgo) === true
}

/** The keys that may log in: pushed for a minute, and of the key pair that the instance was launched with. */
function keysOf(simulation: Simulation, node: string, user: string): ssh2.ParsedKey[] {
  const machine = machineOf(simulation, node)
  const read = metadataReader(simulation.services, machine)
  const texts = [read(`managed-ssh-keys/active-keys/${user}/`), read('public-keys/0/openssh-key')]
  return texts.flatMap((text) =>
    text.split('\n').flatMap((line) => {
      const key = line.trim() === '' ? undefined : ssh2.utils.parseKey(line)
      return !key || key instanceof Error ? [] : [key].flat()
    }),
  )
}

/** Reads the machine's own metadata, with a token as sshd's key command does. Empty where there is nothing. */
function metadataReader(services: Services | undefined, { router, address }: Machine): (path: string) => string {
  if (!services || router === undefined) return () => ''
  const ttl = { 'x-aws-ec2-metadata-token-ttl-seconds': '60' }
  const token = services.metadata(router, address, { method: 'PUT', path: '/latest/api/token', headers: ttl })
  const headers = { 'x-aws-ec2-metadata-token': token.body }
  return (path) => {
    const answer = services.metadata(router, address, { method: 'GET', path: `/latest/meta-data/${path}`, headers })
    return answer.status === 200 ? answer.body : ''
  }
}

/** Who has logged in, and how a shell at a terminal greets them. */
interface Login {
  readonly user: string
  /** What its shell finds in its environment. */
  readonly environment: Readonly<Record<string, string>>
  greet(): string
}

function serveSession(simulation: Simulation, node: string, login: Login, session: Session): void {
  const { user, greet, environment } = login
  let terminal: TerminalSize | undefined
  let running: Running | undefined
  const start = (channel: ServerChannel, command: readonly string[]) => {
    running = simulatedCommand(simulation, node, ['su', '-', user, ...command], {
      environment,
      ...(terminal && { terminal }),
    })
    joinChannel(running, channel)
  }
  session.on('env', (accept) => accept?.())
  session.on('pty', (accept, _, { cols, rows }) => {
    terminal = { columns: cols, rows }
    accept?.()
  })
  session.on('window-change', (accept, _, { cols, rows }) => {
    running?.resize?.({ columns: cols, rows })
    accept?.()
  })
  session.on('signal', (accept, _, { name }) => {
    running?.kill(`SIG${name}` as NodeJS.Signals)
    accept?.()
  })
  session.on('shell', (accept) => {
    const channel = accept()
    if (terminal) channel.write(greet())
    start(channel, [])
  })
  session.on('exec', (accept, _, { command }) => start(accept(), ['-c', command]))
}

function joinChannel(running: Running, channel: ServerChannel): void {
  running.onOutput((stream, data) => void (stream === 'stdout' ? channel : channel.stderr).write(data))
  channel.on('data', (data: Buffer) => void running.write(data))
  channel.on('end', () => void running.write(null))
  channel.on('close', () => running.kill('SIGHUP'))
  running.exit.then(({ code, signal }) => {
    if (signal === null) channel.exit(code ?? 0)
    else channel.exit(signal.replace('SIG', ''))
    channel.end()
  })
}
