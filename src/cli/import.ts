/** `isthmus import`: a real account's network, from what `aws ec2 describe-*` prints. */
import type { Command } from 'commander'
import { commandsFor } from '../snapshot/describe-calls.ts'
import { readFolder } from '../snapshot/document.ts'
import { readSnapshot } from '../snapshot/read-snapshot.ts'
import { type Report, reportText } from '../snapshot/report.ts'
import { SnapshotError } from '../snapshot/snapshot-error.ts'
import { linesFrom } from '../snapshot/transfer.ts'
import { defaultAccount, identityFrom, regionFrom } from './aws-environment.ts'
import { Failure, UsageFailure } from './failure.ts'
import { type OutputOption, print, withExamples, withOutput, withServer } from './options.ts'
import { sendSnapshot } from './send-snapshot.ts'
import { openSession, type ServerOptions } from './session.ts'

interface ImportOptions extends ServerOptions, OutputOption {
  readonly dryRun: boolean
  readonly printCommands: boolean
}

export function registerImport(program: Command): void {
  const command = program
    .command('import')
    .summary('take in the network of a real account')
    .description(
      'Take in a snapshot: the JSON of `aws ec2 describe-*` in DIR/aws_configs/[accounts/N/][region/]*.json. ' +
        'What is not read, or is not emulated, is listed with its effect. All of it is taken in, or nothing.',
    )
    .argument('[dir]', 'folder of the snapshot')
    .option('--dry-run', 'only read it and say what is in it; needs no server', false)
    .option('--print-commands', 'print the read-only AWS CLI commands that make a snapshot in DIR', false)
    .action(importCommand)
  withExamples(withOutput(withServer(command)), [
    ['isthmus import --print-commands prod > take.sh', 'then `sh take.sh`, where the AWS CLI sees the account'],
    ['isthmus import prod --dry-run', 'what is in it, and what is missing'],
    ['isthmus import prod', 'into the running server'],
    ['isthmus import prod -o json', 'for programs'],
  ])
}

async function importCommand(dir: string | undefined, options: ImportOptions): Promise<void> {
  const region = regionFrom(options.region, process.env)
  if (options.printCommands) return void process.stdout.write(`${commandsFor(dir ?? 'snapshot', region)}\n`)
  if (dir === undefined) throw new UsageFailure('Say which folder: `isthmus import DIR`.')
  try {
    await importFolder(dir, options)
  } catch (error) {
    throw error instanceof SnapshotError ? new Failure(error.message) : error
  }
}

async function importFolder(dir: string, options: ImportOptions): Promise<void> {
  if (options.dryRun) {
    const { report } = readSnapshot(dir, showLarge)
    return print(options, report, `${reportText(report)}\n\nNothing was imported (--dry-run).`)
  }
  // Before anything large is read.
  const session = await openSession(options)
  const folder = readFolder(dir, showLarge)
  const report = await sendSnapshot(session.stateDir, linesFrom(folder))
  const hints = waysToSee(report, session.client.region)
  print(options, report, ['Imported', reportText(report), '', ...hints].join('\n'))
}

/** Files that take their time are told, on the side. */
const LARGE = 16 * 1024 * 1024

function showLarge(file: string, bytes: number): void {
  if (bytes >= LARGE) process.stderr.write(`Reading ${file} (${Math.round(bytes / 1024 / 1024)} MB)\n`)
}

/** How to see what was imported: whose it is, and where, may be another than the caller's. */
function waysToSee({ contents }: Report, here: string): string[] {
  const { accessKeyId } = identityFrom(process.env)
  const account = /^\d{12}$/.test(accessKeyId) ? accessKeyId : defaultAccount
  const ways = contents.map((one) => [
    ...(one.account === account ? [] : [`AWS_ACCESS_KEY_ID=${one.account} AWS_SECRET_ACCESS_KEY=isthmus`]),
    ...['isthmus map', one.region === here ? [] : `--region ${one.region}`].flat(),
  ])
  return [
    'To see it:',
    ...ways.map((words) => `  ${words.join(' ')}`),
    '`isthmus status --wait` waits until it is in force.',
  ]
}
