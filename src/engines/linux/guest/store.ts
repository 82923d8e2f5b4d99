/** What is kept of guests in the state folder: their disks, their consoles, and which process is whose. */
import {
  chmodSync,
  chownSync,
  existsSync,
  ftruncateSync,
  closeSync,
  fstatSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { run } from '../command.ts'
import { guestIds } from './ids.ts'
import type { ProcessId } from './process.ts'
import { OWN_FOLDERS, PROGRAM_FOLDERS } from './scripts.ts'

/** A guest that was booted. */
export interface Booted extends ProcessId {
  readonly boot: number
}

/** The folder of all guests of a state; the host's root alone gets in. */
export const guestsFolder = (stateDir: string): string => join(stateDir, 'guests')

/** Paths of one guest's things. */
export interface GuestPaths {
  readonly disk: string
  readonly console: string
  /** What the guest says of its end. */
  readonly end: string
  /** The script that writes its files. */
  readonly files: string
  /** A folder with the tables of what is mounted. */
  readonly tables: string
}

export interface GuestStore {
  paths(node: string): GuestPaths
  /** Guests that have a folder, with what is noted of their process. */
  all(): ReadonlyMap<string, Booted | undefined>
  note(node: string, booted: Booted | undefined): void
  /** Makes an empty disk where there is none. */
  ensureDisk(node: string): void
  /** Whether it has been up on this disk. */
  isMade(node: string): boolean
  /** How the guest said it ended; `lost` where it could not. What it said before is forgotten. */
  takeEnd(node: string): 'halt' | 'reboot' | 'lost'
  console(node: string): { output: Uint8Array; at: number } | undefined
  /** Cuts a console that has grown long to its newest lines. */
  trimConsole(node: string): void
  /** Removes all that is kept of it. Rejects where that can not be done. */
  remove(node: string): Promise<void>
}

const CONSOLE_SHOWN = 64 * 1024
const CONSOLE_LIMIT = 1024 * 1024

export function guestStore(stateDir: string): GuestStore {
  const folder = guestsFolder(stateDir)
  const paths = (node: string) => {
    const own = join(folder, node)
    return { own, ...pathsIn(own) }
  }
  return {
    paths,
    all() {
      if (!existsSync(folder)) return new Map()
      const nodes = readdirSync(folder).filter((name) => !name.startsWith('.'))
      return new Map(nodes.map((node) => [node, noted(paths(node).note)]))
    },
    note(node, booted) {
      const { note } = paths(node)
      if (!booted) return rmSync(note, { force: true })
      writeFileSync(paths(node).made, '')
      writeFileSync(`${note}.new`, JSON.stringify(booted))
      renameSync(`${note}.new`, note)
    },
    ensureDisk(node) {
      const { own, disk } = paths(node)
      if (existsSync(disk)) return
      mkdirSync(folder, { recursive: true, mode: 0o700 })
      mkdirSync(own, { recursive: true, mode: 0o700 })
      rmSync(`${disk}.new`, { recursive: true, force: true })
      makeDisk(`${disk}.new`)
      renameSync(`${disk}.new`, disk)
    },
    isMade: (node) => existsSync(paths(node).made),
    takeEnd(node) {
      const { end } = paths(node)
      const said = beginningOf(end)
      rmSync(end, { force: true })
      return said === 'halt' || said === 'reboot' ? said : 'lost'
    },
    console: (node) => newest(paths(node).console),
    trimConsole: (node) => trim(paths(node).console),
    // `rm` goes down trees of any depth, such as what runs in a guest may make.
    remove: async (node) => void (await run('rm', ['-rf', '--', paths(node).own])),
  }
}

const pathsIn = (own: string) => ({
  disk: join(own, 'disk'),
  console: join(own, 'console'),
  end: join(own, 'end'),
  files: join(own, 'files'),
  tables: join(own, 'mounts'),
  note: join(own, 'process.json'),
  made: join(own, 'made'),
})

function noted(path: string): Booted | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Booted
  } catch {
    return undefined
  }
}

/** The first word of a file that a guest can write what it likes into: no more of it is read than a word may have. */
function beginningOf(path: string): string {
  if (!existsSync(path)) return ''
  const fd = openSync(path, 'r')
  try {
    const bytes = Buffer.alloc(16)
    return bytes
      .subarray(0, readSync(fd, bytes, 0, bytes.length, 0))
      .toString()
      .trim()
  } finally {
    closeSync(fd)
  }
}

/** Folders only: what is in them the guest writes itself. */
function makeDisk(disk: string): void {
  const { first } = guestIds()
  mkdirSync(disk, { mode: 0o755 })
  for (const name of OWN_FOLDERS) mkdirSync(join(disk, name), { mode: name === 'root' ? 0o700 : 0o755 })
  for (const name of PROGRAM_FOLDERS) {
    const there = lstatSync(`/${name}`, { throwIfNoEntry: false })
    if (there?.isSymbolicLink()) symlinkSync(readlinkSync(`/${name}`), join(disk, name))
    else if (there) mkdirSync(join(disk, name), { mode: 0o755 })
  }
  mkdirSync(join(disk, 'var/tmp'))
  for (const open of ['tmp', 'var/tmp']) chmodSync(join(disk, open), 0o1777)
  for (const name of ['', ...OWN_FOLDERS, 'var/tmp']) chownSync(join(disk, name), first, first)
}

/** The end of the console. */
function newest(path: string): { output: Uint8Array; at: number } | undefined {
  if (!existsSync(path)) return undefined
  const fd = openSync(path, 'r')
  try {
    return { output: tailOf(fd), at: fstatSync(fd).mtimeMs }
  } finally {
    closeSync(fd)
  }
}

function tailOf(fd: number): Buffer {
  const { size } = fstatSync(fd)
  const tail = Buffer.alloc(Math.min(size, CONSOLE_SHOWN))
  return tail.subarray(0, readSync(fd, tail, 0, tail.length, size - tail.length))
}

/** Whoever writes to it appends: what comes meanwhile follows. */
function trim(path: string): void {
  if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) <= CONSOLE_LIMIT) return
  const fd = openSync(path, 'r+')
  try {
    const tail = tailOf(fd)
    ftruncateSync(fd, 0)
    writeSync(fd, tail, 0, tail.length, 0)
  } finally {
    closeSync(fd)
  }
}
