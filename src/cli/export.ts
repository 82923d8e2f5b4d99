/** `isthmus export`: the network of a running server, as `aws ec2 describe-*` prints it. */
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Command } from 'commander'
import { ec2 } from '../client/ec2-client.ts'
import { identityOf } from '../client/sign.ts'
import { callOf, type Call, takeSnapshot } from '../snapshot/take-snapshot.ts'
import { Failure } from './failure.ts'
import { type OutputOption, print, withExamples, withOutput, withServer } from './options.ts'
import { knownHomes } from './send-snapshot.ts'
import { openSession, type ServerOptions, type Session } from './session.ts'

interface ExportOptions extends ServerOptions, OutputOption {
  readonly allAccounts: boolean
}

export function registerExport(program: Command): void {
  const command = program
    .command('export')
    .summary('write the network down as AWS describes it')
    .description(
      'Write what there is in a Region as the JSON of `aws ec2 describe-*` to DIR/aws_configs/REGION/*.json; ' +
        '`isthmus import` reads it.',
    )
    .argument('<dir>', 'folder of the snapshot; it is made')
    .option('--all-accounts', 'every account and Region there is, each in aws_configs/accounts/N/REGION', false)
    .action(exportCommand)
  withExamples(withOutput(withServer(command)), [
    ['isthmus export before', 'the Region of the caller'],
    ['isthmus export before --all-accounts', 'everything that this server has'],
  ])
}

/** Folder within the snapshot → how its home is asked. */
type Homes = readonly (readonly [folder: string, call: Call])[]

async function exportCommand(dir: string, options: ExportOptions): Promise<void> {
  const session = await openSession(options)
  const root = join(dir, 'aws_configs')
  // What is there of an earlier one would be read with this one.
  if (existsSync(root) && readdirSync(root).length > 0)
    throw new Failure(`${root} is not empty: give another folder, or remove it first.`)
  const homes = options.allAccounts ? await allHomes(session) : ownHome(session)
  const files: string[] = []
  for (const [folder, call] of homes) {
    for await (const { name, contents } of takeSnapshot(call)) {
      files.push(join(folder, name))
      write(join(root, folder, name), contents)
    }
  }
  print(options, { folder: root, files }, `Wrote ${files.length} files to ${root}.`)
}

const ownHome = ({ client }: Session): Homes => [[client.region, callOf(client)]]

async function allHomes({ stateDir, status }: Session): Promise<Homes> {
  const homes = await knownHomes(stateDir)
  return homes.map(({ account, region }) => {
    const client = ec2(status.endpoint, { region, identity: identityOf(account) })
    return [join('accounts', account, region), callOf(client)] as const
  })
}

function write(path: string, contents: object): void {
  try {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, `${JSON.stringify(contents, undefined, 4)}\n`)
  } catch (error) {
    throw new Failure(`${path} can not be written: ${(error as Error).message}`)
  }
}
