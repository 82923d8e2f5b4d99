/**
 * A server without privilege: it goes on as root of namespaces that its user may make, with the API's socket from
 * outside, and there the Linux engine finds all it needs.
 *
 * Invariants: it stays the same process, with the same number; the namespaces are noted in the state folder as soon as
 * the state is this server's, live on when it is killed, and end with `down`.
 */
import { closeSync, readFileSync, renameSync, rmSync, writeFileSync, writeSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { missingPrivilege, missingSystem, missingTools, pathOfTool, toolPath } from '../engines/linux/availability.ts'
import { isAlive, type ProcessId, signal } from '../engines/linux/guest/process.ts'
import { bootId, entering, makeNamespaces } from '../engines/linux/rootless/holder.ts'
import { forgetTables } from '../engines/linux/memory.ts'
import { missingForRootless, thisMachine, whyRefused } from '../engines/linux/rootless/missing.ts'
import { closed, listen } from './api.ts'
import { type Opened, opened } from './opened.ts'
import { StartError } from './start-error.ts'
import { makeStateDir, type StateDir } from './state-dir.ts'

/** What a server in namespaces of its user's own has to know of them. */
export interface Rootless {
  /** The API's socket, which listens outside. */
  readonly apiSocket: number
  /** Made for this server: no earlier one had them. */
  readonly isNew: boolean
  /** From now on the namespaces outlive this process. */
  hold(dir: StateDir): void
  /** Lets them end with this process and with what else runs in them. */
  end(dir: StateDir): void
}

/** What the process hands itself over in its environment. */
interface Handed {
  readonly api: number
  readonly holder: ProcessId
  /** Where new namespaces are told to stay. */
  readonly stay?: number
}
const HANDED = 'ISTHMUS_ROOTLESS'

/**
 * Goes on inside with the command `words`, and does not return, where there is no privilege and the machine allows it.
 * Returns why it does not where that is the question; else nothing. Throws StartError where the port is not to be had.
 */
export async function enterRootless(dir: StateDir, port: number, words: readonly string[]): Promise<string[]> {
  const isAsked = missingSystem().length === 0 && missingPrivilege().length > 0 && missingTools().length === 0
  if (!isAsked) return []
  const machine = thisMachine()
  const missing = missingForRootless(machine)
  if (missing.length > 0) return missing
  makeStateDir(dir)
  const parts = opened()
  try {
    const noted = liveHolder(dir)
    const { process: holder, ...fresh } = noted ? { process: noted } : await freshNamespaces(dir, parts)
    return await goOn({ api: await listeningSocket(port, parts), holder, ...fresh }, words)
  } catch (error) {
    await parts.close()
    if (error instanceof StartError) throw error
    return whyRefused(machine, (error as Error).message)
  }
}

async function freshNamespaces(dir: StateDir, parts: Opened): Promise<{ process: ProcessId; stay: number }> {
  const { endLostGuests } = await import('../engines/linux/rootless/end.ts')
  await endLostGuests(dir.path)
  const { process: holder, stay, end } = await makeNamespaces(dir.path)
  parts.add(end)
  return { process: holder, stay }
}

/** A socket of this network that listens on loopback, for another server than this one to answer at. */
async function listeningSocket(port: number, parts: Opened): Promise<number> {
  const server = createServer()
  await listen(server, port)
  parts.add(() => closed(server))
  return (server as unknown as { _handle: { fd: number } })._handle.fd
}

/** The same process, another program: nsenter, and then this one again. */
async function goOn(handed: Handed, words: readonly string[]): Promise<never> {
  const { inherit } = await import('../engines/linux/libc.ts')
  for (const fd of [handed.api, handed.stay]) if (fd !== undefined) inherit(fd, true)
  const [, script = ''] = process.argv
  const nsenter = pathOfTool('nsenter') ?? 'nsenter'
  const command = [process.execPath, ...process.execArgv, script, ...words]
  process.execve?.(nsenter, ['nsenter', ...entering(handed.holder), ...command], {
    ...process.env,
    PATH: toolPath(),
    [HANDED]: JSON.stringify(handed),
  })
  throw new Error('this Node.js cannot replace its program')
}

/** What was handed over to this process, once; undefined where it runs where it was started. */
export async function handedOver(): Promise<Rootless | undefined> {
  const text = process.env[HANDED]
  if (text === undefined) return undefined
  // What the server starts has nothing to do with it.
  delete process.env[HANDED]
  const { api, holder, stay } = JSON.parse(text) as Handed
  const { inherit } = await import('../engines/linux/libc.ts')
  for (const fd of [api, stay]) if (fd !== undefined) inherit(fd, false)
  return {
    apiSocket: api,
    isNew: stay !== undefined,
    hold(dir) {
      if (stay === undefined) return
      writeNote(dir, holder)
      writeSync(stay, '\n')
      closeSync(stay)
    },
    end(dir) {
      signal(holder, 'SIGKILL')
      removeNote(dir)
    },
  }
}

/** Ends the namespaces of a state, and what still runs in them, from outside. Answers whether there were any. */
export async function endRootless(dir: StateDir): Promise<boolean> {
  const note = readNote(dir)
  if (!note) return false
  const holder = liveHolder(dir)
  const { endLostGuests, endNamespaces } = await import('../engines/linux/rootless/end.ts')
  if (holder) await endNamespaces(holder)
  else if (note.boot === bootId()) await endLostGuests(dir.path)
  forgetTables(dir.path)
  removeNote(dir)
  return true
}

interface Note {
  readonly boot: string
  readonly holder: ProcessId
}

const noteIn = (dir: StateDir): string => join(dir.path, 'rootless.json')

function readNote(dir: StateDir): Note | undefined {
  try {
    return JSON.parse(readFileSync(noteIn(dir), 'utf8')) as Note
  } catch {
    return undefined
  }
}

/** The process that holds the namespaces of an earlier server, while it lives. */
function liveHolder(dir: StateDir): ProcessId | undefined {
  const note = readNote(dir)
  return note && note.boot === bootId() && isAlive(note.holder) ? note.holder : undefined
}

function writeNote(dir: StateDir, holder: ProcessId): void {
  const note: Note = { boot: bootId(), holder }
  writeFileSync(`${noteIn(dir)}.new`, `${JSON.stringify(note)}\n`, { mode: 0o600 })
  renameSync(`${noteIn(dir)}.new`, noteIn(dir))
}

const removeNote = (dir: StateDir): void => rmSync(noteIn(dir), { force: true })
