/** The machine of its own that a run has: what is on it beside the server, and what it may not keep. */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs'
import { join } from 'node:path'

const CGROUPS = '/sys/fs/cgroup'

/** Gives a machine with a fresh /sys the control groups of the one it is on, as far as guests use them. */
export function mountControlGroups(): void {
  if (existsSync(join(CGROUPS, 'cgroup.controllers'))) return
  if (/^nodev\tcgroup$/m.test(readFileSync('/proc/filesystems', 'utf8')) && isVersion1()) {
    execFileSync('mount', ['-t', 'tmpfs', 'tmpfs', CGROUPS])
    for (const controller of ['memory', 'pids']) {
      mkdirSync(join(CGROUPS, controller))
      execFileSync('mount', ['-t', 'cgroup', '-o', controller, 'cgroup', join(CGROUPS, controller)])
    }
  } else execFileSync('mount', ['-t', 'cgroup2', 'cgroup2', CGROUPS])
}

/** Whether memory is bounded in a hierarchy of its own. */
const isVersion1 = (): boolean => /^memory\t[1-9]/m.test(readFileSync('/proc/cgroups', 'utf8'))

/** The control groups of a state, in every hierarchy. */
export const controlGroups = (tag: string): string[] =>
  ['', 'memory', 'pids'].map((name) => join(CGROUPS, name, tag)).filter((path) => existsSync(path))

/** The processes that are the first of a guest, by its node. */
export function firstProcesses(tag: string): Map<string, number[]> {
  const nodes = new Map(
    readdirSync('/run/netns')
      .filter((name) => name.startsWith(`${tag}-`))
      .map((name) => [`net:[${statSync(join('/run/netns', name)).ino}]`, name.slice(tag.length + 1)]),
  )
  const found = new Map<string, number[]>()
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    const node = isFirst(pid) ? nodes.get(networkOf(pid)) : undefined
    if (node !== undefined) found.set(node, [...(found.get(node) ?? []), Number(pid)])
  }
  return found
}

/** Whether it is process 1 of a namespace inside this one. */
function isFirst(pid: string): boolean {
  try {
    return /^NSpid:(\t\d+)+\t1$/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch {
    return false
  }
}

function networkOf(pid: string): string {
  try {
    return readlinkSync(`/proc/${pid}/ns/net`)
  } catch {
    return ''
  }
}

/** Below a process: what it has started, and what that has. */
export function descendants(pid: number): number[] {
  const children = childrenOf(pid)
  return [...children, ...children.flatMap(descendants)]
}

function childrenOf(pid: number): number[] {
  try {
    const tasks = readdirSync(`/proc/${pid}/task`)
    return tasks.flatMap((task) => {
      const text = readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8')
      return text.split(' ').filter(Boolean).map(Number)
    })
  } catch {
    return []
  }
}
