/** The start of a lab: what its setup makes, and a new journal. */
import { Failure } from '../../cli/failure.ts'
import { inForce, type Session } from '../../cli/session.ts'
import type { Lab } from '../format/lab.ts'
import { bind } from '../names/bind.ts'
import { estate } from '../names/things.ts'
import { type Course, noteNetwork } from './course.ts'
import { forget, saveAutomatically, saveNetwork } from './checkpoints.ts'
import { scriptEnvironment } from './environment.ts'
import { type Entry, newJournal, openJournal } from './journal.ts'
import { runScript } from './script.ts'

/** Throws Failure where the setup fails. `say` is told what it says. */
export async function startCourse(session: Session, lab: Lab, say: (line: string) => void): Promise<Course> {
  const { slug, folder, setup } = lab
  const before = await saveNetwork(session, slug, 'before')
  if (setup !== undefined)
    await prepare(session, setup, say).catch((error: unknown) => {
      if (before !== undefined) forget(session, [before])
      throw error
    })
  // What has happened until now, the setup's calls among it, is not of the lab.
  const { entries } = await session.control.events(0)
  const { name: engine } = session.status.engine
  const started = { kind: 'started', slug, folder, engine, cursor: entries.at(-1)?.number ?? 0 } as const
  const old = openJournal(session.stateDir, slug)?.entries() ?? []
  const journal = newJournal(session.stateDir, slug, { ...started, ...(before !== undefined && { before }) })
  const course = { session, lab, journal }
  await noteNetwork(course, 0)
  await saveAutomatically(course)
  forget(session, snapshotsOf(old))
  return course
}

/** Those that were made by themselves. What a person has named stays: `isthmus snapshot restore` goes back to it. */
const snapshotsOf = (entries: readonly Entry[]): string[] =>
  entries.flatMap((entry) => {
    if (entry.kind === 'checkpoint') return entry.isAutomatic ? entry.snapshot : []
    return entry.kind === 'started' ? (entry.before ?? []) : []
  })

async function prepare(session: Session, setup: string, say: (line: string) => void): Promise<void> {
  const names = await bind([], estate(session.client))
  const code = await runScript(setup, scriptEnvironment(session, names), { command: () => {}, said: say })
  if (code !== 0) throw new Failure(`The lab's setup, ${setup}, ended with ${code}.`)
  await inForce(session)
}
