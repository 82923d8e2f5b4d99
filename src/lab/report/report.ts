/** The report of a lab, under the headings of a learner's write-up. What does not concern a lab is not in it. */
import { readFileSync } from 'node:fs'
import { type Block, block } from './blocks.ts'
import type { ErrorFacts } from './error-facts.ts'
import type { Facts, StepFacts } from './facts.ts'
import { inWords } from './in-words.ts'
import { addresses, cleanUp, peerings, pictures, settings } from './network-sections.ts'
import { servicesOf } from './services.ts'
import { commands, logins, pings } from './trouble-sections.ts'
import { withWords } from './words.ts'

/** With the learner's own words where there are some. */
export const reportOf = (facts: Facts): Block[] => withWords(blocksOf(facts), facts.words)

/** With what is left to the learner as questions. */
export function blocksOf(facts: Facts): Block[] {
  return [
    ...summary(facts),
    ...services(facts),
    block('heading', 'What I did not expect'),
    block('yours', 'the one thing that was otherwise than you had thought, in a sentence or two.'),
    ...times(facts),
    ...pictures(facts),
    ...peerings(facts),
    ...settings(facts),
    ...logins(facts),
    ...addresses(facts),
    ...pings(facts),
    ...commands(facts),
    ...errors(facts),
    ...cleanUp(facts),
    ...reproduce(facts),
  ]
}

function summary({ lab, engine, startedAt, isDone, points, isIncomplete }: Facts): Block[] {
  const day = new Date(startedAt).toISOString().slice(0, 10)
  const packets = engine === 'linux' ? 'real packets' : 'simulated packets'
  const state = isDone ? 'All steps are done' : 'Not all steps are done'
  return [
    block('title', lab.title),
    block('text', `${day}, with ${packets}. ${state}: ${points.reached} of ${points.of} points.`),
    ...(isIncomplete
      ? [block('text', 'Some calls were forgotten by the server before they could be noted here.')]
      : []),
  ]
}

function services({ actions, calls }: Facts): Block[] {
  const called = ([name, n]: readonly [string, number]) => (n === 1 ? name : `${name} (${n} times)`)
  const rows = [...servicesOf(actions)].map(([service, made]) => [service, made.map(called).join(', ')])
  const refused = `${calls.refused} ${calls.refused === 1 ? 'was' : 'were'} refused`
  return [
    block('heading', 'What I used, and how'),
    block('yours', 'what a VPC, and each other service you used here, is good for, in a sentence.'),
    block('text', `${calls.made} calls changed something, ${refused}.`),
    ...(rows.length > 0 ? [{ kind: 'table', head: ['service', 'calls'], rows } as const] : []),
  ]
}

function times({ steps, startedAt, endedAt }: Facts): Block[] {
  const rows = steps.map(({ step, duration, fails, hints, solved }) => [
    `${step.number}. ${step.title}`,
    duration === undefined ? '' : inWords(duration),
    String(fails),
    String(hints),
    solved ? 'yes' : '',
  ])
  return [
    block('heading', 'How long it took'),
    { kind: 'table', head: ['step', 'time', 'checks that failed', 'hints', 'solution shown'], rows },
    block('text', `${inWords(endedAt - startedAt)} altogether.`),
  ]
}

function errors({ steps }: Facts): Block[] {
  const all = steps.flatMap((step) => step.errors.map((error) => ({ step, error })))
  if (all.length === 0) return []
  return [
    block('heading', 'Errors on the way'),
    ...all.flatMap(({ step, error }) => errorBlocks(step, error)),
    block('yours', 'which of these held you up longest, and what finally told you the reason.'),
  ]
}

function errorBlocks({ step }: StepFacts, { title, isMet, words, lost = 0 }: ErrorFacts): Block[] {
  const told = isMet ? `Met in step ${step.number}; over it after ${inWords(lost)}.` : 'Not met.'
  return [block('subheading', title), block('text', told), ...(words === '' ? [] : [block('code', words)])]
}

function reproduce({ lab }: Facts): Block[] {
  const scripts = lab.steps.flatMap(({ number, title, solution }) =>
    solution === undefined
      ? []
      : [block('subheading', `${number}. ${title}`), block('code', readFileSync(solution, 'utf8').trim())],
  )
  if (scripts.length === 0) return []
  const how = 'One way through the lab with the AWS CLI. `eval "$(isthmus lab env)"` sets the variables of each step.'
  return [block('heading', 'How to do it again'), block('text', how), ...scripts]
}
