/** `isthmus console NAME`: an instance's serial console, with no network in between. */
import type { Command } from 'commander'
import { UsageFailure } from './failure.ts'
import { runningInstance } from './hosts.ts'
import { inventory } from './inventory.ts'
import { lastLines } from './logs.ts'
import { withExamples, withServer } from './options.ts'
import { runInNode } from './running-command.ts'
import { inForce, openSession, type ServerOptions } from './session.ts'
import { hasTerminal } from './terminal.ts'

export function registerConsole(program: Command): void {
  const command = program
    .command('console')
    .summary("log in at an instance's console")
    .description(
      "Show the newest lines of an instance's console and log in there as ec2-user, with no network in between: for " +
        'an instance that no packet reaches. Ctrl-] leaves it.',
    )
    .argument('<name>', 'an instance (Name, id, beginning of an id, address)')
    .action(openConsole)
  withExamples(withServer(command), [
    ['isthmus console web', 'Ctrl-] leaves it'],
    ['isthmus logs web', 'only what it wrote'],
  ])
}

const LINES = 20
const CTRL_BRACKET = '\x1d'

async function openConsole(name: string, options: ServerOptions): Promise<void> {
  if (!hasTerminal())
    throw new UsageFailure('A console needs a terminal: `isthmus logs` and `isthmus exec` do without one.')
  const session = await openSession(options)
  const { instances } = await inventory(session.client)
  const instance = runningInstance(instances, name)
  await inForce(session)
  const console = await session.control.console(instance.id)
  process.stdout.write(lastLines(console?.output ?? Buffer.alloc(0), LINES))
  process.stdout.write(`\nThe console of ${instance.name || instance.id}. Ctrl-] leaves it.\n`)
  const joining = { input: true, terminal: true, leaveKey: CTRL_BRACKET }
  process.exitCode = await runInNode(session.stateDir, instance.id, ['su', '-', 'ec2-user'], joining)
}
