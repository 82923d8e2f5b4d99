/** Giving public addresses away, from the one pool that all accounts and Regions share. */
import { createHash } from 'node:crypto'
import type { Ip } from '../ip/address.ts'
import { addressAt, sizeOf } from '../ip/prefix.ts'
import { ApiError } from './errors.ts'
import type { Context } from './resource.ts'
import type { State } from './state.ts'

/** The first four addresses of the pool are the server's own ends, the last is left alone. */
const FIRST = 4
const LAST = 1

/** A public address that nobody has; not the next one, as AWS's are not. Throws InsufficientAddressCapacity. */
export function takePublicAddress(context: Context): Ip {
  const count = Number(sizeOf(context.publicPool)) - FIRST - LAST
  const start = createHash('sha256').update(context.newId('address')).digest().readUInt32BE() % count
  for (let i = 0; i < count; i++) {
    const candidate = addressAt(context.publicPool, FIRST + ((start + i) % count))
    if (!isTaken(context.state, candidate)) return candidate
  }
  throw new ApiError('InsufficientAddressCapacity', 'Not enough available addresses to satisfy your minimum request.')
}

/** Whether it is somebody's Elastic IP, or was given to an interface with a launch. */
export const isTaken = (state: State, address: Ip): boolean =>
  state.where('elastic-ip', 'publicIp', address).length > 0 ||
  state.where('network-interface', 'publicIp', address).length > 0
