/** What nat nodes did to a packet on its way, as a trace tells it. */
import type { Ip } from '../../ip/address.ts'
import type { Leg } from '../../network/flow.ts'
import { natRestores } from '../../network/nat.ts'
import type { Interface, Network } from '../../network/network.ts'

export interface NatPassage {
  readonly interface: Interface
  /** The address in whose name it sends. */
  readonly own: Ip
  /** What became of the packet: sent on in its name, handed back as an answer, or neither. */
  readonly did: 'sent' | 'restored' | undefined
}

/** In the order of the way. */
export function natPassages(network: Network, { path, steps }: Leg): NatPassage[] {
  return path.flatMap((id) => {
    const node = network.nodes.get(id)
    const at = node?.kind === 'nat' && [...network.interfaces.values()].find((i) => i.node === id)
    const [own] = at ? at.addresses : []
    if (!node || !at || !own) return []
    const passed = steps.find((step) => step.node === id && step.stage === 'translate-port' && step.outcome === 'pass')
    const did = passed && (passed.origin.rule === natRestores(node).rule ? 'restored' : 'sent')
    return [{ interface: at, own, did }]
  })
}
