/** What a server has on this machine: namespaces, the link to them, processes in them. Read from the kernel. */
import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readlinkSync, statSync } from 'node:fs'

export interface Footprint {
  readonly namespaces: readonly string[]
  readonly links: readonly string[]
  readonly processes: readonly number[]
}

const netns = '/run/netns'

/** The namespaces of the server that holds `vpcId`, told by their common beginning, and what belongs to them. */
export function footprint(vpcId: string, publicPool: string): Footprint {
  const all = existsSync(netns) ? readdirSync(netns) : []
  const own = all.find((name) => name.endsWith(`-${vpcId}`))
  const beginning = own?.slice(0, -vpcId.length)
  const namespaces = beginning === undefined ? [] : all.filter((name) => name.startsWith(beginning))
  return { namespaces, links: linksTo(publicPool), processes: processesIn(namespaces) }
}

/** What of it is still there. */
export function remaining({ namespaces, links, processes }: Footprint): string[] {
  return [
    ...namespaces.filter((name) => existsSync(`${netns}/${name}`)).map((name) => `namespace ${name}`),
    ...links.filter((name) => existsSync(`/sys/class/net/${name}`)).map((name) => `link ${name}`),
    ...processes.filter((pid) => existsSync(`/proc/${pid}`)).map((pid) => `process ${pid}`),
  ]
}

/** The links by which this machine reaches the public addresses. */
function linksTo(prefix: string): string[] {
  const text = execFileSync('ip', ['-j', 'route', 'show', prefix], { encoding: 'utf8' })
  return (JSON.parse(text || '[]') as { dev: string }[]).map(({ dev }) => dev)
}

function processesIn(namespaces: readonly string[]): number[] {
  const inodes = new Set(namespaces.map((name) => `net:[${statSync(`${netns}/${name}`).ino}]`))
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => pid > 0 && inodes.has(namespaceOf(pid)))
}

/** As /proc names it; empty where the process has ended meanwhile. */
function namespaceOf(pid: number): string {
  try {
    return readlinkSync(`/proc/${pid}/ns/net`)
  } catch {
    return ''
  }
}
