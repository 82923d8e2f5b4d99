/** The one link between the host's own network and the internet's namespace: how ping and curl reach an Elastic IP. */
import { existsSync, readFileSync } from 'node:fs'
import { ipBatch } from './command.ts'
import { recordHostChanges } from './host-changes.ts'
import { macOf, shortHash } from './names.ts'
import type { HostLink } from './render.ts'
import { HOST_PORT } from './render-internet.ts'

/** The name of the host's end; 15 bytes at most. */
export const hostLinkName = (tag: string): string => `ist${shortHash(tag, 10)}`

/** Makes the link where it is not there, whole. Answers whether it had to. */
export async function ensureHostLink(
  tag: string,
  stateDir: string,
  internet: string,
  { pool, hostAddress }: HostLink,
): Promise<boolean> {
  const name = hostLinkName(tag)
  if (await isWhole(name, `${hostAddress}`, pool)) return false
  recordHostChanges(stateDir, [
    { kind: 'link', name },
    { kind: 'route', prefix: pool, link: name },
  ])
  const wire = `address ${macOf(name)} mtu 1500`
  await ipBatch(undefined, [`link del ${name}`], true)
  await ipBatch(undefined, [
    `link add name ${name} ${wire} type veth peer name ${HOST_PORT} netns ${internet} ${wire}`,
    `link set ${name} arp off up`,
    `addr add ${hostAddress}/32 dev ${name}`,
    `route replace ${pool} dev ${name} src ${hostAddress}`,
  ])
  await ipBatch(internet, [`link set ${HOST_PORT} arp off up`])
  return true
}

/** Both ends and the route: the far end dies with its namespace, and the near one with it. */
async function isWhole(name: string, address: string, pool: string): Promise<boolean> {
  if (!existsSync(`/sys/class/net/${name}`)) return false
  const text = await ipBatch(undefined, [`addr show dev ${name}`, `route show ${pool}`], true)
  return text.includes(`${address}/32`) && text.includes(`dev ${name}`) && text.includes(`${pool} dev`)
}

/** `ip netns add` mounts a folder the first time; that is a change of the host, too. */
export function recordNetnsMount(stateDir: string): void {
  const mounted = readFileSync('/proc/self/mountinfo', 'utf8').includes(' /run/netns ')
  if (!mounted) recordHostChanges(stateDir, [{ kind: 'mount', path: '/run/netns' }])
}
