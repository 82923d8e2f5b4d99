/** Who answers out there: the few hosts that the internet of a network has, or everybody (`World.worldwide`). */
import type { Ip } from '../ip/address.ts'
import { PRIVATE_PREFIXES, type Prefix } from '../ip/prefix.ts'
import type { Cases } from './headers.ts'
import type { Packet, World } from './walk.ts'

/** What no host of the internet has: private and shared addresses, this host, link-local, multicast, reserved. */
export const NOWHERE = [
  ...PRIVATE_PREFIXES,
  ...['0.0.0.0/8', '127.0.0.0/8', '169.254.0.0/16', '224.0.0.0/3'],
  ...['::/3', '4000::/2', '8000::/1'],
] as readonly string[] as readonly Prefix[]

const nowhere: Cases<'nowhere'> = {
  tests: NOWHERE.map((prefix) => ({ field: 'destination', prefix })),
  outcomes: NOWHERE.map(() => 0),
  values: ['nowhere'],
}

/** The part of a packet for an address that nobody here has which a host of the internet takes; and the rest. */
export function takenOutside<H>(
  { topology, domain, worldwide }: World<H>,
  { at, path }: Packet<H>,
  headers: H,
): { readonly yes?: H; readonly no?: H } {
  // What begins outside looks for somebody here: that one of its own neighbours may have the address is not asked.
  if (!worldwide || path.length === 1) {
    const hosts: ReadonlySet<Ip> = new Set((topology.interfacesOf.get(at.node) ?? []).flatMap((i) => i.addresses))
    return domain.split(headers, { field: 'destination', addresses: hosts })
  }
  const { hits, rest } = domain.classify(headers, nowhere)
  const [lost] = hits
  return { ...(rest !== undefined && { yes: rest }), ...(lost && { no: lost[0] }) }
}
