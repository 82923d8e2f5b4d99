/** `isthmus ping A B`: a real ping, run inside A. */
import type { Command } from 'commander'
import { inventory } from './inventory.ts'
import { addressOf, nodeOf } from './hosts.ts'
import { wholeNumber, withExamples, withServer } from './options.ts'
import { runInNode } from './running-command.ts'
import { inForce, openSession, type ServerOptions } from './session.ts'

export function registerPing(program: Command): void {
  const command = program
    .command('ping')
    .summary('ping from one instance to another')
    .description('Run ping inside A, an instance or `internet`, towards B: an instance, an address or `internet`.')
    .argument('<a>', 'an instance (Name, id, beginning of an id, address) or `internet`')
    .argument('<b>', 'the same, or any address')
    .option('-c, --count <n>', 'stop after so many packets (default: at Ctrl-C)', wholeNumber(1, 1_000_000))
    .action(ping)
  withExamples(withServer(command), [
    ['isthmus ping web db', 'private address to private address'],
    ['isthmus ping -c 3 internet web', 'from outside, to its public address'],
    ['isthmus ping web 10.2.11.172', 'any address'],
  ])
}

/**
 * The command that pings and says each line as it comes: into a pipe the real one keeps its first line back until there
 * is an answer, and here silence has to be seen.
 */
export const pingCommand = (engine: 'linux' | 'simulator', args: readonly string[]): string[] =>
  engine === 'linux' ? ['stdbuf', '-oL', 'ping', ...args] : ['ping', ...args]

async function ping(a: string, b: string, options: ServerOptions & { count?: number }): Promise<void> {
  const session = await openSession(options)
  const { instances } = await inventory(session.client)
  const node = nodeOf(instances, a)
  const address = addressOf(instances, b, node)
  await inForce(session)
  const count = options.count === undefined ? [] : ['-c', String(options.count)]
  const command = pingCommand(session.status.engine.name, [...count, address])
  process.exitCode = await runInNode(session.stateDir, node, command, { input: false })
}
