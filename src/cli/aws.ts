/** `isthmus aws ...`: the real AWS CLI, pointed at the server. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { constants } from 'node:os'
import type { Command } from 'commander'
import { awsVariables } from './aws-environment.ts'
import { Failure } from './failure.ts'
import { withExamples, withServer } from './options.ts'
import { openSession, type ServerOptions } from './session.ts'

export function registerAws(program: Command): void {
  const command = program
    .command('aws')
    .summary('run the AWS CLI against the server')
    .description("Run the AWS CLI of this machine against the server. Everything after `aws` is the AWS CLI's.")
    .argument('<args...>', 'a command of the AWS CLI')
    .passThroughOptions()
    .allowUnknownOption()
    .action(runAws)
  withExamples(withServer(command), [
    ['isthmus aws ec2 describe-vpcs', 'which VPCs are there'],
    ['isthmus aws sts get-caller-identity', 'who am I'],
    ['isthmus aws --region eu-west-1 ec2 describe-subnets', 'in another Region'],
  ])
}

const howToInstall =
  'The AWS CLI is not installed: get it from https://aws.amazon.com/cli/ or with `pipx install awscli`, ' +
  'or use any AWS SDK with `isthmus env`.'

async function runAws(args: string[], options: ServerOptions): Promise<void> {
  const { status, client } = await openSession(options)
  const variables = awsVariables(status.endpoint, client.region, process.env)
  const child = spawn('aws', args, { stdio: 'inherit', env: { ...process.env, ...variables } })
  // Ctrl-C is the AWS CLI's to handle; it gets the signal from the terminal itself.
  process.on('SIGINT', () => {})
  const [code, signal] = (await once(child, 'exit').catch((error: NodeJS.ErrnoException) => {
    throw error.code === 'ENOENT' ? new Failure(howToInstall) : error
  })) as [number | null, NodeJS.Signals | null]
  process.exitCode = code ?? 128 + constants.signals[signal as NodeJS.Signals]
}
