/** What one call costs as the estate grows, as records: cost that grows with its square would show at once. */
import type { Figure } from './measure.ts'
import { median } from './measure.ts'
import { isthmus, type Peer } from './server.ts'

const SIZES = [10, 100, 1000, 10_000]
const TIMES = 30

/** What grows: how one more is made, and how one is read. */
interface Kind {
  readonly name: string
  /** The id of a new one, the `i`th. */
  make(server: Peer, i: number): Promise<string>
  read(server: Peer, id: string): Promise<unknown>
}

const idIn = (answer: string, element: string): string => new RegExp(`<${element}>([^<]+)`).exec(answer)?.[1] ?? ''

async function kinds({ call }: Peer): Promise<Kind[]> {
  const vpc = idIn(await call({ Action: 'CreateVpc', CidrBlock: '10.0.0.0/16' }), 'vpcId')
  const subnet = idIn(await call({ Action: 'CreateSubnet', VpcId: vpc, CidrBlock: '10.0.0.0/17' }), 'subnetId')
  const group = idIn(
    await call({ Action: 'CreateSecurityGroup', VpcId: vpc, GroupName: 'growth', GroupDescription: 'growth' }),
    'groupId',
  )
  return [
    {
      name: 'VPCs',
      make: async (server) => idIn(await server.call({ Action: 'CreateVpc', CidrBlock: '10.1.0.0/16' }), 'vpcId'),
      read: (server, id) => server.call({ Action: 'DescribeVpcs', 'VpcId.1': id }),
    },
    {
      name: 'interfaces',
      make: async (server) =>
        idIn(await server.call({ Action: 'CreateNetworkInterface', SubnetId: subnet }), 'networkInterfaceId'),
      read: (server, id) => server.call({ Action: 'DescribeNetworkInterfaces', 'NetworkInterfaceId.1': id }),
    },
    {
      name: 'rules of a group',
      make: async (server, i) => {
        const rule = {
          IpProtocol: 'tcp',
          FromPort: '443',
          ToPort: '443',
          CidrIp: `192.${i >> 16}.${(i >> 8) & 255}.${i & 255}/32`,
        }
        const answer = await server.call({ Action: 'AuthorizeSecurityGroupIngress', GroupId: group, ...rule })
        return idIn(answer, 'securityGroupRuleId')
      },
      read: (server, id) => server.call({ Action: 'DescribeSecurityGroupRules', 'SecurityGroupRuleId.1': id }),
    },
  ]
}

/** Each kind from 10 to 10,000, on a server of its own. */
export async function growthFigures(sizes: readonly number[] = SIZES): Promise<Figure[]> {
  const figures: Figure[] = []
  for (let which = 0; which < 3; which++) {
    const server = await isthmus('--sim')
    try {
      const kind = (await kinds(server))[which]
      if (kind) figures.push(...(await grown(server, kind, sizes)))
    } finally {
      await server.stop()
    }
  }
  return figures
}

async function grown(server: Peer, kind: Kind, sizes: readonly number[]): Promise<Figure[]> {
  const figures: Figure[] = []
  let made = 0
  let last = ''
  for (const size of sizes) {
    while (made < size - TIMES) last = await kind.make(server, made++)
    const making = await timesOf(async () => {
      last = await kind.make(server, made++)
    })
    const reading = await timesOf(() => kind.read(server, last))
    const before = figures[0]
    figures.push({
      what: `one more of ${kind.name}`,
      size: made.toLocaleString('en'),
      median: median(making),
      ...(before?.median === undefined ? {} : { peer: `that of ${sizes[0]}`, ratio: median(making) / before.median }),
      more: { 'us to read one': Math.round(median(reading) * 1000), MB: server.memory() },
    })
  }
  return figures
}

async function timesOf(work: () => Promise<unknown>): Promise<number[]> {
  const times: number[] = []
  for (let i = 0; i < TIMES; i++) {
    const start = performance.now()
    await work()
    times.push(performance.now() - start)
  }
  return times
}
