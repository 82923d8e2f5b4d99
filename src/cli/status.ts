/** `isthmus status`: what runs, and whether the machine has caught up with what was asked for. */
import type { Command } from 'commander'
import type { Status } from '../client/control.ts'
import { type OutputOption, print, withExamples, withOutput, withState } from './options.ts'
import { inForce, openSession } from './session.ts'

export function registerStatus(program: Command): void {
  const command = program
    .command('status')
    .summary('say what runs, and whether the network is in force')
    .description('Say where the API is, which engine runs and why, and whether the network is in force.')
    .option('--wait', 'wait until the network is in force (exit 1 after 30 seconds)', false)
    .action(showStatus)
  withExamples(withOutput(withState(command)), [
    ['isthmus status', 'exit 0 where a server runs, 1 where none does'],
    ['isthmus status --wait', 'after API calls, before packets'],
    ['isthmus status -o json', 'for programs'],
  ])
}

interface StatusOptions extends OutputOption {
  readonly state?: string
  readonly wait: boolean
}

async function showStatus(options: StatusOptions): Promise<void> {
  const session = await openSession(options)
  if (options.wait) await inForce(session)
  const status = options.wait ? await session.control.status() : session.status
  print(options, status, statusText(status))
}

/** Where this machine has no address among public ones. */
const WAYS = [
  'This machine does not reach them by itself. Use `isthmus connect NAME`, `isthmus tunnel NAME`, or',
  '`isthmus exec internet -- curl http://ADDRESS/`.',
]

/** The status as a person reads it. */
export function statusText(status: Status): string {
  const { endpoint, engine, revision, reached, publicPool, hostAddress } = status
  const host = hostAddress === undefined ? '' : `; this machine is ${hostAddress} there`
  const ways = engine.name === 'linux' && hostAddress === undefined ? WAYS : []
  return [
    `EC2 API      ${endpoint} (version ${status.version}, process ${status.pid})`,
    `Console      ${status.console}`,
    `Engine       ${engine.name}`,
    ...engine.why.map((reason) => `             ${reason}`),
    `Network      ${reached === revision ? 'in force' : 'not in force yet'} (revision ${reached} of ${revision})`,
    ...(status.failure === undefined ? [] : [`             it is tried again: ${status.failure}`]),
    `Elastic IPs  ${publicPool}${host}`,
    ...ways.map((way) => `             ${way}`),
    `State        ${status.stateDir}`,
  ].join('\n')
}
