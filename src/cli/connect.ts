/** `isthmus connect NAME`: logs in to an instance as the browser does, by EC2 Instance Connect. */
import type { Command } from 'commander'
import { connect } from '../client/exec.ts'
import { runningInstance } from './hosts.ts'
import { inventory } from './inventory.ts'
import { withExamples, withServer } from './options.ts'
import { joined } from './running-command.ts'
import { inForce, openSession, type ServerOptions } from './session.ts'
import { hasTerminal, terminalSize } from './terminal.ts'

export function registerConnect(program: Command): void {
  const command = program
    .command('connect')
    .summary('log in to an instance by EC2 Instance Connect')
    .description(
      "Log in to an instance as the console's Connect button does: push a key that is good for a minute, then open " +
        "an SSH session over the internet, from EC2 Instance Connect's addresses (18.206.107.24/29 in us-east-1) to " +
        'the public IPv4 address. Security groups, network ACLs and routes must let it through.',
    )
    .argument('<name>', 'an instance (Name, id, beginning of an id, address)')
    .argument('[command...]', 'a command to run instead of a shell, after --')
    .option('-l, --login <user>', 'the user to log in as', 'ec2-user')
    .option('-t, --tty', 'give a command a terminal, where this one has one; a shell always gets it', false)
    .option('--endpoint <id>', 'go through an EC2 Instance Connect Endpoint, to the private address; `auto` finds one')
    .action(login)
  withExamples(withServer(command), [
    ['isthmus connect web', 'a shell'],
    ['isthmus connect web -- uname -a', 'one command'],
    ['isthmus connect db --endpoint auto', 'an instance without a public address'],
    ['isthmus console web', 'where no packet gets through'],
  ])
}

interface ConnectOptions extends ServerOptions {
  readonly login: string
  readonly tty: boolean
  readonly endpoint?: string
}

async function login(name: string, command: string[], options: ConnectOptions): Promise<void> {
  const session = await openSession(options)
  const { instances } = await inventory(session.client)
  const instance = runningInstance(instances, name).id
  await inForce(session)
  const terminal = hasTerminal() && (options.tty || command.length === 0)
  const asked = {
    instance,
    user: options.login,
    ...(command.length > 0 && { command }),
    ...(terminal && { terminal: terminalSize() }),
    ...(options.endpoint !== undefined && { endpoint: options.endpoint }),
  }
  process.exitCode = await joined(connect(session.stateDir, asked), { input: true, terminal })
}
