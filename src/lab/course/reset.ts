/** A lab from its beginning: what was made since is gone, and the setup is run again. */
import { Failure } from '../../cli/failure.ts'
import type { Session } from '../../cli/session.ts'
import type { Lab } from '../format/lab.ts'
import { forget, restoreNetwork } from './checkpoints.ts'
import type { Course } from './course.ts'
import { type Entry, openJournal } from './journal.ts'
import { startCourse } from './start.ts'

/** Begins a new journal; the old one is kept. Throws Failure where nobody knows how it was before. */
export async function resetCourse(session: Session, lab: Lab, say: (line: string) => void): Promise<Course> {
  const entries = openJournal(session.stateDir, lab.slug)?.entries() ?? []
  const [first] = entries
  if (first?.kind !== 'started' || first.before === undefined)
    throw new Failure('How it was before the lab has not been saved: `isthmus lab start NAME --restart` begins anew.')
  await restoreNetwork(session, first.before)
  const course = await startCourse(session, lab, say)
  forget(session, [first.before, ...automatic(entries)])
  return course
}

/** Those that a person has named stay: `isthmus snapshot restore` goes back to them. */
const automatic = (entries: readonly Entry[]): string[] =>
  entries.flatMap((entry) => (entry.kind === 'checkpoint' && entry.isAutomatic ? [entry.snapshot] : []))
