/** Which lab is meant: one that comes with Isthmus, one in a folder, or the one that was started last. */
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Course } from '../lab/course/course.ts'
import { currentSlug, openJournal } from '../lab/course/journal.ts'
import type { Lab } from '../lab/format/lab.ts'
import { readLab } from '../lab/format/read-lab.ts'
import { Failure, UsageFailure } from './failure.ts'
import { openSession, type ServerOptions } from './session.ts'

const shipped = fileURLToPath(new URL('../../labs', import.meta.url))

/** The names of the labs that come with Isthmus. */
export const shippedLabs = (): string[] =>
  readdirSync(shipped)
    .filter((name) => existsSync(join(shipped, name, 'index.json')))
    .sort()

/** Throws UsageFailure with every mistake in the lab's files, or where there is no such lab. */
export function findLab(which: string): Lab {
  const folder = shippedLabs().includes(which) ? join(shipped, which) : which
  if (!existsSync(join(folder, 'index.json')))
    throw new UsageFailure(`There is no lab ${which}. There are ${shippedLabs().join(', ')}; or give a folder.`)
  const read = readLab(folder)
  if ('lab' in read) return read.lab
  throw new UsageFailure(
    read.problems.map(({ file, line, column, message }) => `${file}:${line}:${column}: ${message}`).join('\n'),
  )
}

/** The lab that was started last. Throws Failure where none was, or no server runs. */
export async function currentCourse(options: ServerOptions): Promise<Course> {
  const session = await openSession(options)
  const { stateDir } = session
  const slug = currentSlug(stateDir)
  const journal = slug === undefined ? undefined : openJournal(stateDir, slug)
  const [first] = journal?.entries() ?? []
  if (!journal || first?.kind !== 'started')
    throw new Failure('No lab has been started: `isthmus lab list`, then `isthmus lab start NAME`.')
  return { session, lab: findLab(first.folder), journal }
}
