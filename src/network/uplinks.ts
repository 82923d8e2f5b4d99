/**
 * Which addresses beside a router pass no uplink, and why. Read by every engine.
 *
 * An uplink's edge lets nothing out that comes from such an address, and nothing in that is for one; each packet is
 * judged alone, by the private address, and no rule allows otherwise.
 */
import type { Ip } from '../ip/address.ts'
import type { Interface } from './network.ts'
import { type Origin, originKey } from './origin.ts'

/** Addresses that one fact keeps from every uplink. */
interface Shut {
  readonly origin: Origin
  readonly addresses: readonly Ip[]
}

/** The addresses of interfaces beside one router that pass no uplink, by the fact behind it, in a fixed order. */
export function shutOff(interfaces: Iterable<Interface>): readonly Shut[] {
  const groups = new Map<string, { readonly origin: Origin; readonly addresses: Ip[] }>()
  for (const { noUplink, addresses } of interfaces) {
    if (!noUplink) continue
    const group = groups.get(originKey(noUplink)) ?? { origin: noUplink, addresses: [] }
    group.addresses.push(...addresses)
    groups.set(originKey(noUplink), group)
  }
  return [...groups].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, group]) => group)
}
