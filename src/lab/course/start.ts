/** The start of a lab: what its setup makes, and a new journal. */
import { Failure } from '../../cli/failure.ts'
import { inForce, type Session } from '../../cli/session.ts'
import type { Lab } from '../format/lab.ts'
import { bind } from '../names/bind.ts'
import { estate } from '../names/things.ts'
import { type Course, noteNetwork } from './course.ts'
import { scriptEnvironment } from './environment.ts'
import { newJournal } from './journal.ts'
import { runScript } from './script.ts'

/** Throws Failure where the setup fails. `say` is told what it says. */
export async function startCourse(session: Session, lab: Lab, say: (line: string) => void): Promise<Course> {
  if (lab.setup !== undefined) await prepare(session, lab.setup, say)
  const journal = newJournal(session.stateDir, lab.slug)
  // What has happened until now, the setup's calls among it, is not of the lab.
  const { entries } = await session.control.events(0)
  const { name } = session.status.engine
  const { slug, folder } = lab
  journal.add({ kind: 'started', slug, folder, engine: name, cursor: entries.at(-1)?.number ?? 0 })
  const course = { session, lab, journal }
  await noteNetwork(course, 0)
  return course
}

async function prepare(session: Session, setup: string, say: (line: string) => void): Promise<void> {
  const names = await bind([], estate(session.client))
  const code = await runScript(setup, scriptEnvironment(session, names), { command: () => {}, said: say })
  if (code !== 0) throw new Failure(`The lab's setup, ${setup}, ended with ${code}.`)
  await inForce(session)
}
