/** `isthmus lab save`, `restore`, `jump` and `reset`: to and fro in a lab. */
import { type Checkpoint, checkpointsOf, restore, save } from '../lab/course/checkpoints.ts'
import { jump } from '../lab/course/jump.ts'
import { resetCourse } from '../lab/course/reset.ts'
import { currentCourse } from './lab-find.ts'
import { toldTo } from './lab-solve.ts'
import { stepOrFinish } from './lab-start.ts'
import { type OutputOption, print } from './options.ts'
import { painter } from './paint.ts'
import type { ServerOptions } from './session.ts'

type Options = ServerOptions & OutputOption

export async function saveCheckpoint(name: string | undefined, options: Options): Promise<void> {
  const saved = await save(await currentCourse(options), name)
  print(options, saved, `Saved ${saved.name}. To go back to it: isthmus lab restore ${saved.name}`)
}

/** Without a name, says which there are. */
export async function restoreCheckpoint(name: string | undefined, options: Options): Promise<void> {
  const course = await currentCourse(options)
  if (name === undefined) {
    const all = checkpointsOf(course.journal.entries())
    return print(options, all, all.map(checkpointText).join('\n') || 'None has been saved.')
  }
  const restored = await restore(course, name)
  print(options, restored, `Everything is as it was at ${name}.\n\n${stepOrFinish(course)}`)
}

const checkpointText = ({ name, at, next, isAutomatic }: Checkpoint): string => {
  const where = name === 'end' ? 'after the last step' : `before step ${next}`
  return `${name.padEnd(12)}  ${new Date(at).toLocaleTimeString()}  ${where}${isAutomatic ? '' : ', saved by you'}`
}

export async function jumpTo(step: number, options: ServerOptions): Promise<void> {
  const course = await currentCourse(options)
  const paint = painter(process.stdout)
  const write = (line: string) => void process.stdout.write(`${line}\n`)
  await jump(course, step, {
    ...toldTo(write, paint),
    restored: ({ name }) => write(`Everything is as it was at ${name}.\n`),
    playing: ({ number, title }) => write(paint('bold', `${number}. ${title}`)),
  })
  write(`\n${stepOrFinish(course)}`)
}

export async function resetLab(options: ServerOptions): Promise<void> {
  const { session, lab } = await currentCourse(options)
  const course = await resetCourse(session, lab, (line) => void process.stderr.write(`${line}\n`))
  process.stdout.write(
    `The network is as it was when the lab began. What there was until now: isthmus snapshot list\n\n` +
      `${stepOrFinish(course)}\n`,
  )
}
