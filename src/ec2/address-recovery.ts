/** Elastic IP addresses that an account gave back a while ago, and may ask for again. */
import { type Ip, parseIp } from '../ip/address.ts'
import { ApiError } from './errors.ts'
import { isTaken } from './public-address.ts'
import { type Context, defineKind, isOwn, type Resource } from './resource.ts'

export interface ReleasedAddress extends Resource {
  readonly state: 'kept'
}

declare module './resource.ts' {
  interface ResourceTypes {
    'released-address': ReleasedAddress
  }
}

/** unverified: how long AWS remembers whose it was. */
const WEEK = 7 * 24 * 3_600_000

export const releasedAddress = defineKind({
  type: 'released-address',
  // Its id is made from the address: nothing can be asked for by it.
  idPrefix: 'released/address',
  noun: 'released address',
  codes: { notFound: 'InvalidAddress.NotFound', malformed: 'InvalidAddress.Malformed' },
  references: {},
  lifecycle: { kept: { after: WEEK, gone: true } },
  filters: {},
})

const idOf = (publicIp: Ip): string => `released/${publicIp}`

/** From now on the caller, and nobody else, may ask for the address by name. */
export function rememberReleased({ caller: { account, region }, now, state }: Context, publicIp: Ip): void {
  const base = { id: idOf(publicIp), account, region, tags: {}, stateSince: now }
  state.put('released-address', { ...base, state: 'kept' })
}

/** One that the caller released, where it is still free. Throws InvalidAddress.NotFound (unverified). */
export function recoveredAddress({ caller, state }: Context, text: string): Ip {
  const publicIp = parseIp(text)
  // unverified: AWS's words.
  if (!publicIp) throw new ApiError('InvalidAddress.Malformed', `Invalid IPv4 address: ${text}`)
  const released = state.get('released-address', idOf(publicIp))
  if (!released || !isOwn(released, caller) || isTaken(state, publicIp))
    throw new ApiError('InvalidAddress.NotFound', `Address '${publicIp}' not found.`)
  state.remove('released-address', released.id)
  return publicIp
}
