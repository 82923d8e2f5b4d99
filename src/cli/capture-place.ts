/** What can be captured, by the names that people use. */
import { Failure } from './failure.ts'
import type { Inventory } from './inventory.ts'
import type { Named } from '../check/named.ts'
import { findNamed } from './names.ts'

interface Place extends Named {
  /** What keeps packets away from it; undefined where they pass. */
  readonly idle: string | undefined
}

/** Throws UsageFailure where it is none or several, Failure where no packet passes it. */
export function placeNamed({ instances, peerings, gateways }: Inventory, word: string): Named {
  // An interface has no name of its own that would have to be looked up.
  if (/^eni-[0-9a-f]+$/.test(word)) return { id: word, name: '' }
  const places: Place[] = [
    ...instances.map(({ id, name, state, privateIp, publicIp }) => ({
      id,
      name,
      aliases: [privateIp, publicIp].filter((address) => address !== ''),
      idle: state === 'running' ? undefined : state,
    })),
    ...peerings.map(({ id, name, status }) => ({ id, name, idle: status === 'active' ? undefined : status })),
    ...gateways.map(({ id, name, vpcId }) => ({ id, name, idle: vpcId ? undefined : 'attached to no VPC' })),
  ]
  const place = findNamed('instance, peering or internet gateway', places, word)
  if (place.idle === undefined) return place
  throw new Failure(`${place.name || place.id} is ${place.idle}: no packet passes it.`)
}
