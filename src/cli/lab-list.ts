/** `isthmus lab list`: which labs there are, and how far one is in each. */
import { currentSlug, openJournal } from '../lab/course/journal.ts'
import { progressOf } from '../lab/course/progress.ts'
import { findLab, shippedLabs } from './lab-find.ts'
import { type OutputOption, print } from './options.ts'
import type { ServerOptions } from './session.ts'
import { stateFolder } from './state-folder.ts'

export function listLabs(options: ServerOptions & OutputOption): void {
  const stateDir = stateFolder(options.state)
  const current = currentSlug(stateDir)
  const labs = shippedLabs().map((name) => {
    const { slug, title, description, time, difficulty, steps } = findLab(name)
    const journal = openJournal(stateDir, slug)
    const done = journal ? progressOf(journal.entries()).step - 1 : 0
    return { slug, title, description, time, difficulty, steps: steps.length, done, current: slug === current }
  })
  const width = Math.max(...labs.map(({ slug }) => slug.length))
  const lines = labs.map(({ slug, title, steps, done, time }) => {
    const state = done === 0 ? `${steps} steps` : done === steps ? 'done' : `${done} of ${steps} steps done`
    return `${slug.padEnd(width)}  ${title} (${[state, time].filter(Boolean).join(', ')})`
  })
  print(options, labs, lines.join('\n'))
}
