/** A fix as people are shown it: each call beside the command that makes it. */
import type { Blocker } from '../answer.ts'
import { type Call, commandOf, type Fix, type Principal } from '../fix.ts'

/** A call and its `aws ec2 ...` command. */
export interface ToldCall extends Call {
  readonly command: string
}

export interface ToldFix {
  /** In order; made one after the other they make all that was asked reachable. */
  readonly calls: readonly ToldCall[]
  /** The sentences of the blockers that it mends. */
  readonly mends: readonly string[]
  /** What else the calls let pass, a sentence each. */
  readonly opens: Fix['opens']
  /** What they no longer let pass. */
  readonly closes: Fix['closes']
}

/** The commands are for `asker`: another account or Region is named in them. */
export const toldFix = (fix: Fix, words: (blocker: Blocker) => string, asker?: Principal): ToldFix => ({
  calls: fix.calls.map((call) => ({ ...call, command: commandOf(call, asker) })),
  mends: fix.mends.map(words),
  opens: fix.opens,
  closes: fix.closes,
})
