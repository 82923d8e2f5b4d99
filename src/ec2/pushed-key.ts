/** A public key that EC2 Instance Connect has put into an instance's metadata, for one user and for 60 seconds. */
import { defineKind, type Resource } from './resource.ts'
import type { State } from './state.ts'

export interface PushedKey extends Resource {
  readonly state: 'pushed'
  readonly instanceId: string
  /** Of the instance's own system. */
  readonly user: string
  /** One line in OpenSSH's form. */
  readonly publicKey: string
}

declare module './resource.ts' {
  interface ResourceTypes {
    'pushed-key': PushedKey
  }
}

/** How long a pushed key opens its instance (I1), in milliseconds. */
const LIFETIME = 60_000

/** Nobody sees it through the EC2 API: it can be neither named, nor described, nor tagged. */
export const pushedKey = defineKind({
  type: 'pushed-key',
  idPrefix: 'pushed/key',
  noun: 'pushed key',
  codes: { notFound: 'InvalidParameterValue', malformed: 'InvalidParameterValue' },
  // A key for an instance that is gone opens nothing, and holds nothing back.
  references: {},
  lifecycle: { pushed: { after: LIFETIME, gone: true } },
  filters: {},
})

/** The keys that let `user` into an instance at `now` (milliseconds): those of the last 60 s, the newest last (I1). */
export const activeKeys = (state: State, instanceId: string, user: string, now: number): string[] =>
  [...state.all('pushed-key')]
    .filter((key) => key.instanceId === instanceId && key.user === user && now < key.stateSince + LIFETIME)
    .map((key) => key.publicKey)
