/** A lab from its beginning: what was made since is gone, and the setup is run again. */
import { Failure } from '../../cli/failure.ts'
import type { Session } from '../../cli/session.ts'
import type { Lab } from '../format/lab.ts'
import { restoreNetwork } from './checkpoints.ts'
import type { Course } from './course.ts'
import { openJournal } from './journal.ts'
import { startCourse } from './start.ts'

/** Begins a new journal; the old one is kept. Throws Failure where nobody knows how it was before. */
export async function resetCourse(session: Session, lab: Lab, say: (line: string) => void): Promise<Course> {
  const [first] = openJournal(session.stateDir, lab.slug)?.entries() ?? []
  if (first?.kind !== 'started' || first.before === undefined)
    throw new Failure('How it was before the lab has not been saved: `isthmus lab start NAME --restart` begins anew.')
  await restoreNetwork(session, first.before)
  return startCourse(session, lab, say)
}
