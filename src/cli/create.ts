/** `isthmus create vpc`: the console's "VPC and more" from the command line. */
import type { Command } from 'commander'
import type { Ec2 } from '../client/ec2-client.ts'
import { carryOut } from '../wizard/planned-call.ts'
import { defaults, vpcAndMore } from '../wizard/vpc-and-more.ts'
import { UsageFailure } from './failure.ts'
import { type OutputOption, print, wholeNumber, withExamples, withOutput, withServer } from './options.ts'
import { inForce, openSession, type ServerOptions } from './session.ts'

export function registerCreate(program: Command): void {
  const create = program.command('create').description('Create things as the console does.')
  const command = create
    .command('vpc')
    .summary('create a VPC with subnets, gateway and route tables')
    .description('Create a VPC with its subnets, internet gateway and route tables, named as the console names them.')
    .argument('<name>', 'what every name begins with')
    .argument('<cidr>', 'the IPv4 block, /16 to /28')
    .option('--azs <n>', 'availability zones', wholeNumber(1, 3), 1)
    .option('--public <n>', 'public subnets (default: one in each zone)', wholeNumber(0, 200))
    .option('--private <n>', 'private subnets', wholeNumber(0, 200), 0)
    .action(createVpc)
  withExamples(withOutput(withServer(command)), [
    ['isthmus create vpc NextWork-1 10.1.0.0/16', 'one zone, one public subnet'],
    ['isthmus create vpc shop 10.0.0.0/16 --azs 2 --public 2 --private 4', "the console's larger example"],
    ['isthmus create vpc inner 10.9.0.0/24 --public 0 --private 1', 'no way out'],
  ])
}

interface CreateOptions extends ServerOptions, OutputOption {
  readonly azs: number
  readonly public?: number
  readonly private: number
}

async function createVpc(name: string, cidr: string, options: CreateOptions): Promise<void> {
  const session = await openSession(options)
  const calls = vpcAndMore({
    ...defaults,
    name,
    cidr,
    zones: await firstZones(session.client, options.azs),
    publicSubnets: options.public ?? options.azs,
    privateSubnets: options.private,
  })
  const made = await carryOut(session.client, calls, ({ step }) => process.stderr.write(`${step}\n`))
  await inForce(session)
  const lines = [...made].map(([part, id]) => `${`${name}-${part}`.padEnd(40)} ${id}`)
  print(options, Object.fromEntries(made), lines.join('\n'))
}

/** The first zones of the client's Region. Throws UsageFailure where it has fewer. */
export async function firstZones(client: Ec2, count: number): Promise<string[]> {
  const { AvailabilityZones = [] } = await client.call('DescribeAvailabilityZones', {})
  const names = AvailabilityZones.flatMap(({ ZoneName }) => ZoneName ?? []).sort()
  if (names.length >= count) return names.slice(0, count)
  throw new UsageFailure(`${client.region} has ${names.length} availability zones: choose fewer with --azs.`)
}
