/** The processes inside namespaces of ours. */
import { readdirSync, readlinkSync, statSync } from 'node:fs'
import { pathOf } from './names.ts'

/** Kills the processes whose network namespace is one of `namespaces`, no others, and waits until they are gone. */
export async function killInside(namespaces: readonly string[]): Promise<void> {
  const ids = new Set(namespaces.flatMap(identityOf))
  if (ids.size === 0) return
  for (let round = 0; round < 100; round++) {
    const inside = processesIn(ids)
    if (inside.length === 0) return
    for (const pid of inside) kill(pid)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

function identityOf(namespace: string): string[] {
  try {
    return [`net:[${statSync(pathOf(namespace)).ino}]`]
  } catch {
    return []
  }
}

/** The host's own namespace is never among `ids`; a process that has just ended is no error. */
function processesIn(ids: ReadonlySet<string>): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        return pid !== process.pid && ids.has(readlinkSync(`/proc/${pid}/ns/net`))
      } catch {
        return false
      }
    })
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It has ended meanwhile.
  }
}
