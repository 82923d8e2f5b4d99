/** `isthmus tunnel NAME --port 22`: a TCP connection to an instance on this command's input and output, for ssh. */
import { pipeline } from 'node:stream/promises'
import type { Command } from 'commander'
import { UnreachableError } from '../client/ec2-client.ts'
import { tunnel } from '../client/exec.ts'
import { Failure } from './failure.ts'
import { runningInstance } from './hosts.ts'
import { inventory } from './inventory.ts'
import { wholeNumber, withExamples, withServer } from './options.ts'
import { inForce, openSession, type ServerOptions } from './session.ts'

export function registerTunnel(program: Command): void {
  const command = program
    .command('tunnel')
    .summary('a TCP connection to an instance, for ssh')
    .description(
      'Open a TCP connection to a port of an instance and join it to input and output, as a ProxyCommand of ssh. It ' +
        'comes from a host of the internet (203.0.113.10) to the public address, or through an EC2 Instance Connect ' +
        'Endpoint to the private one (ports 22 and 3389).',
    )
    .argument('<name>', 'an instance (Name, id, beginning of an id, address)')
    .option('--port <port>', 'the port of the instance', wholeNumber(1, 65535), 22)
    .option('--endpoint <id>', 'go through an EC2 Instance Connect Endpoint; `auto` finds one in the VPC')
    .action(open)
  withExamples(withServer(command), [
    ["ssh -o ProxyCommand='isthmus tunnel %h --port %p' ec2-user@web", 'where this machine has no way to Elastic IPs'],
    ["ssh -o ProxyCommand='isthmus tunnel %h --endpoint auto' ec2-user@db", 'an instance without a public address'],
  ])
}

interface TunnelOptions extends ServerOptions {
  readonly port: number
  readonly endpoint?: string
}

async function open(name: string, { port, endpoint, ...options }: TunnelOptions): Promise<void> {
  const session = await openSession(options)
  const { instances } = await inventory(session.client)
  const instance = runningInstance(instances, name).id
  await inForce(session)
  const asked = { instance, port, ...(endpoint !== undefined && { endpoint }) }
  const socket = await tunnel(session.stateDir, asked).catch((error: Error) => {
    throw error instanceof UnreachableError ? error : new Failure(error.message)
  })
  // What is said after the far end has hung up is lost, as on any connection; the last words from there are not.
  pipeline(process.stdin, socket).catch(() => {})
  await pipeline(socket, process.stdout, { end: false }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ERR_STREAM_PREMATURE_CLOSE') throw new Failure(`The connection broke: ${error.message}`)
  })
  process.stdin.destroy()
}
