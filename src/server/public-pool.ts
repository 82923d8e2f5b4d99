/** The public addresses of one server: a block of 198.18.0.0/15 (RFC 2544) that nothing on this machine routes. */
import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { promisify } from 'node:util'
import type { Ip } from '../ip/address.ts'
import { addressAt, overlaps, type Prefix, parsePrefix, prefix } from '../ip/prefix.ts'
import type { Store } from '../store/store.ts'

const run = promisify(execFile)
const SPACE = prefix('198.18.0.0/15')
/** A /22: 1,024 addresses, 128 servers on one machine. */
const SIZE = 1024
const BLOCKS = 128

/** The host's own end of its link to the internet: what a security group sees as "my IP". */
export const hostAddressOf = (pool: Prefix): Ip => addressAt(pool, 1)

/**
 * The block of this state: chosen once, and kept. The first that is free from a place that the state's tag decides:
 * servers that are down route nothing, and theirs must not all be the same.
 */
export async function publicPool(store: Store, tag: string): Promise<Prefix> {
  const known = parsePrefix(store.meta('public-pool') ?? '')
  if (known) return known
  const taken = await routedHere()
  const start = createHash('sha256').update(tag).digest().readUInt32BE() % BLOCKS
  const blocks = Array.from({ length: BLOCKS }, (_, i) =>
    prefix(`${addressAt(SPACE, ((start + i) % BLOCKS) * SIZE)}/22`),
  )
  const chosen = blocks.find((block) => !taken.some(({ to }) => overlaps(block, to))) ?? (blocks[0] as Prefix)
  store.setMeta('public-pool', chosen)
  return chosen
}

/** The link other than `own` to which this machine already sends some of the pool; undefined where there is none. */
export async function otherLinkTo(pool: Prefix, own: string): Promise<string | undefined> {
  return (await routedHere()).find(({ to, link }) => link !== own && overlaps(pool, to))?.link
}

/** What the host's main table routes, the default route aside; empty where there is no `ip`. */
async function routedHere(): Promise<{ to: Prefix; link: string }[]> {
  const { stdout } = await run('ip', ['-j', 'route', 'show']).catch(() => ({ stdout: '[]' }))
  const routes = JSON.parse(stdout || '[]') as { dst: string; dev?: string }[]
  return routes.flatMap(({ dst, dev = 'none' }) => {
    const to = parsePrefix(dst.includes('/') ? dst : `${dst}/32`)
    return to ? [{ to, link: dev }] : []
  })
}
