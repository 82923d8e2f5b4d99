/**
 * Settings of neighbour tables where /proc does not show them: in network namespaces that belong to another user
 * namespace than the machine's own. There `ip ntable` sets and tells them.
 */
import { ipBatch } from './command.ts'
import type { Facts } from './desired.ts'

const PATH = /^ipv4\/neigh\/([^/]+)\/(proxy_delay)$/

/** Sets those of `settings` (path under /proc/sys/net, value) that it can, and answers the others. */
export async function setNeighborSettings(
  namespace: string,
  settings: readonly (readonly [string, string])[],
): Promise<(readonly [string, string])[]> {
  const lines = settings.flatMap(([path, value]) => {
    const [, device, name] = PATH.exec(path) ?? []
    return device === undefined ? [] : [`ntable change name arp_cache dev ${device} ${name} ${value}`]
  })
  await ipBatch(namespace, lines)
  return settings.filter(([path]) => !PATH.test(path))
}

interface Row {
  readonly dev?: string
  readonly proxy_delay?: number
}

/** What those among `paths` are set to. */
export async function readNeighborSettings(namespace: string, paths: readonly string[]): Promise<Facts> {
  const wanted = paths.filter((path) => PATH.test(path))
  if (wanted.length === 0) return new Map()
  const text = await ipBatch(namespace, ['ntable show name arp_cache'], false, ['-4', '-j'])
  const rows = JSON.parse(text || '[]') as Row[]
  const found = new Map(rows.map(({ dev, proxy_delay }) => [`ipv4/neigh/${dev}/proxy_delay`, `${proxy_delay}`]))
  return new Map(wanted.flatMap((path) => [[path, found.get(path)] as const]).filter(isKnown))
}

const isKnown = (entry: readonly [string, string | undefined]): entry is readonly [string, string] =>
  entry[1] !== undefined
