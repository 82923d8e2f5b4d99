/** The folder of one server: its state, its socket, and the note that says where its API is. */
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { SAVED_STATES } from '../store/saved-states.ts'
import { StartError } from './start-error.ts'

export interface StateDir {
  readonly path: string
  readonly database: string
  /** Where saved states are. */
  readonly snapshots: string
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
  return {
    path,
    database: join(path, 'state.db'),
    snapshots: join(path, SAVED_STATES),
    socket: join(path, 'control.sock'),
    note: join(path, 'server.json'),
  }
}

/** A Unix socket's path, in bytes (sun_path of unix(7), less its end); one that is longer is cut off silently. */
const LONGEST_SOCKET = 107

/** Makes the folder where it is missing, for the owner alone. Throws StartError where it can not be used. */
export function makeStateDir(dir: StateDir): void {
  if (Buffer.byteLength(dir.socket) > LONGEST_SOCKET)
    throw new StartError(
      `${dir.path} is too long for a socket's path (${LONGEST_SOCKET} bytes with its name): ` +
        'choose a shorter one with --state.',
    )
  try {
    mkdirSync(dir.path, { recursive: true, mode: 0o700 })
  } catch (error) {
    throw new StartError(
      `The folder ${dir.path} cannot be made (${(error as Error).message}): choose another with --state.`,
    )
  }
}

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
