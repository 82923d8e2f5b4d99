/** The folder of one server: its state, its socket, and the note that says where its API is. */
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'

export interface StateDir {
  readonly path: string
  readonly database: string
  /** The owner's Unix socket: everything beyond AWS's API. */
  readonly socket: string
  /** Where the running server's note is. */
  readonly note: string
}

/** What a running server tells the commands. */
export interface ServerNote {
  readonly pid: number
  readonly port: number
  readonly endpoint: string
  readonly version: string
  /** Milliseconds since the epoch. */
  readonly startedAt: number
}

export function stateDir(path: string): StateDir {
  return { path, database: join(path, 'state.db'), socket: join(path, 'control.sock'), note: join(path, 'server.json') }
}

/** Makes the folder where it is missing, for the owner alone. */
export const makeStateDir = (dir: StateDir): void => void mkdirSync(dir.path, { recursive: true, mode: 0o700 })

export function writeNote(dir: StateDir, note: ServerNote): void {
  writeFileSync(`${dir.note}.new`, `${JSON.stringify(note)}\n`, { mode: 0o600 })
  renameSync(`${dir.note}.new`, dir.note)
}

export function readNote(dir: StateDir): ServerNote | undefined {
  try {
    return JSON.parse(readFileSync(dir.note, 'utf8')) as ServerNote
  } catch {
    return undefined
  }
}

export function removeNote(dir: StateDir): void {
  rmSync(dir.note, { force: true })
  rmSync(dir.socket, { force: true })
}

/** Whether a server answers on the folder's socket. */
export function isServed(dir: StateDir): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(dir.socket)
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
}
