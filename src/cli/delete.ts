/** `isthmus delete vpc`: a VPC with all that hangs on it, asked first. */
import { createInterface } from 'node:readline/promises'
import type { Command } from 'commander'
import { inventory } from './inventory.ts'
import { deleteVpc, listContents } from '../wizard/delete-vpc.ts'
import { vpcContents } from '../wizard/vpc-contents.ts'
import { Failure, UsageFailure } from './failure.ts'
import { findVpc } from './names.ts'
import { type OutputOption, print, withExamples, withOutput, withServer } from './options.ts'
import { inForce, openSession, type ServerOptions } from './session.ts'

export function registerDelete(program: Command): void {
  const parent = program.command('delete').description('Delete things with all that hangs on them.')
  const command = parent
    .command('vpc')
    .summary('delete a VPC and everything in it')
    .description('Delete a VPC with its instances, their Elastic IPs, peerings, subnets, tables, gateways and groups.')
    .argument('<name>', 'its Name tag, the name it was created with, its id or the beginning of it')
    .option('-y, --yes', 'do not ask', false)
    .action(removeVpc)
  withExamples(withOutput(withServer(command)), [
    ['isthmus delete vpc NextWork-1', 'lists what goes, and asks'],
    ['isthmus delete vpc vpc-0a1b --yes', 'does not ask'],
  ])
}

async function removeVpc(name: string, options: ServerOptions & OutputOption & { yes: boolean }): Promise<void> {
  const session = await openSession(options)
  const { vpcs } = await inventory(session.client)
  const vpc = findVpc(vpcs, name)
  const contents = await vpcContents(session.client, vpc.id)
  const list = listContents(contents)
  const lines = [`VPC ${vpc.name || vpc.id} (${vpc.cidrs.join(', ')})`, ...list.map((line) => `  ${line}`)]
  process.stderr.write(`${lines.join('\n')}\n`)
  if (!options.yes) await confirmed(`Delete the VPC and these ${list.length} things?`)
  await deleteVpc(session.client, contents, (step) => process.stderr.write(`${step}\n`))
  await inForce(session)
  print(options, { deleted: [vpc.id, ...list] }, `Deleted ${vpc.name || vpc.id}.`)
}

/** Throws where the answer is not yes, or nobody can be asked. */
async function confirmed(question: string): Promise<void> {
  if (!process.stdin.isTTY) throw new UsageFailure('Nobody can be asked here: say --yes to delete all this.')
  const terminal = createInterface({ input: process.stdin, output: process.stderr })
  const answer = await terminal.question(`${question} [y/N] `)
  terminal.close()
  if (!/^y(es)?$/i.test(answer.trim())) throw new Failure('Nothing was deleted.')
}
