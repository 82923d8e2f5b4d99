/** What a simulated node knows of itself: its interfaces, its name, its files, and who serves it. */
import type { Ip } from '../../ip/address.ts'
import type { Interface, Network } from '../../network/network.ts'
import type { GuestFile } from '../engine.ts'
import type { Simulation } from './commands.ts'

export interface Machine {
  readonly node: string
  readonly hostname: string
  /** The primary address of its first interface. */
  readonly address: Ip
  /** By device index. */
  readonly interfaces: readonly Interface[]
  /** The router of its first interface's subnet; the internet has none. */
  readonly router: string | undefined
  /** Files of its guest. */
  readonly files: readonly GuestFile[]
}

/** The machine of a node. Throws where it is not in force. */
export function machineOf(simulation: Simulation, node: string): Machine {
  const network = simulation.network()
  const interfaces = [...network.interfaces.values()]
    .filter((i) => i.node === node && i.addresses.length > 0)
    .toSorted((a, b) => (a.deviceIndex ?? 0) - (b.deviceIndex ?? 0))
  const [first] = interfaces
  const address = first?.addresses[0]
  if (!first || !address) throw new Error(`${node} is not running`)
  const guest = simulation.guest(node)
  return {
    node,
    address,
    interfaces,
    hostname: guest?.hostname ?? (routerOf(network, first) ? `ip-${address.replaceAll('.', '-')}` : node),
    router: routerOf(network, first),
    files: guest?.files ?? [],
  }
}

const routerOf = (network: Network, { segment, node }: Interface): string | undefined =>
  [...network.interfaces.values()].find(
    (i) => i.segment === segment && i.node !== node && network.nodes.get(i.node)?.kind === 'router',
  )?.node

/** The address at which a machine's router serves it, if it does. Of several the one in the VPC, as DHCP tells it. */
export const serviceAddress = (network: Network, { router }: Machine, kind: 'dns' | 'metadata'): Ip | undefined =>
  network.services
    .filter((service) => service.node === router && service.kind === kind)
    .map(({ address }) => address)
    .toSorted((a, b) => Number(a.startsWith('169.254.')) - Number(b.startsWith('169.254.')))[0]
