/** Assertions about the state as it is now; who watches has them stand, so that a change costs what it concerns. */
import type { Assertion } from '../check/assertion.ts'
import { evaluate, type Result } from '../check/evaluate.ts'
import type { Subject } from '../check/explanation.ts'
import type { Scope } from '../check/names.ts'
import { Standing } from '../check/standing.ts'
import type { Prefix } from '../ip/prefix.ts'
import type { ControlPlane } from './control-plane.ts'

/** `looked`: how many pairs were looked at; only for who watches. */
export interface Checked {
  readonly revision: number
  readonly results: readonly Result[]
  readonly looked?: number
}

export interface Checks {
  /** The state, its network, and what fixes are tried with. */
  subject(): Subject
  /** `watch`: a name of the asker's own, the same each time it asks. */
  check(assertions: readonly Assertion[], scope: Scope, watch?: string): Checked
}

/** What stands for one asker, and of which revision. */
interface Kept {
  readonly asked: string
  readonly standing: Standing
  readonly revision: number
  readonly idle: NodeJS.Timeout
}

/** So many askers are remembered, for so many milliseconds after they have asked. */
const MOST = 16
const IDLE = 600_000

export function checks(plane: ControlPlane, publicPool: Prefix): Checks {
  /** The one that has asked last comes last. */
  const kept = new Map<string, Kept>()

  function subject(): Subject {
    const compiled = plane.compiled()
    return { state: plane.state, network: compiled.network, setting: { compiled, publicPool, now: Date.now() } }
  }

  function forget(watch: string): void {
    clearTimeout(kept.get(watch)?.idle)
    kept.delete(watch)
  }

  function keep(watch: string, one: Omit<Kept, 'idle'>): void {
    kept.set(watch, { ...one, idle: setTimeout(() => kept.delete(watch), IDLE).unref() })
    const [oldest] = kept.keys()
    if (kept.size > MOST && oldest !== undefined) forget(oldest)
  }

  function watched(assertions: readonly Assertion[], scope: Scope, watch: string): Checked {
    const asked = JSON.stringify([assertions, scope])
    const known = kept.get(watch)
    // What fails on the way leaves nothing half done behind.
    forget(watch)
    const same = known?.asked === asked ? known : undefined
    const standing = same?.standing ?? new Standing(assertions, scope)
    const about = subject()
    const { revision } = plane
    const { results, looked } = standing.update(about, same && plane.since(same.revision))
    keep(watch, { asked, standing, revision })
    return { revision, results, looked }
  }

  return {
    subject,
    check: (assertions, scope, watch) =>
      watch === undefined
        ? { revision: plane.revision, results: evaluate(subject(), assertions, scope) }
        : watched(assertions, scope, watch),
  }
}
