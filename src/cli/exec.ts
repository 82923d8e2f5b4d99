/** `isthmus exec NAME -- command`: runs a command inside an instance. */
import type { Command } from 'commander'
import { UsageFailure } from './failure.ts'
import { nodeOf } from './hosts.ts'
import { inventory } from './inventory.ts'
import { withExamples, withServer } from './options.ts'
import { runInNode } from './running-command.ts'
import { inForce, openSession, type ServerOptions } from './session.ts'
import { hasTerminal } from './terminal.ts'

export function registerExec(program: Command): void {
  const command = program
    .command('exec')
    .summary('run a command inside an instance')
    .description('Run a command inside an instance as root, or on the `internet`. Exits with the code of the command.')
    .argument('<name>', 'an instance (Name, id, beginning of an id, address) or `internet`')
    .argument('<command...>', 'the command and its arguments, after --')
    .option('-t, --tty', 'give it a terminal, where this command has one', false)
    .option('-i, --interactive', 'pass input on (it always is: for who is used to -it)', false)
    .passThroughOptions()
    .action(exec)
  withExamples(withServer(command), [
    ['isthmus exec web -- ip route', 'what the instance sees'],
    ['isthmus exec -it web -- bash', "a root shell; for ec2-user's: isthmus console web"],
    ['isthmus exec web -- traceroute -n 10.2.11.172', 'which way packets go'],
    ['isthmus exec internet -- curl -s http://198.18.0.7/', 'from outside'],
  ])
}

interface ExecOptions extends ServerOptions {
  readonly tty: boolean
}

async function exec(name: string, command: string[], options: ExecOptions): Promise<void> {
  const session = await openSession(options)
  const { instances } = await inventory(session.client)
  const node = nodeOf(instances, name)
  await inForce(session)
  const words = withoutDashes(command)
  if (words.length === 0) throw new UsageFailure('Say which command to run: isthmus exec NAME -- command')
  const terminal = options.tty && hasTerminal()
  process.exitCode = await runInNode(session.stateDir, node, words, { input: true, terminal })
}

/** The parser leaves the -- that follows an argument in place. */
const withoutDashes = (words: readonly string[]): readonly string[] => (words[0] === '--' ? words.slice(1) : words)
