/** What a server costs the machine, and what it leaves on it. Read from the kernel. */
import { existsSync, readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs'

/** Bytes that the machine could still give away. */
export const memoryAvailable = (): number => {
  const line = /^MemAvailable:\s+(\d+) kB/m.exec(readFileSync('/proc/meminfo', 'utf8'))
  return Number(line?.[1] ?? 0) * 1024
}

/** Bytes that belong to the processes alone, shared pages divided among those who share them. */
export function memoryOf(pids: readonly number[]): number {
  const each = pids.map((pid) => {
    try {
      return Number(/^Pss:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1] ?? 0) * 1024
    } catch {
      return 0
    }
  })
  return each.reduce((sum, one) => sum + one, 0)
}

/** The beginning of all names of the server that has this VPC. */
export const tagOf = (vpcId: string): string =>
  readdirSync('/run/netns')
    .find((name) => name.endsWith(`-${vpcId}`))
    ?.slice(0, -vpcId.length - 1) ?? ''

export const namespacesOf = (tag: string): string[] =>
  existsSync('/run/netns') ? readdirSync('/run/netns').filter((name) => name.startsWith(`${tag}-`)) : []

/** The processes in namespaces whose names begin with `tag`. */
export function processesOf(tag: string): number[] {
  const inodes = new Set(namespacesOf(tag).map((name) => `net:[${statSync(`/run/netns/${name}`).ino}]`))
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => pid > 0 && inodes.has(linkText(`/proc/${pid}/ns/net`)))
}

export const cgroupsOf = (tag: string): string[] =>
  ['', 'memory', 'pids'].map((controller) => `/sys/fs/cgroup/${controller}/${tag}`).filter((path) => existsSync(path))

function linkText(path: string): string {
  try {
    return readlinkSync(path)
  } catch {
    return ''
  }
}
