/** `isthmus reach`: who reaches whom, of all that there is. */
import { resolve } from 'node:path'
import { type Command, Option } from 'commander'
import { QuestionError } from '../analyzer/question-error.ts'
import type { By } from '../analyzer/reach/matrix.ts'
import { NameError } from '../check/names.ts'
import { RefusedError } from '../client/control.ts'
import { type Reach, type ReachQuestion, reachOf } from '../server/reach.ts'
import { SnapshotError } from '../snapshot/snapshot-error.ts'
import { callersScope, snapshotScope, snapshotSubject } from './explain-subject.ts'
import { exitCodes, UsageFailure } from './failure.ts'
import { type OutputOption, print, withExamples, withOutput, withServer } from './options.ts'
import { reachText } from './reach-text.ts'
import { openSession, type ServerOptions } from './session.ts'
import { regionFrom } from './aws-environment.ts'

interface ReachOptions extends ServerOptions, OutputOption {
  readonly snapshot?: string
}

const WHO = 'instance, network interface, address, `internet`, tag (Team=shop), `vpc NAME`, `subnet NAME`, `group NAME`'

export function registerReach(program: Command): void {
  const reach = program
    .command('reach')
    .summary('who reaches whom: of one thing, of the internet, or of everything')
    .description(
      'Say who reaches whom, with what, and whether it is answered. Everything that can be sent is looked at, not a ' +
        'sample. What arrives and is not answered stands in a column of its own: the way back is closed.',
    )
  withExamples(reach, [
    ['isthmus reach to db', 'who can reach it, with what?'],
    ['isthmus reach from "group web"', 'what can these reach?'],
    ['isthmus reach internet', 'what is open to the internet?'],
    ['isthmus reach matrix --by subnet', 'everything, by subnet'],
    ['isthmus reach diff ./yesterday', 'what has been opened and closed since?'],
    ['isthmus reach internet --snapshot ./account', "in a real account's network"],
  ])
  registerSides(reach)
  registerWhole(reach)
}

function registerSides(reach: Command): void {
  const sided = (kind: 'to' | 'from', summary: string) =>
    withReach(reach.command(kind))
      .summary(summary)
      .description(`${summary}.`)
      .argument('<who>', WHO)
      .action((word: string, options: ReachOptions) => show(options, { kind, word, scope: scopeOf(options) }))
  withExamples(sided('to', 'who can reach it'), [
    ['isthmus reach to db', 'an instance, by its Name'],
    ['isthmus reach to 10.1.2.3 -o json', 'whoever has an address; for programs'],
  ])
  withExamples(sided('from', 'what it can reach'), [
    ['isthmus reach from web', 'an instance, by its Name'],
    ['isthmus reach from internet', 'the same as `isthmus reach internet`'],
  ])
}

function registerWhole(reach: Command): void {
  const by = new Option('--by <what>', 'what stands in a row').choices(['group', 'subnet', 'instance']).default('group')
  const matrix = withReach(reach.command('matrix'))
    .summary('what passes between security groups, subnets or instances')
    .description('What passes from some member of one to some member of another.')
    .addOption(by)
    .action((options: ReachOptions & { readonly by: By }) => show(options, { kind: 'matrix', by: options.by }))
  withExamples(matrix, [['isthmus reach matrix --by subnet', 'between the subnets']])
  const internet = withReach(reach.command('internet'))
    .summary('what the internet reaches')
    .description('What hosts of the internet reach, on which ports, and from which of their addresses.')
    .action((options: ReachOptions) => show(options, { kind: 'internet' }))
  withExamples(internet, [['isthmus reach internet', 'what is exposed?']])
  const diff = withReach(reach.command('diff'))
    .summary('what was opened and closed since a snapshot')
    .description('What can pass now and could not in a snapshot, and the other way round. Exits 1 if there is any.')
    .argument('<before>', 'the folder of a snapshot (see `isthmus export`)')
    .action((before: string, options: ReachOptions) => show(options, { kind: 'diff', before: resolve(before) }))
  withExamples(diff, [
    ['isthmus export ./before', 'before a change, and after it:'],
    ['isthmus reach diff ./before', 'what has it opened?'],
    ['isthmus reach diff ./monday --snapshot ./tuesday', 'between two snapshots'],
  ])
}

const withReach = (command: Command): Command =>
  withOutput(
    withServer(command).option('--snapshot <dir>', 'the network in a folder (see `isthmus import`), without a server'),
  )

const scopeOf = ({ snapshot, region }: ReachOptions) =>
  snapshot === undefined ? callersScope(regionFrom(region, process.env)) : snapshotScope(region)

async function show(options: ReachOptions, question: ReachQuestion): Promise<void> {
  const reach = options.snapshot === undefined ? await asked(options, question) : offline(options.snapshot, question)
  print(options, reach, reachText(reach))
  if (reach.kind === 'diff' && reach.rows.length > 0) process.exitCode = exitCodes.failed
}

async function asked(options: ReachOptions, question: ReachQuestion): Promise<Reach> {
  const { control } = await openSession(options)
  try {
    return (await control.ask('/reach', question)) as Reach
  } catch (error) {
    throw error instanceof RefusedError ? new UsageFailure(error.message) : error
  }
}

function offline(dir: string, question: ReachQuestion): Reach {
  const subject = snapshotSubject(dir)
  try {
    return reachOf(subject, question)
  } catch (error) {
    if (error instanceof NameError || error instanceof QuestionError || error instanceof SnapshotError)
      throw new UsageFailure(error.message)
    throw error
  }
}
