/** `isthmus env`: the lines that point a shell's AWS clients at the server. */
import { type Command, Option } from 'commander'
import { awsVariables, type Shell, shellLines, shells } from './aws-environment.ts'
import { type OutputOption, print, withExamples, withOutput, withServer } from './options.ts'
import { openSession, type ServerOptions } from './session.ts'

export function registerEnv(program: Command): void {
  const shell = new Option('--shell <shell>', 'whose syntax').choices(Object.keys(shells)).default('posix')
  const command = program
    .command('env')
    .summary('print the variables that point AWS clients at the server')
    .description('Print the variables that point the AWS CLI, the SDKs and Terraform at the server.')
    .addOption(shell)
    .action(printEnvironment)
  withExamples(withOutput(withServer(command)), [
    ['eval "$(isthmus env)"', 'in sh, bash or zsh'],
    ['isthmus env --shell fish | source', 'in fish'],
    ['AWS_ACCESS_KEY_ID=111122223333 AWS_SECRET_ACCESS_KEY=x isthmus env', 'as another account'],
  ])
}

interface EnvOptions extends ServerOptions, OutputOption {
  readonly shell: Shell
}

async function printEnvironment(options: EnvOptions): Promise<void> {
  const { status, client, stateDir } = await openSession(options)
  const aws = awsVariables(status.endpoint, client.region, process.env)
  // Commands in the same shell then find the same server.
  const variables = options.state === undefined ? aws : { ...aws, ISTHMUS_STATE: stateDir }
  print(options, variables, shellLines(variables, options.shell, process.env).join('\n'))
}
