/**
 * The nft table of a router, of parts: its wires, the rules that judge, and its uplinks. A part of which nothing has
 * changed is the same as before, with all its chains, maps and sets.
 */
import { keeping } from '../../network/kept.ts'
import type { Network, Node } from '../../network/network.ts'
import { joined } from './chains.ts'
import type { Comments } from './comments.ts'
import { statefulPart, statelessPart } from './filters.ts'
import { uplinkPart } from './gates.ts'
import type { Port } from './layout.ts'
import type { NftTable } from './nft.ts'
import { wiresOf } from './wires.ts'

const keepTable = keeping<NftTable>()

export function routerTable(network: Network, router: Node, ports: readonly Port[], comments: Comments): NftTable {
  const { part, stateful, stateless } = wiresOf(network, router, ports)
  const parts = [
    part,
    ...stateful.map(({ at, direction }) => statefulPart(network, at, direction)),
    ...stateless.map(({ ruleSet, direction }) => statelessPart(network, ruleSet, direction)),
    ...ports.filter((p) => p.segment.kind === 'uplink').map((port) => uplinkPart(network, port, ports)),
  ]
  for (const [key, text] of parts.flatMap((p) => [...p.comments])) comments.set(key, text)
  return keepTable(router, parts, () => joined(parts))
}
