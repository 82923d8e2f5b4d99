/**
 * What a check is looked at with, and what is seen.
 *
 * Invariants of this folder: to look changes nothing; what is not there is seen as such, and is no error.
 */
import type { Session } from '../../cli/session.ts'
import type { ServerEvent } from '../../client/control.ts'
import { VIAS } from '../format/lab.ts'
import type { Names } from '../names/bind.ts'
import type { Estate } from '../names/things.ts'

export interface Sight {
  readonly session: Session
  readonly estate: Estate
  readonly names: Names
  /** What the server noted since the lab began. */
  readonly events: readonly ServerEvent[]
  /** For scripts: the server, and the names as variables. */
  readonly environment: NodeJS.ProcessEnv
}

export interface Seen {
  readonly holds: boolean
  /** What was seen, in a sentence or more. */
  readonly words: string
  /** The same without a cure; where there is none, the words say it. */
  readonly why?: string
  /** What stood on a terminal. */
  readonly evidence?: string
  /** When it came to be so, where that is known: milliseconds since the epoch. */
  readonly since?: number
}

export type Looker<L> = (look: L, sight: Sight) => Promise<Seen>

/** Text of an instance or script: the end of it is enough. */
export const lastLines = (text: string, lines = 12): string => text.trimEnd().split('\n').slice(-lines).join('\n')

/** Whether a thing is the one, or of the kind, that `via` says. */
export function isVia(id: string, via: string): boolean {
  const beginning = VIAS[via]
  return beginning === undefined ? id === via : id.startsWith(beginning)
}
