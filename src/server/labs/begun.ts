/** Labs that were begun, here or by the commands: read off their journals. */
import { Failure } from '../../cli/failure.ts'
import type { Course } from '../../lab/course/course.ts'
import { currentSlug, type Journal, openJournal } from '../../lab/course/journal.ts'
import { progressOf } from '../../lab/course/progress.ts'
import type { LabSummary } from '../../lab/course/view.ts'
import type { Lab } from '../../lab/format/lab.ts'
import type { Shelf } from './shelf.ts'

/** A lab and its journal. */
export type Begun = Pick<Course, 'lab' | 'journal'>

/** Undefined where it was not begun. Read anew each time: the commands write it, too. */
export function journalOf(stateDir: string, slug: string): Journal | undefined {
  const journal = openJournal(stateDir, slug)
  return journal?.entries()[0]?.kind === 'started' ? journal : undefined
}

/** The lab that was begun last; only its name, where it was begun from a folder that is none of the shelf's. */
export function begunLast(stateDir: string, shelf: Shelf): Begun | { readonly elsewhere: string } | undefined {
  const slug = currentSlug(stateDir)
  const journal = slug === undefined ? undefined : journalOf(stateDir, slug)
  if (slug === undefined || !journal) return undefined
  const [first] = journal.entries()
  const lab = shelf.lab(slug)
  return lab && first?.kind === 'started' && first.folder === lab.folder ? { lab, journal } : { elsewhere: slug }
}

/** The labs of a shelf, and how far one is in each. */
export function summaries(stateDir: string, shelf: Shelf): LabSummary[] {
  const current = currentSlug(stateDir)
  return shelf.slugs().map((slug) => {
    const journal = journalOf(stateDir, slug)
    const done = journal ? progressOf(journal.entries()).step - 1 : 0
    const about = { slug, done, isStarted: journal !== undefined, isCurrent: slug === current }
    try {
      const { title, description, time, difficulty, steps } = shelf.lab(slug) as Lab
      return { ...about, title, description, ...present({ time, difficulty }), steps: steps.length }
    } catch (error) {
      if (!(error instanceof Failure)) throw error
      return { ...about, title: slug, description: '', steps: 0, problems: error.message }
    }
  })
}

const present = (values: Readonly<Record<string, string | undefined>>): Record<string, string> =>
  Object.fromEntries(Object.entries(values).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])))
