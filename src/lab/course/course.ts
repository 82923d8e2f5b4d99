/** A lab that somebody is doing on a running server: what is looked at, and what of it is noted. */
import { drawMap } from '../../cli/draw-map.ts'
import { inventory } from '../../cli/inventory.ts'
import { inForce, type Session } from '../../cli/session.ts'
import type { Sight } from '../checks/look.ts'
import { type Result, runChecks } from '../checks/run-checks.ts'
import { see } from '../checks/see.ts'
import type { Lab, Step } from '../format/lab.ts'
import { bind } from '../names/bind.ts'
import { estate } from '../names/things.ts'
import { scriptEnvironment } from './environment.ts'
import type { Journal } from './journal.ts'
import { progressOf } from './progress.ts'

export interface Course {
  readonly session: Session
  readonly lab: Lab
  readonly journal: Journal
}

/** What one look at a step came to. */
export interface Round {
  readonly results: readonly Result[]
  /** Expected errors that are there now, and were not before. */
  readonly met: readonly { readonly title: string; readonly words: string }[]
}

/**
 * Looks at a step and notes what is otherwise than before. `isPatient`: wait for each check as long as it says. Throws
 * Failure where the network does not come into force.
 */
export async function look(course: Course, step: Step, isPatient: boolean): Promise<Round> {
  await inForce(course.session)
  await takeEvents(course)
  const first = await sightOf(course, step)
  const met = await meetErrors(course, step, first)
  let looks = 0
  const results = await runChecks(
    step.checks,
    // Each later look is at what there is then.
    async (check) => see(check.look, looks++ === 0 ? first : await sightOf(course, step)),
    isPatient,
  )
  noteResults(course, step, results)
  return { results, met }
}

/** What a step's names mean at this moment, and all that checks are looked at with. */
export async function sightOf({ session, journal }: Course, step: Step): Promise<Sight> {
  const all = estate(session.client)
  const names = await bind(step.where, all)
  const { events } = progressOf(journal.entries())
  return { session, estate: all, names, events, environment: scriptEnvironment(session, names) }
}

/** Takes what the server has noted since, so that it is kept. */
export async function takeEvents({ session, journal }: Course): Promise<void> {
  const { entries, missed } = await session.control.events(progressOf(journal.entries()).cursor)
  if (missed) journal.add({ kind: 'missed' })
  for (const event of entries) journal.add({ kind: 'event', event })
}

async function meetErrors({ journal }: Course, step: Step, sight: Sight): Promise<Round['met']> {
  const { errors } = progressOf(journal.entries())
  const met: { title: string; words: string }[] = []
  for (const { id, title, when } of step.expectErrors) {
    const { holds, words, since } = await see(when, sight)
    if (holds === errors.has(id)) continue
    journal.add({ kind: 'error', step: step.number, id, isMet: holds, words, ...(since !== undefined && { since }) })
    if (holds) met.push({ title, words })
  }
  return met
}

function noteResults({ journal }: Course, step: Step, results: readonly Result[]): void {
  const { checks } = progressOf(journal.entries())
  for (const { id, status, words, evidence } of results) {
    if (checks.get(id) === status) continue
    journal.add({ kind: 'check', step: step.number, id, status, words, ...(evidence !== undefined && { evidence }) })
  }
}

/** Notes what there is after a step; 0 is the start. */
export async function noteNetwork({ session, journal }: Course, step: number): Promise<void> {
  const all = await inventory(session.client)
  const isDefault = new Set(all.vpcs.flatMap((vpc) => (vpc.isDefault ? [vpc.id] : [])))
  const tables = all.routeTables.filter(({ vpcId }) => !isDefault.has(vpcId))
  journal.add({
    kind: 'network',
    step,
    network: {
      map: drawMap(all, { all: false }),
      peerings: all.peerings,
      tables: tables.map(({ id, name, main, routes }) => ({
        id,
        name: name || (main ? 'main' : ''),
        routes: routes.map(({ destination, target, state }) => `${destination} ${target} ${state}`),
      })),
    },
  })
}
