/** What a call with a client token asked and was answered; kept as long as AWS keeps it. */
import { defineKind, type Resource } from './resource.ts'

export interface ClientToken extends Resource {
  readonly state: 'kept'
  /** A digest of the parameters. */
  readonly asked: string
  /** The answer, serialized. */
  readonly answer: string
}

declare module './resource.ts' {
  interface ResourceTypes {
    'client-token': ClientToken
  }
}

const DAY = 24 * 3_600_000

export const clientToken = defineKind({
  type: 'client-token',
  idPrefix: 'client/token',
  noun: 'client token',
  codes: { notFound: 'InvalidParameterValue', malformed: 'InvalidParameterValue' },
  references: {},
  lifecycle: { kept: { after: DAY, gone: true } },
  filters: {},
})
