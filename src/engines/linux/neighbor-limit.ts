/**
 * The host's limit on neighbours, which all network namespaces share: some hundreds of instances that talk to each
 * other meet it, and lose packets. It is raised while they are many, and put back at the end.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { recordHostChanges } from './host-changes.ts'

const PATH = 'net/ipv4/neigh/default/gc_thresh3'
/** What the limit was before any server of ours raised it. Gone at a reboot, as the raised limit is. */
const ORIGINAL = '/run/isthmus-neighbors'
/** Entries that a host may take: its gateway, and some neighbours on its subnet. */
const PER_HOST = 8

/** Raises the limit where `hosts` need it; what it was is recorded first. Not ours to set: nothing happens. */
export function ensureNeighborLimit(stateDir: string, hosts: number, log: (line: string) => void): void {
  const needed = 2 ** Math.ceil(Math.log2(Math.max(1, hosts * PER_HOST)))
  const current = readLimit()
  if (current === undefined || current >= needed) return
  const before = existsSync(ORIGINAL) ? readFileSync(ORIGINAL, 'utf8') : `${current}`
  recordHostChanges(stateDir, [{ kind: 'sysctl', path: PATH, before, noted: ORIGINAL }])
  writeFileSync(ORIGINAL, before)
  writeFileSync(`/proc/sys/${PATH}`, `${needed}`)
  log(
    `${hosts} hosts need more neighbours than this machine allows: net.ipv4.neigh.default.gc_thresh3 is ${needed} ` +
      `now (it was ${before}, and will be again).`,
  )
}

/** Undefined in a user namespace, where the limit does not show. */
function readLimit(): number | undefined {
  try {
    return Number(readFileSync(`/proc/sys/${PATH}`, 'utf8'))
  } catch {
    return undefined
  }
}
