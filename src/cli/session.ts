/** A running server as the commands see it: its API in a Region, its control socket. */
import { control, type Control, type Status } from '../client/control.ts'
import { type Ec2, ec2, UnreachableError } from '../client/ec2-client.ts'
import { identityFrom, regionFrom } from './aws-environment.ts'
import { Failure } from './failure.ts'
import { stateFolder } from './state-folder.ts'

/** The options that all commands to a running server have. */
export interface ServerOptions {
  readonly state?: string
  readonly region?: string
}

export interface Session {
  readonly stateDir: string
  readonly status: Status
  readonly control: Control
  readonly client: Ec2
}

/** Finds the running server. Throws Failure where there is none. */
export async function openSession(options: ServerOptions): Promise<Session> {
  const stateDir = stateFolder(options.state)
  const owner = control(stateDir)
  const status = await owner.status().catch((error: unknown) => {
    throw error instanceof UnreachableError ? notRunning(stateDir) : error
  })
  const region = regionFrom(options.region, process.env)
  const client = ec2(status.endpoint, { region, identity: identityFrom(process.env) })
  return { stateDir, status, control: owner, client }
}

export const notRunning = (stateDir: string): Failure =>
  new Failure(`Isthmus is not running with the state in ${stateDir}: start it with \`isthmus up\`.`)

const patience = 30_000

/** Resolves once what was asked for is in force on the machine. Throws Failure after half a minute. */
export async function inForce({ control }: Pick<Session, 'control'>): Promise<void> {
  if (await control.wait(patience)) return
  throw new Failure("The network is not in force after 30 seconds: see the server's log for the reason.")
}
