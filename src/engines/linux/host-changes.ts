/** What was changed on the host itself, written durably BEFORE it is changed, so that it can always be undone. */
import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { run } from './command.ts'

export type HostChange =
  | { readonly kind: 'link'; readonly name: string }
  /** A route disappears with its link; named so that the record is complete. */
  | { readonly kind: 'route'; readonly prefix: string; readonly link: string }
  /** A value under /proc/sys, what it was, and the file in which other servers find that. */
  | { readonly kind: 'sysctl'; readonly path: string; readonly before: string; readonly noted?: string }
  /** `ip netns add` mounts /run/netns on itself the first time. */
  | { readonly kind: 'mount'; readonly path: string }

const fileIn = (stateDir: string): string => join(stateDir, 'host-changes.json')

export function hostChanges(stateDir: string): HostChange[] {
  try {
    return JSON.parse(readFileSync(fileIn(stateDir), 'utf8')) as HostChange[]
  } catch {
    return []
  }
}

/** Adds changes to the record; returns once they are on the disk. Known ones stay as first recorded. */
export function recordHostChanges(stateDir: string, changes: readonly HostChange[]): void {
  const known = hostChanges(stateDir)
  const fresh = changes.filter((c) => !known.some((k) => nameOf(k) === nameOf(c)))
  if (fresh.length === 0) return
  const draft = `${fileIn(stateDir)}.new`
  const fd = openSync(draft, 'w')
  writeSync(fd, JSON.stringify([...known, ...fresh], undefined, 2))
  fsyncSync(fd)
  closeSync(fd)
  renameSync(draft, fileIn(stateDir))
  const folder = openSync(stateDir, 'r')
  fsyncSync(folder)
  closeSync(folder)
}

const nameOf = (change: HostChange): string =>
  `${change.kind} ${'name' in change ? change.name : 'path' in change ? change.path : change.prefix}`

/** Undoes all that is recorded, the latest first; what is undone already does not matter. */
export async function undoHostChanges(stateDir: string): Promise<void> {
  for (const change of hostChanges(stateDir).toReversed()) await undo(change)
  rmSync(fileIn(stateDir), { force: true })
  const inherited = mountLeftBehind()
  if (inherited !== undefined) await unmount(inherited)
}

/** A mount that another server of ours still used: the last one to go undoes it. Gone at a reboot, as it is. */
const INHERITED = '/run/isthmus-mount'

function mountLeftBehind(): string | undefined {
  return existsSync(INHERITED) ? readFileSync(INHERITED, 'utf8') : undefined
}

async function unmount(path: string): Promise<void> {
  await run('umount', [path], '', true)
  const busy = readFileSync('/proc/self/mountinfo', 'utf8').includes(` ${path} `)
  if (busy) writeFileSync(INHERITED, path)
  else rmSync(INHERITED, { force: true })
}

async function undo(change: HostChange): Promise<void> {
  if (change.kind === 'link') await run('ip', ['link', 'del', change.name], '', true)
  if (change.kind === 'sysctl') {
    writeFileSync(`/proc/sys/${change.path}`, change.before)
    // Another server that needs more raises it again.
    if (change.noted !== undefined) rmSync(change.noted, { force: true })
  }
  if (change.kind === 'mount') await unmount(change.path)
}
