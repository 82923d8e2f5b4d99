/** What a guest's root file system is put together from, as tables in the form of fstab(5): one process mounts all. */
import { existsSync, lstatSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { PROGRAM_FOLDERS } from './scripts.ts'

/** What of the host's /etc its programs need. It appears below /run/host/etc, and links lead there. */
const BESIDE_USR = ['alternatives', 'ssl', 'pki', 'crypto-policies', 'ca-certificates', 'ld.so.cache', 'ld.so.conf.d']
const PROGRAM_PLACES = ['/usr/bin', '/usr/sbin']

export interface Mounts {
  /** The disk, the host's programs, and the guest's /run. */
  readonly ground: string
  /** What needs a place in these first. */
  readonly rest: string
  /** Those places: words without blanks. */
  readonly folders: readonly string[]
  readonly files: readonly string[]
}

/** `programs` is the folder with the guest's own programs, `root` the host's id of its root. */
export function mountsOf(disk: string, programs: string, root: number): Mounts {
  const beside = BESIDE_USR.map((name) => `/etc/${name}`).filter((path) => existsSync(path))
  const isFolder = (path: string) => statSync(path).isDirectory()
  const inside = (path: string) => `/mnt/run/host${path}`
  return {
    ground: table([
      [disk, '/mnt', 'bind'],
      ...programFolders(disk).map((path) => [path, `/mnt${path}`, 'bind,ro,nodev'] as const),
      ['tmpfs', '/mnt/run', `mode=755,nosuid,nodev,uid=${root},gid=${root}`, 'tmpfs'],
    ]),
    rest: table([
      // All guests share these: none may write to them, though they belong to their root.
      ...ownPrograms(programs).map(([own, path]) => [own, `/mnt${path}`, 'bind,ro,nodev'] as const),
      ...beside.map((path) => [path, inside(path), 'bind,ro,nosuid,nodev'] as const),
    ]),
    folders: ['/mnt/run/host/etc', ...beside.filter(isFolder).map(inside)],
    files: beside.filter((path) => !isFolder(path)).map(inside),
  }
}

/** Those that are no links into /usr. A disk on which one has become something else is not booted from. */
function programFolders(disk: string): string[] {
  const own = PROGRAM_FOLDERS.filter((name) => isRealFolder(`/${name}`))
  const damaged = [...own, 'run'].find((name) => !isRealFolder(join(disk, name)))
  if (damaged !== undefined) throw new Error(`the disk is damaged: /${damaged} is no folder`)
  return own.map((name) => `/${name}`)
}

const isRealFolder = (path: string): boolean => lstatSync(path, { throwIfNoEntry: false })?.isDirectory() === true

/** Each copy, and the host's program that it takes the place of. */
const ownPrograms = (folder: string): [own: string, path: string][] =>
  readdirSync(folder).flatMap((name) =>
    PROGRAM_PLACES.map((place) => join(place, name))
      .filter((path) => existsSync(path))
      .map((path): [string, string] => [join(folder, name), path]),
  )

type Row = readonly [what: string, where: string, options: string, type?: string]

const table = (rows: readonly Row[]): string =>
  rows.map(([what, where, options, type = 'none']) => `${escaped(what)} ${where} ${type} ${options} 0 0\n`).join('')

/** As fstab(5) wants blanks. */
const escaped = (path: string): string =>
  path.replace(/[ \t\n\\]/g, (char) => `\\${char.charCodeAt(0).toString(8).padStart(3, '0')}`)
