/** What a lab plays on: a server's API, its commands, and a narrator. */
import { type Ec2, Ec2CallError } from '../client/ec2-client.ts'
import { type Execution, execute, type Exit } from '../client/exec.ts'
import { expect, type Narrator } from './narrator.ts'

export interface Stage {
  readonly client: Ec2
  readonly stateDir: string
  readonly engine: 'linux' | 'simulator'
  /** The number of the server's process. */
  readonly server: number
  /** Where Elastic IPs come from. */
  readonly publicPool: string
  readonly narrator: Narrator
  /** Resolves once what was asked for is in force. */
  inForce(): Promise<void>
  /** Stops the server and takes everything down; absent where the server is not the lab's own. */
  readonly down?: () => Promise<void>
  /** Told of a VPC that was made, so that it goes whatever happens. */
  remember(vpcId: string): void
}

/** Starts a command inside an instance or on the internet. */
export const start = ({ stateDir }: Stage, node: string, command: readonly string[]): Promise<Execution> =>
  execute(stateDir, node, command)

/** Runs a command to its end. */
export async function run(
  stage: Stage,
  node: string,
  command: readonly string[],
): Promise<Exit & { readonly output: string }> {
  const execution = await start(stage, node, command)
  let output = ''
  execution.onOutput((_, data) => {
    output += data.toString()
  })
  execution.write(null)
  return { ...(await execution.exit), output }
}

/** Makes a call that has to be refused; resolves to the refusal. Throws NotSeen where it is not refused so. */
export async function refused(code: string | RegExp, call: () => Promise<unknown>): Promise<Ec2CallError> {
  const error = await call().then(
    () => undefined,
    (reason: unknown) => reason,
  )
  expect(error !== undefined, `the call went through, where ${code} was expected`)
  if (!(error instanceof Ec2CallError)) throw error
  expect(typeof code === 'string' ? error.code === code : code.test(error.code), `${error.code}: ${error.message}`)
  return error
}

/** The error as the console shows it. */
export const errorText = ({ code, message }: Ec2CallError): string => `${code}: ${message}`
