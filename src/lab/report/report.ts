/** The report of a lab, under the headings of a learner's write-up. What does not concern a lab is not in it. */
import { readFileSync } from 'node:fs'
import { type Block, block } from './blocks.ts'
import type { CheckFacts, ErrorFacts, Facts, StepFacts } from './facts.ts'
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
    ...picture(facts),
    ...peerings(facts),
    ...tables(facts),
    ...errors(facts),
    ...packets(facts),
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
  const rows = [...actions].toSorted(([one], [other]) => one.localeCompare(other)).map(([name, n]) => [name, String(n)])
  return [
    block('heading', 'What I used, and how'),
    block('yours', 'what a VPC, and each other service you used here, is good for, in a sentence.'),
    block('text', `${calls.made} calls changed something, ${calls.refused} were refused.`),
    ...(rows.length > 0 ? [{ kind: 'table', head: ['action', 'times'], rows } as const] : []),
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

/** The network when it was largest: at the end everything may be gone. */
const largest = ({ networks }: Facts) =>
  networks.toSorted((one, other) => other.network.map.length - one.network.map.length)[0]

function picture(facts: Facts): Block[] {
  const found = largest(facts)
  if (!found) return []
  const when = found.step === 0 ? 'As it was at the start.' : `As it was after step ${found.step}.`
  return [block('heading', 'The network'), block('text', when), block('code', found.network.map)]
}

function peerings({ networks }: Facts): Block[] {
  const all = networks.flatMap(({ network }) => network.peerings)
  const last = [...new Map(all.map((one) => [one.id, one])).values()]
  if (last.length === 0) return []
  return [
    block('heading', 'Peering'),
    {
      kind: 'table',
      head: ['connection', 'requester', 'accepter', 'in the end'],
      rows: last.map(({ id, name, requester, accepter, status }) => [
        name ? `${name} (${id})` : id,
        requester,
        accepter,
        status,
      ]),
    },
    block('yours', 'which side asked, which accepted, and why both had to.'),
  ]
}

/** Tables whose routes changed: as they were first seen, and as they were at their fullest. */
function tables({ networks }: Facts): Block[] {
  const seen = new Map<string, { name: string; routes: readonly string[] }[]>()
  for (const { network } of networks)
    for (const { id, name, routes } of network.tables) seen.set(id, [...(seen.get(id) ?? []), { name, routes }])
  const changed = [...seen].flatMap(([id, all]) => {
    const [first] = all
    const fullest = all.toSorted((one, other) => other.routes.length - one.routes.length)[0]
    if (!first || !fullest || first.routes.join() === fullest.routes.join()) return []
    const title = first.name ? `${first.name} (${id})` : id
    return [
      block('subheading', title),
      block('code', ['before', ...indented(first.routes), 'after', ...indented(fullest.routes)].join('\n')),
    ]
  })
  return changed.length === 0 ? [] : [block('heading', 'Route tables, before and after'), ...changed]
}

const indented = (lines: readonly string[]): string[] => lines.map((line) => `  ${line}`)

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

/** What stood on a terminal before and after. */
function packets({ steps }: Facts): Block[] {
  const told = steps.flatMap(({ checks }) => checks).filter(({ before, after }) => before ?? after)
  return told.length === 0 ? [] : [block('heading', 'What the packets did'), ...told.flatMap(packetBlocks)]
}

function packetBlocks({ check, before, after, words }: CheckFacts): Block[] {
  return [
    block('subheading', check.title),
    ...(before === undefined ? [] : [block('text', 'Before:'), block('code', before), block('code', words)]),
    ...(after === undefined ? [] : [block('text', 'After:'), block('code', after)]),
  ]
}

function cleanUp({ networks, isDone }: Facts): Block[] {
  const last = networks.at(-1)
  if (!isDone || !last) return []
  return [block('heading', 'What is left'), block('code', last.network.map)]
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

const MINUTE = 60_000

function inWords(milliseconds: number): string {
  const minutes = Math.floor(milliseconds / MINUTE)
  const seconds = Math.round((milliseconds % MINUTE) / 1000)
  return minutes === 0 ? `${seconds} s` : `${minutes} min ${seconds} s`
}
