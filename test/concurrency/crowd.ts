/** Sixty-four clients of one server, each on a connection of its own that stays open, who call at the same moment. */
import type { TestContext } from 'node:test'
import { Connection, requestOf } from '../bench/load.ts'
import { clientOf, folder, type Served, served } from '../server/bench.ts'
import type { Ec2 } from '../../src/client/ec2-client.ts'

const CLIENTS = 64

/** AWS's code of a refusal, or `ok`; and the whole answer. */
export interface Answer {
  readonly code: string
  readonly body: string
}

export interface Crowd {
  readonly server: Served
  /** One more client, who looks. */
  readonly ec2: Ec2
  /** Each client makes one call; answers in the clients' order. */
  all(parameters: (client: number) => Readonly<Record<string, string>>): Promise<readonly Answer[]>
}

/** A fresh server on the simulator, with more than AWS's first quotas where a test says so. */
export async function crowd(t: TestContext, quotas: Readonly<Record<string, number>> = {}): Promise<Crowd> {
  return crowdOf(t, await served(t, folder(t), { quotas }))
}

/** The clients of a server that is there. */
export function crowdOf(t: TestContext, server: Served): Crowd {
  const port = Number(new URL(server.endpoint).port)
  const connections = Array.from({ length: CLIENTS }, () => new Connection(port))
  t.after(() => {
    for (const connection of connections) connection.close()
  })
  const one = async (connection: Connection, parameters: Readonly<Record<string, string>>): Promise<Answer> => {
    try {
      return { code: 'ok', body: await connection.ask(requestOf(port, parameters)) }
    } catch (error) {
      const body = (error as Error).message
      const [, code] = /<Code>([^<]+)<\/Code>/.exec(body) ?? []
      if (code === undefined) throw error
      return { code, body }
    }
  }
  return {
    server,
    ec2: clientOf(server.endpoint),
    all: (parameters) => Promise.all(connections.map((connection, client) => one(connection, parameters(client)))),
  }
}

/** How many answers there were of each code. */
export const tally = (answers: readonly Answer[]): Record<string, number> =>
  Object.fromEntries([...Map.groupBy(answers, ({ code }) => code)].map(([code, of]) => [code, of.length]))

/** The first text between the tags of that name in each answer that is no refusal. */
export const told = (answers: readonly Answer[], tag: string): string[] =>
  answers.flatMap(({ code, body }) =>
    code === 'ok' ? [new RegExp(`<${tag}>([^<]*)</${tag}>`).exec(body)?.[1] ?? ''] : [],
  )

export const distinct = <T>(values: readonly T[]): number => new Set(values).size

/** A VPC with one subnet, made by the client who looks. */
export async function place(
  ec2: Ec2,
  subnetBlock = '10.1.0.0/24',
): Promise<{ readonly vpcId: string; readonly subnetId: string }> {
  const vpcId = (await ec2.call('CreateVpc', { CidrBlock: '10.1.0.0/16' })).Vpc?.VpcId ?? ''
  const subnet = await ec2.call('CreateSubnet', { VpcId: vpcId, CidrBlock: subnetBlock })
  return { vpcId, subnetId: subnet.Subnet?.SubnetId ?? '' }
}

/** Instances in a subnet, once they run. */
export async function launched(ec2: Ec2, subnetId: string, count: number): Promise<readonly string[]> {
  const ImageId = await imageOf(ec2)
  const { Instances = [] } = await ec2.call('RunInstances', {
    ...{ ImageId, InstanceType: 't3.micro', SubnetId: subnetId, MinCount: count, MaxCount: count },
  })
  return Instances.map(({ InstanceId = '' }) => InstanceId)
}

export async function imageOf(ec2: Ec2): Promise<string> {
  const { Images = [] } = await ec2.call('DescribeImages', { Owners: ['amazon'] })
  return Images[0]?.ImageId ?? ''
}
