/** A shell or a command on an instance, by SSH over a connection that is there already. */
import type { Duplex } from 'node:stream'
import { generateKey, openSshText } from '../ec2/key-material.ts'
import ssh2, { type ClientChannel } from 'ssh2'
import type { Running, TerminalSize } from '../engines/engine.ts'

export interface Login {
  readonly user: string
  readonly privateKey: string
}

/** A fresh key pair; not ssh2's own, which leaves out a zero at the beginning of an ed25519 key. */
export function freshKeys(): { readonly public: string; readonly private: string } {
  const { publicKey, privatePem } = generateKey('ed25519', 'isthmus')
  return { public: openSshText(publicKey, 'isthmus'), private: privatePem }
}

export interface Wanted {
  /** As ssh takes it: its words are joined and read by the user's shell. Without one, the shell itself. */
  readonly command?: readonly string[]
  readonly terminal?: TerminalSize
}

/** The SSH session did not come about: the key was not taken, or something else failed. */
export class SshError extends Error {
  override readonly name = 'SshError'
  readonly why: 'key' | 'protocol'
  constructor(why: 'key' | 'protocol', message: string) {
    super(message)
    this.why = why
  }
}

/** Milliseconds until a session that does not come about is given up. */
const READY_TIMEOUT = 20_000
const KEEP_ALIVE = 30_000
const ENVIRONMENT = { LANG: 'C.UTF-8' }

/** Logs in over `connection`, which ends with the session. Rejects with SshError. */
export function sshSession(connection: Duplex, login: Login, wanted: Wanted): Promise<Running> {
  const client = new ssh2.Client()
  return new Promise((resolve, reject) => {
    const fail = (error: Error & { level?: string }) => {
      connection.destroy()
      reject(new SshError(error.level === 'client-authentication' ? 'key' : 'protocol', error.message))
    }
    client.on('error', fail)
    client.on('close', () => fail(new Error('the connection was closed')))
    client.on('ready', () => {
      open(client, wanted, (error, channel) => {
        if (error) fail(error)
        else resolve(running(client, channel, connection))
      })
    })
    client.connect({
      sock: connection as NonNullable<ssh2.ConnectConfig['sock']>,
      username: login.user,
      privateKey: login.privateKey,
      readyTimeout: READY_TIMEOUT,
      keepaliveInterval: KEEP_ALIVE,
    })
  })
}

type Opened = (error: Error | undefined, channel: ClientChannel) => void

function open(client: ssh2.Client, { command, terminal }: Wanted, opened: Opened): void {
  const pty = terminal && { term: 'xterm-256color', cols: terminal.columns, rows: terminal.rows, width: 0, height: 0 }
  const options = { env: ENVIRONMENT }
  if (command) client.exec(command.join(' '), { ...options, ...(pty && { pty }) }, opened)
  else client.shell(pty ?? false, options, opened)
}

function running(client: ssh2.Client, channel: ClientChannel, connection: Duplex): Running {
  // Without word of how it ended it was the connection that ended: 255, as ssh says it.
  let exit: { code: number | null; signal: string | null } = { code: 255, signal: null }
  channel.on('exit', (code: number | null, signal?: string) => {
    exit = signal ? { code: null, signal: signal.startsWith('SIG') ? signal : `SIG${signal}` } : { code, signal: null }
  })
  const ended = new Promise<typeof exit>((resolve) => {
    const end = () => {
      resolve(exit)
      client.end()
    }
    channel.once('close', end)
    client.once('close', end)
  })
  return {
    onOutput(listener) {
      channel.on('data', (data: Buffer) => listener('stdout', data))
      channel.stderr.on('data', (data: Buffer) => listener('stderr', data))
    },
    exit: ended,
    write: (data) =>
      new Promise((resolve) => {
        if (data === null) channel.end(() => resolve())
        else channel.write(data, () => resolve())
      }),
    kill(signal) {
      if (signal === 'SIGKILL' || signal === 'SIGHUP') connection.destroy()
      else channel.signal(signal.replace(/^SIG/, ''))
    },
    resize: ({ columns, rows }) => channel.setWindow(rows, columns, 0, 0),
    hold(held) {
      for (const stream of [channel, channel.stderr]) held ? stream.pause() : stream.resume()
    },
  }
}
