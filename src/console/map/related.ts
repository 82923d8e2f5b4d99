/** What belongs together: a thing, what it is in, what it leads to, and what leads to it. */
import type { Estate } from '../estate/estate.ts'
import { isPublic, tableOf } from '../estate/estate.ts'

/** Ids that light up with `id`, itself among them. */
export function relatedTo(estate: Estate, id: string): ReadonlySet<string> {
  const found = new Set([id])
  const add = (...ids: string[]) => ids.forEach((one) => void (one && found.add(one)))
  for (const subnet of estate.subnets.filter((one) => one.id === id)) {
    const table = tableOf(estate, subnet)
    add(subnet.vpcId, table?.id ?? '', ...(isPublic(table) ? targets(table) : []))
    add(...estate.instances.filter(({ subnetId }) => subnetId === id).map((instance) => instance.id))
  }
  for (const instance of estate.instances.filter((one) => one.id === id)) {
    const subnet = estate.subnets.find((one) => one.id === instance.subnetId)
    const table = subnet && tableOf(estate, subnet)
    add(instance.vpcId, instance.subnetId, table?.id ?? '', ...targets(table))
  }
  for (const table of estate.tables.filter((one) => one.id === id)) add(...usersOf(estate, table.id), ...targets(table))
  for (const table of estate.tables.filter((one) => targets(one).includes(id)))
    add(table.id, table.vpcId, ...usersOf(estate, table.id))
  for (const { requester, accepter } of estate.peerings.filter((one) => one.id === id))
    add(requester.vpcId, accepter.vpcId)
  for (const gateway of estate.gateways.filter((one) => one.id === id)) add(gateway.vpcId, gateway.subnetId)
  for (const peering of estate.peerings) {
    const ends = [peering.requester.vpcId, peering.accepter.vpcId]
    if (ends.includes(id)) add(peering.id, ...ends)
  }
  return found
}

const targets = (table: { readonly routes: readonly { readonly target: string }[] } | undefined): string[] =>
  (table?.routes ?? []).map(({ target }) => target).filter((target) => target !== 'local')

const usersOf = (estate: Estate, tableId: string): string[] =>
  estate.subnets.filter((subnet) => tableOf(estate, subnet)?.id === tableId).map(({ id }) => id)
