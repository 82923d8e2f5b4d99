/** `isthmus exec NAME -- command`: runs a command inside an instance. */
import type { Command } from 'commander'
import { inventory } from './inventory.ts'
import { UsageFailure } from './failure.ts'
import { nodeOf } from './hosts.ts'
import { withExamples, withServer } from './options.ts'
import { runInNode } from './running-command.ts'
import { inForce, openSession, type ServerOptions } from './session.ts'

export function registerExec(program: Command): void {
  const command = program
    .command('exec')
    .summary('run a command inside an instance')
    .description('Run a command inside an instance, or on the `internet`. Exits with the code of the command.')
    .argument('<name>', 'an instance (Name, id, beginning of an id, address) or `internet`')
    .argument('<command...>', 'the command and its arguments, after --')
    .passThroughOptions()
    .action(exec)
  withExamples(withServer(command), [
    ['isthmus exec web -- ip route', 'what the instance sees'],
    ['isthmus exec web -- traceroute -n 10.2.11.172', 'which way packets go'],
    ['isthmus exec internet -- curl -s http://198.18.0.7/', 'from outside'],
  ])
}

async function exec(name: string, command: string[], options: ServerOptions): Promise<void> {
  const session = await openSession(options)
  const { instances } = await inventory(session.client)
  const node = nodeOf(instances, name)
  await inForce(session)
  // The parser leaves the -- that follows an argument in place.
  const words = command[0] === '--' ? command.slice(1) : command
  if (words.length === 0) throw new UsageFailure('Say which command to run: isthmus exec NAME -- command')
  process.exitCode = await runInNode(session.stateDir, node, words, { input: true })
}
