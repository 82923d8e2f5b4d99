/** What a fix opens beside what was asked for: as sets, and as it is told. */
import type { HeaderSet } from '../../headers/header-set.ts'
import type { Aim } from '../reach/passages.ts'

/** Who may send what to whom. */
export interface Opening {
  /** Ids of interfaces; of the internet, prefixes. */
  readonly from: readonly string[]
  readonly to: readonly string[]
  /** At which address of theirs the receivers are asked. */
  readonly aimedAt: Aim
  /** Such as `ping`, `TCP port 22`. */
  readonly traffic: readonly string[]
  readonly text: string
}

/** What passes now and did not: headers between interfaces, or the internet (absent). */
export interface Difference {
  readonly from: readonly string[] | undefined
  readonly to: readonly string[] | undefined
  readonly aimedAt: Aim
  readonly headers: HeaderSet
}
