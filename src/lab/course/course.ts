/** A lab that somebody is doing on a running server: what is looked at, and what of it is noted. */
import { inForce, type Session } from '../../cli/session.ts'
import type { Sight } from '../checks/look.ts'
import { type Result, runChecks } from '../checks/run-checks.ts'
import { see } from '../checks/see.ts'
import type { Lab, Step } from '../format/lab.ts'
import { namespacesNamed } from '../leftovers.ts'
import { bind } from '../names/bind.ts'
import { estate } from '../names/things.ts'
import { noteChanges } from './changes.ts'
import { scriptEnvironment } from './environment.ts'
import type { Entry, Journal } from './journal.ts'
import { type NetworkSeen, networkSeen } from './network-seen.ts'
import { progressOf } from './progress.ts'
import { noteVerdicts } from './verdicts.ts'

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
  const changed = noteResults(course, step, results)
  await noteVerdicts(course, step, changed)
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
export async function takeEvents(course: Course): Promise<void> {
  const { session, journal } = course
  const { entries, missed } = await session.control.events(progressOf(journal.entries()).cursor)
  if (missed) journal.add({ kind: 'missed' })
  for (const event of entries) journal.add({ kind: 'event', event })
  await noteChanges(course, entries)
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

/** Answers those that are otherwise than before. */
function noteResults({ journal }: Course, step: Step, results: readonly Result[]): Result[] {
  const { checks } = progressOf(journal.entries())
  const changed = results.filter(({ id, status }) => checks.get(id) !== status)
  for (const { id, status, words, evidence } of changed)
    journal.add({ kind: 'check', step: step.number, id, status, words, ...(evidence !== undefined && { evidence }) })
  return changed
}

/** Notes what there is after a step; 0 is the start. */
export async function noteNetwork({ session, journal }: Course, step: number): Promise<void> {
  const network = await networkSeen(session.client)
  const namespaces = namespacesMade(session, [...networksIn(journal.entries()), network])
  journal.add({ kind: 'network', step, network: { ...network, ...(namespaces && { namespaces }) } })
}

const networksIn = (entries: readonly Entry[]): NetworkSeen[] =>
  entries.flatMap((entry) => (entry.kind === 'network' ? [entry.network] : []))

/** Of the VPCs and instances that were not there at first. */
function namespacesMade({ status }: Session, [first, ...later]: readonly NetworkSeen[]): string[] | undefined {
  if (status.engine.name !== 'linux') return undefined
  const idsOf = ({ estate: seen }: NetworkSeen) =>
    [...(seen?.vpcs ?? []), ...(seen?.instances ?? [])].map(({ id }) => id)
  const before = new Set(first ? idsOf(first) : [])
  return namespacesNamed(
    [...new Set(later.flatMap(idsOf))].filter((id) => !before.has(id)),
    status.pid,
  )
}
