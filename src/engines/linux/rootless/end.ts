/** Ends namespaces of a user without privilege, with all that runs in them, from outside. */
import { closeSync, fstatSync, openSync, readdirSync, readlinkSync, statSync } from 'node:fs'
import { isAlive, type ProcessId, signal } from '../guest/process.ts'
import { guestStore } from '../guest/store.ts'
import { parentOf } from '../libc.ts'

/** Ends the namespaces that `holder` holds: first what runs in them and below, last the holder. */
export async function endNamespaces(holder: ProcessId): Promise<void> {
  const owner = isAlive(holder) ? userNamespaceOf(holder.pid) : undefined
  // Ours is the machine itself.
  if (owner === undefined || owner === userNamespaceOf(process.pid)) return
  await untilNone(() => processesBelow(owner).filter((pid) => pid !== holder.pid))
  await untilNone(() => (isAlive(holder) ? [holder.pid] : []))
}

/** Ends guests of a state whose namespaces nobody can find any more, because their holder was killed. */
export async function endLostGuests(stateDir: string): Promise<void> {
  const own = userNamespaceOf(process.pid)
  const lost = [...guestStore(stateDir).all().values()].flatMap((booted) =>
    booted && isAlive(booted) && userNamespaceOf(booted.pid) !== own ? [booted] : [],
  )
  for (const guest of lost) signal(guest, 'SIGKILL')
  await untilNone(() => lost.filter(isAlive).map(({ pid }) => pid))
}

async function untilNone(remaining: () => readonly number[]): Promise<void> {
  for (let round = 0; round < 400; round++) {
    const pids = remaining()
    if (pids.length === 0) return
    for (const pid of pids) kill(pid)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
  throw new Error(`processes do not end: ${remaining().join(', ')}`)
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It has ended meanwhile.
  }
}

/** Undefined where it is nobody's business, or gone. */
function userNamespaceOf(pid: number): number | undefined {
  try {
    return statSync(`/proc/${pid}/ns/user`).ino
  } catch {
    return undefined
  }
}

/** The processes in the user namespace `owner` and in those below it. */
function processesBelow(owner: number): number[] {
  const known = new Map<string, boolean>()
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        const path = `/proc/${pid}/ns/user`
        const name = readlinkSync(path)
        const isBelow = known.get(name) ?? descends(path, owner)
        known.set(name, isBelow)
        return isBelow
      } catch {
        return false
      }
    })
}

/** Whether the user namespace at `path` is the one numbered `owner`, or made within it. */
function descends(path: string, owner: number): boolean {
  let fd: number | undefined = openSync(path, 'r')
  while (fd !== undefined) {
    const here: number = fd
    try {
      if (fstatSync(here).ino === owner) return true
      fd = parentOf(here)
    } finally {
      closeSync(here)
    }
  }
  return false
}
