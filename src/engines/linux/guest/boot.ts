/** Boots one guest: from a disk and a network namespace to a first process that says it is up. */
import { type ChildProcess, spawn } from 'node:child_process'
import { chownSync, closeSync, mkdirSync, openSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import type { Guest } from '../../engine.ts'
import { pathOf } from '../names.ts'
import { filesScript } from './files.ts'
import { guestIds } from './ids.ts'
import { mountsOf } from './mounts.ts'
import { withOwner } from './namespaces.ts'
import { processNow } from './process.ts'
import { FD, GUEST_PART, HOST_PART, INIT } from './scripts.ts'
import type { Booted, GuestPaths } from './store.ts'

export interface BootOptions {
  readonly guest: Guest
  readonly paths: GuestPaths
  readonly namespace: string
  readonly firstBoot: boolean
  /** The folder with programs of its own. */
  readonly programs: string
  readonly cgroups: readonly string[]
}

const PATIENCE_MS = 60_000

/** Resolves when the guest is up. Throws where it does not come up; its console says why. */
export async function bootGuest(options: BootOptions): Promise<Booted> {
  const { guest, paths, firstBoot } = options
  const { first } = guestIds()
  writeFileSync(paths.files, filesScript([INIT, ...guest.files], firstBoot), { mode: 0o600 })
  // It is read inside.
  chownSync(paths.files, first, first)
  const pid = await newsOf(started(options))
  const now = processNow(pid)
  if (!now) throw new Error('its first process has ended at once')
  return { ...now, boot: guest.boot }
}

/** The process that builds it; its descriptors are closed here once it has them. */
function started({ guest, paths, namespace, programs, cgroups }: BootOptions): ChildProcess {
  const { first } = guestIds()
  const mounts = mountsOf(paths.disk, programs, first)
  mkdirSync(paths.tables, { recursive: true })
  for (const name of ['ground', 'rest'] as const) writeFileSync(join(paths.tables, name), mounts[name])
  const files = openSync(paths.files, 'r')
  const console_ = openSync(paths.console, 'a', 0o600)
  rmSync(paths.end, { force: true })
  const end = openSync(paths.end, 'a', 0o600)
  try {
    return withOwner(namespace, (owner) =>
      spawn('unshare', ['--mount', '--', '/bin/sh', '-c', HOST_PART], {
        stdio: stdioOf({
          0: 'ignore',
          1: console_,
          2: console_,
          [FD.owner]: owner,
          [FD.news]: 'pipe',
          [FD.files]: files,
          [FD.end]: end,
        }),
        // A session of its own: it lives on when the server is interrupted.
        detached: true,
        env: {
          PATH: '/usr/sbin:/usr/bin:/sbin:/bin',
          TABLES: paths.tables,
          FOLDERS: mounts.folders.join(' '),
          FILES: mounts.files.join(' '),
          NETNS: pathOf(namespace),
          CGROUPS: cgroups.join(' '),
          ROOT: `${first}`,
          GUEST: GUEST_PART,
          HOSTNAME: guest.hostname,
        },
      }),
    )
  } finally {
    for (const fd of [files, console_, end]) closeSync(fd)
  }
}

type Stdio = number | 'pipe' | 'ignore'
const stdioOf = (byNumber: Readonly<Record<number, Stdio>>): Stdio[] =>
  Array.from({ length: FD.end + 1 }, (_, fd) => byNumber[fd] ?? 'ignore')

/** The number of the guest's first process, once that has said it is up. */
function newsOf(child: ChildProcess): Promise<number> {
  const news = child.stdio[FD.news] as Readable
  child.unref()
  return new Promise((resolve, reject) => {
    let text = ''
    const fail = (why: string) => {
      clearTimeout(timer)
      reject(new Error(`the guest did not come up: ${why}`))
    }
    const timer = setTimeout(fail, PATIENCE_MS, `nothing was heard for ${PATIENCE_MS / 1000} seconds`)
    child.on('error', (error) => fail(error.message))
    news.on('data', (data: Buffer) => {
      text += data.toString()
    })
    news.on('close', () => {
      const pid = /^\d+$/m.exec(text)?.[0]
      if (pid === undefined || !/^up$/m.test(text)) return fail('its console says why')
      clearTimeout(timer)
      resolve(Number(pid))
    })
  })
}
