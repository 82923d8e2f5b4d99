/** What answers instances at the addresses of their VPC's services: names, and metadata. */
import { randomBytes } from 'node:crypto'
import type { State } from '../ec2/state.ts'
import type { Services } from '../engines/engine.ts'
import { dnsAnswer } from './dns/dns.ts'
import { metadataAnswer } from './metadata/metadata.ts'

export interface ServicesOptions {
  /** The committed records. */
  readonly state: () => State
  /** Milliseconds since the epoch. */
  readonly now: () => number
  /** The keys that Instance Connect has pushed for a user of an instance and that are good at `now` (I1). */
  readonly activeKeys: (state: State, instanceId: string, user: string, now: number) => readonly string[]
  /** Signs the metadata service's tokens. A fresh one unless given: tokens end with the server, as clients expect. */
  readonly secret?: Uint8Array
}

export function services({ state, now, activeKeys, secret = randomBytes(32) }: ServicesOptions): Services {
  return {
    dns: (router, _from, query) => dnsAnswer(state(), router, query),
    metadata(router, from, request) {
      const [records, at] = [state(), now()]
      const keysOf = (instanceId: string, user: string) => activeKeys(records, instanceId, user, at)
      return metadataAnswer({ state: records, now: at, secret, activeKeys: keysOf }, router, from, request)
    },
  }
}
