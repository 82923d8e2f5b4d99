/** What headers went through on their way: the links, gateways, subnets and rules that a filter can name. */
import { topologyOf } from '../../forward/topology.ts'
import type { Packet } from '../../forward/walk.ts'
import type { Site } from './components.ts'

/** Ids of all that it met: rules' and routes' resources, nodes, and the segments between and under them. */
export function traversed<H>({ state, network }: Site, { steps, path, at, sender }: Packet<H>): ReadonlySet<string> {
  const met = new Set<string>(path)
  for (const { origin } of steps) for (const id of origin.resource.split(',')) met.add(id)
  for (const end of [at, sender]) {
    if (!end) continue
    met.add(end.id)
    met.add(end.segment)
  }
  for (const id of linksOf(network, path)) met.add(id)
  for (const id of [...met]) {
    const eni = state.get('network-interface', id)
    if (eni) met.add(eni.subnetId).add(eni.vpcId)
  }
  return met
}

/** The peerings and uplinks between one node of the path and the next. */
function linksOf(network: Site['network'], path: readonly string[]): string[] {
  const { interfacesOf } = topologyOf(network)
  const on = (node: string) => interfacesOf.get(node) ?? []
  return path.slice(1).flatMap((node, i) => {
    const before = new Set(on(path[i] as string).map(({ segment }) => segment))
    return on(node).flatMap(({ segment }) => (before.has(segment) ? [segment] : []))
  })
}
