/** What a remedy is made from: the blocker, where it stands, and the records as the calls so far have left them. */
import type { State } from '../../ec2/state.ts'
import type { HeaderSet } from '../../headers/header-set.ts'
import type { Blocker, Remedy, Way } from '../answer.ts'
import type { Question } from '../question.ts'
import type { Rehearsal } from './rehearsal.ts'

export interface Situation {
  readonly question: Question
  /** Every header that is asked about. */
  readonly asked: HeaderSet
  readonly way: Way
  readonly blocker: Blocker
  /** Whether rules and routes are for one address, where else they are for its VPC's block. */
  readonly narrow: boolean
  /** As the calls so far have left it. */
  readonly state: State
}

export interface Task<K extends Remedy['kind'] = Remedy['kind']> extends Situation {
  readonly remedy: Extract<Remedy, { kind: K }>
}

/**
 * Which kind of cure: `address`, the usual one, by addresses; `group`, a rule that names a security group; `replace`,
 * another entry or route in place of the one that decides; `add`, one more rule where the usual cure is another;
 * `spare`, a public address that is there already.
 */
export type Style = 'address' | 'group' | 'replace' | 'add' | 'spare'
export const STYLES: readonly Style[] = ['address', 'group', 'replace', 'add', 'spare']

/** One way to do as the remedy says. It makes no call for what is already so. */
export interface Cure {
  readonly style: Style
  readonly carryOut: (rehearsal: Rehearsal) => void
}

/** The cures of a blocker, the usual one first; or a sentence that says why there is none. */
export type Cures = readonly [Cure, ...Cure[]] | string
