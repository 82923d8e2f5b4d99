/** The one link between the host's own network and the internet's namespace: how ping and curl reach an Elastic IP. */
import { readFileSync } from 'node:fs'
import type { Ip } from '../../ip/address.ts'
import type { Prefix } from '../../ip/prefix.ts'
import { ipBatch } from './command.ts'
import { recordHostChanges } from './host-changes.ts'
import { macOf, shortHash } from './names.ts'
import type { HostLink } from './render.ts'
import { HOST_PORT } from './render-internet.ts'
import { askKernel } from './rtnetlink.ts'

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
  if (isWhole(name, hostAddress, pool)) return false
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

/**
 * Both ends and the route: the far end dies with its namespace, and the near one with it. The carrier says that the far
 * one is up, which is the last that is done to it.
 */
const isWhole = (name: string, address: Ip, pool: Prefix): boolean =>
  hasCarrier(name) &&
  askKernel('/proc/self/ns/net', (kernel) => {
    const index = kernel.links().find((link) => link.name === name)?.index
    return (
      kernel.addresses().some((a) => a.link === index && a.address === address) &&
      kernel.routes().some((r) => r.link === index && `${r.destination}/${r.length}` === pool)
    )
  })

function hasCarrier(name: string): boolean {
  try {
    return readFileSync(`/sys/class/net/${name}/carrier`, 'utf8').trim() === '1'
  } catch {
    return false
  }
}

/** `ip netns add` mounts a folder the first time; that is a change of the host, too. */
export function recordNetnsMount(stateDir: string): void {
  const mounted = readFileSync('/proc/self/mountinfo', 'utf8').includes(' /run/netns ')
  if (!mounted) recordHostChanges(stateDir, [{ kind: 'mount', path: '/run/netns' }])
}
