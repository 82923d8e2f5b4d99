/** `isthmus lab test`: the proof of a lab, on a server of its own. */
import { startCourse } from '../lab/course/start.ts'
import { type Trial, tryLab } from '../lab/course/trial.ts'
import { exitCodes } from './failure.ts'
import { findLab } from './lab-find.ts'
import { onOwnServer } from './lab-server.ts'
import { toldTo } from './lab-solve.ts'
import type { OutputOption } from './options.ts'
import { painter } from './paint.ts'
import type { ServerOptions } from './session.ts'

type TestOptions = ServerOptions & OutputOption & { readonly sim: boolean }

export async function testLab(which: string, options: TestOptions): Promise<void> {
  const lab = findLab(which)
  const story = options.output === 'json' ? process.stderr : process.stdout
  const paint = painter(story)
  const write = (line: string) => void story.write(`${line}\n`)
  const told = toldTo(write, paint)
  const { engine, trials } = await onOwnServer(options, async (session) => {
    const course = await startCourse(session, lab, told.said)
    return {
      engine: session.status.engine.name,
      trials: await tryLab(course, told, (trial) => write(`${trialText(trial)}\n`)),
    }
  })
  const ok = trials.length === lab.steps.length && trials.every(({ problems }) => problems.length === 0)
  if (options.output === 'json') {
    process.stdout.write(`${JSON.stringify({ lab: lab.slug, engine, ok, steps: trials }, undefined, 2)}\n`)
  } else write(ok ? `The lab holds, on ${engine}.` : `The lab does not hold, on ${engine}: see above.`)
  process.exitCode = ok ? exitCodes.ok : exitCodes.failed
}

function trialText({ step, title, checks, problems }: Trial): string {
  const head = `${problems.length === 0 ? '✓' : '✗'} ${step}. ${title} (${checks.length} checks)`
  return [head, ...problems.map((problem) => `    ${problem.replaceAll('\n', '\n    ')}`)].join('\n')
}
