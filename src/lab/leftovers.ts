/** What a server has on this machine: namespaces, the link to them, processes in them. Read from the kernel. */
import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readlinkSync, statSync } from 'node:fs'

export interface Footprint {
  readonly namespaces: readonly string[]
  readonly links: readonly string[]
  readonly processes: readonly number[]
  /** Where the namespaces have their names. */
  readonly netns: string
  /** Where that is a place of the server's own: the processes that hold it. With them it is gone, and all in it. */
  readonly holders: readonly number[]
}

/**
 * The namespaces of the server that holds `vpcId`, told by their common beginning, and what belongs to them. `server`
 * is its process: without privilege it runs in namespaces of its own.
 */
export function footprint(vpcId: string, publicPool: string, server: number): Footprint {
  const { netns, isApart } = placeOf(server)
  const all = existsSync(netns) ? readdirSync(netns) : []
  const own = all.find((name) => name.endsWith(`-${vpcId}`))
  const beginning = own?.slice(0, -vpcId.length)
  const namespaces = beginning === undefined ? [] : all.filter((name) => name.startsWith(beginning))
  return {
    namespaces,
    links: linksTo(publicPool),
    processes: processesIn(
      'net',
      namespaces.map((name) => `net:[${statSync(`${netns}/${name}`).ino}]`),
    ),
    netns,
    holders: isApart ? processesIn('mnt', [namespaceOf(server, 'mnt')]) : [],
  }
}

/** Where a server's namespaces have their names; `isApart`: where nobody else's are. */
function placeOf(server: number): { readonly netns: string; readonly isApart: boolean } {
  const isApart = namespaceOf(server, 'mnt') !== namespaceOf(process.pid, 'mnt')
  return { netns: isApart ? `/proc/${server}/root/run/netns` : '/run/netns', isApart }
}

/** Namespaces of a server that are named by one of these ids; undefined where that can not be seen. */
export function namespacesNamed(ids: readonly string[], server: number): string[] | undefined {
  const { netns } = placeOf(server)
  try {
    return readdirSync(netns).filter((name) => ids.some((id) => name.endsWith(`-${id}`)))
  } catch {
    return undefined
  }
}

/** What of it is still there. */
export function remaining({ namespaces, links, processes, netns, holders }: Footprint): string[] {
  return [
    ...namespaces.filter((name) => existsSync(`${netns}/${name}`)).map((name) => `namespace ${name}`),
    ...links.filter((name) => existsSync(`/sys/class/net/${name}`)).map((name) => `link ${name}`),
    ...[...processes, ...holders].filter((pid) => existsSync(`/proc/${pid}`)).map((pid) => `process ${pid}`),
  ]
}

/** The links by which this machine reaches the public addresses. */
function linksTo(prefix: string): string[] {
  const text = execFileSync('ip', ['-j', 'route', 'show', prefix], { encoding: 'utf8' })
  return (JSON.parse(text || '[]') as { dev: string }[]).map(({ dev }) => dev)
}

function processesIn(kind: 'net' | 'mnt', namespaces: readonly string[]): number[] {
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => pid > 0 && namespaces.includes(namespaceOf(pid, kind)))
}

/** As /proc names it; empty where the process has ended meanwhile. */
function namespaceOf(pid: number, kind: 'net' | 'mnt'): string {
  try {
    return readlinkSync(`/proc/${pid}/ns/${kind}`)
  } catch {
    return ''
  }
}
