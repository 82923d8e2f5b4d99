/** What the analyzer says of two ends, there and back, each time a check of theirs comes to something else. */
import { explainOn } from '../../cli/explain-ask.ts'
import { Failure } from '../../cli/failure.ts'
import { trafficOf } from '../../check/traffic.ts'
import type { Result } from '../checks/run-checks.ts'
import type { ReachLook, Step } from '../format/lab.ts'
import { bind, UnboundError } from '../names/bind.ts'
import { estate } from '../names/things.ts'
import type { Course } from './course.ts'
import type { WayJudged } from './journal.ts'

/** Of checks that are about reach, and of which the results are. */
export async function noteVerdicts(course: Course, step: Step, results: readonly Result[]): Promise<void> {
  const { session, journal } = course
  const looks = step.checks.flatMap(({ id, look }) => (look.kind === 'reach' ? [{ id, look }] : []))
  const asked = looks.filter(({ id }) => results.some((one) => one.id === id && one.status !== 'skipped'))
  if (asked.length === 0) return
  const names = await bind(step.where, estate(session.client))
  for (const { id, look } of asked) {
    const ends = endsOf(look, names.text)
    if (!ends) continue
    const [from, to] = ends
    const ways = [await judged(course, look, from, to), await judged(course, look, to, from)]
    journal.add({ kind: 'verdict', step: step.number, id, ways: ways.flatMap((way) => way ?? []) })
  }
}

/** Undefined where an end is not there. */
function endsOf({ from, to }: ReachLook, text: (template: string) => string): [string, string] | undefined {
  try {
    return [text(from), text(to)]
  } catch (error) {
    if (error instanceof UnboundError) return undefined
    throw error
  }
}

/** Undefined where nothing can be asked, as from an address that is nobody's. */
async function judged(course: Course, look: ReachLook, from: string, to: string): Promise<WayJudged | undefined> {
  try {
    const traffic = trafficOf(look.protocol, look.ports)
    const { verdict, headline, way } = await explainOn(course.session, { from, to, traffic })
    const words = [headline, ...way.blockers.map(({ sentence }) => sentence)]
    return { from, to, isReachable: verdict === 'reachable', words }
  } catch (error) {
    if (error instanceof Failure) return undefined
    throw error
  }
}
