/** How much traffic instances have of each other, beside a bare pair of links in the same run. */
import { execFileSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import type { Ec2 } from '../../src/client/ec2-client.ts'
import { ask, clientOf } from '../server/bench.ts'
import { allRunning } from '../scale/instances.ts'
import { Agent } from './agent.ts'
import { type Figure, median } from './measure.ts'
import { isthmus } from './server.ts'

/** A way between two instances: who sends, who takes, under which address. */
interface Way {
  readonly name: string
  readonly from: Agent
  readonly to: Agent
  readonly address: string
}

const ROUNDS = 3
const MS = 1000
let port = 20_000

/** By name: how often a second. */
const MEASURES: Readonly<Record<string, (way: Way) => Promise<number>>> = {
  'packets of 64 bytes': packets,
  'round trips': roundTrips,
  connections,
  'bytes over TCP': bytes,
}

async function packets({ from, to, address }: Way): Promise<number> {
  await to.run({ do: 'hold', port: ++port })
  const before = (await to.run({ do: 'arrived' })).count ?? 0
  await from.run({ do: 'flood', to: address, port, ms: MS })
  const after = (await to.run({ do: 'arrived' })).count ?? 0
  await to.run({ do: 'release' })
  return ((after - before) / MS) * 1000
}

async function roundTrips({ from, to, address }: Way): Promise<number> {
  const echo = to.run({ do: 'echo', port: ++port, ms: MS + 300 })
  await passing(100)
  const { perSecond = 0 } = await from.run({ do: 'roundTrips', to: address, port, ms: MS })
  await echo
  return perSecond
}

async function connections({ from, to, address }: Way): Promise<number> {
  const accepting = to.run({ do: 'accept', port: ++port, ms: MS + 300, read: false })
  await passing(100)
  const { perSecond = 0 } = await from.run({ do: 'connections', to: address, port, ms: MS })
  await accepting
  return perSecond
}

async function bytes({ from, to, address }: Way): Promise<number> {
  const accepting = to.run({ do: 'accept', port: ++port, ms: 300, read: true })
  await passing(100)
  const { perSecond = 0 } = await from.run({ do: 'stream', to: address, port, ms: MS })
  await accepting
  return perSecond
}

const passing = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/** All figures, each way with 10 rules and with 1,000. */
export async function dataPlaneFigures(): Promise<Figure[]> {
  const bare = bareLinks()
  const server = await isthmus()
  try {
    const lab = await laidOut(clientOf(`http://127.0.0.1:${server.port}`), server.stateDir)
    const figures: Figure[] = []
    let rules = 0
    for (const size of [10, 1000]) {
      await lab.addRules(size - rules)
      rules = size
      figures.push(...(await compared(bare.way, lab.ways, `${size.toLocaleString('en')} rules`)))
    }
    await Promise.all(lab.agents.map((agent) => agent.stop()))
    return figures
  } finally {
    await bare.end()
    await server.stop()
  }
}

/** Each measure over every way in turn, some rounds; the medians, beside that of the bare links. */
async function compared(bare: Way, ways: readonly Way[], size: string): Promise<Figure[]> {
  const all = [bare, ...ways]
  const figures: Figure[] = []
  for (const [what, measure] of Object.entries(MEASURES)) {
    const seen = new Map<Way, number[]>(all.map((way) => [way, []]))
    for (let round = 0; round < ROUNDS; round++) for (const way of all) seen.get(way)?.push(await measure(way))
    const base = median(seen.get(bare) ?? [])
    for (const way of ways) {
      const rate = median(seen.get(way) ?? [])
      figures.push({ what: `${what} ${way.name}`, size, rate, peer: 'bare links', ratio: rate / base })
    }
  }
  return figures
}

const ip = (...words: readonly string[]) => execFileSync('ip', words, { stdio: ['ignore', 'ignore', 'inherit'] })

/** Two namespaces and a link between them, without any rule. */
function bareLinks(): { readonly way: Way; end(): Promise<void> } {
  const [a, b] = [`bench-${process.pid}-a`, `bench-${process.pid}-b`]
  for (const name of [a, b]) ip('netns', 'add', name)
  ip('link', 'add', 'eth0', 'netns', a, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', b)
  for (const [name, address] of [
    [a, '10.255.0.1/24'],
    [b, '10.255.0.2/24'],
  ] as const) {
    ip('-n', name, 'addr', 'add', address, 'dev', 'eth0')
    ip('-n', name, 'link', 'set', 'eth0', 'mtu', '9001', 'up')
  }
  const way: Way = { name: 'bare', from: new Agent(a), to: new Agent(b), address: '10.255.0.2' }
  return {
    way,
    async end() {
      await Promise.all([way.from.stop(), way.to.stop()])
      for (const name of [a, b]) ip('netns', 'del', name)
    },
  }
}

interface Lab {
  readonly ways: readonly Way[]
  readonly agents: readonly Agent[]
  /** More rules in the group that all instances have, none of which lets their traffic in. */
  addRules(count: number): Promise<void>
}

/** Two VPCs of two subnets with a peering and gateways; one group a VPC. */
async function laidOut(client: Ec2, stateDir: string): Promise<Lab> {
  const one = await vpc(client, '10.71')
  const two = await vpc(client, '10.72')
  const { VpcPeeringConnection } = await client.call('CreateVpcPeeringConnection', { VpcId: one.id, PeerVpcId: two.id })
  const pcx = VpcPeeringConnection?.VpcPeeringConnectionId ?? ''
  await client.call('AcceptVpcPeeringConnection', { VpcPeeringConnectionId: pcx })
  for (const [from, to] of [
    [one, '10.72.0.0/16'],
    [two, '10.71.0.0/16'],
  ] as const)
    await client.call('CreateRoute', {
      RouteTableId: from.table,
      DestinationCidrBlock: to,
      VpcPeeringConnectionId: pcx,
    })
  const instances = []
  for (const subnet of [one.subnets[0], one.subnets[1], two.subnets[0]])
    instances.push(await instance(client, subnet ?? ''))
  await allRunning(client, instances.length)
  const addresses = []
  for (const id of [instances[0], instances[2]]) addresses.push(await elasticIp(client, id?.id ?? ''))
  await ask({ stateDir }, 'GET', '/wait?timeout=20000')
  const agents = [...instances.map(({ id }) => new Agent(namespaceOf(id))), new Agent()]
  const [a, b, c, host] = agents as [Agent, Agent, Agent, Agent]
  let block = 0
  return {
    agents,
    ways: [
      { name: 'within a VPC', from: a, to: b, address: instances[1]?.address ?? '' },
      { name: 'over a peering', from: a, to: c, address: instances[2]?.address ?? '' },
      { name: 'through an Elastic IP', from: host, to: c, address: addresses[1] ?? '' },
      { name: 'between Elastic IPs', from: a, to: c, address: addresses[1] ?? '' },
    ],
    async addRules(count) {
      const ranges = Array.from({ length: count }, () => ({ CidrIp: `192.0.${2 + (++block >> 8)}.${block & 255}/32` }))
      for (const { group } of [one, two])
        await client.call('AuthorizeSecurityGroupIngress', {
          GroupId: group,
          IpPermissions: [{ IpProtocol: 'tcp', FromPort: 22, ToPort: 22, IpRanges: ranges }],
        })
      await ask({ stateDir }, 'GET', '/wait?timeout=20000')
    },
  }
}

async function vpc(client: Ec2, net: string) {
  const { Vpc } = await client.call('CreateVpc', { CidrBlock: `${net}.0.0/16` })
  const id = Vpc?.VpcId ?? ''
  const filters = [{ Name: 'vpc-id', Values: [id] }]
  const { SecurityGroups = [] } = await client.call('DescribeSecurityGroups', { Filters: filters })
  const { RouteTables = [] } = await client.call('DescribeRouteTables', { Filters: filters })
  const group = SecurityGroups[0]?.GroupId ?? ''
  const table = RouteTables[0]?.RouteTableId ?? ''
  const { InternetGateway } = await client.call('CreateInternetGateway', {})
  const gateway = InternetGateway?.InternetGatewayId ?? ''
  await client.call('AttachInternetGateway', { InternetGatewayId: gateway, VpcId: id })
  await client.call('CreateRoute', { RouteTableId: table, DestinationCidrBlock: '0.0.0.0/0', GatewayId: gateway })
  for (const IpProtocol of ['tcp', 'udp'])
    await client.call('AuthorizeSecurityGroupIngress', {
      GroupId: group,
      IpPermissions: [{ IpProtocol, FromPort: 20_000, ToPort: 30_000, IpRanges: [{ CidrIp: '0.0.0.0/0' }] }],
    })
  const subnets: string[] = []
  for (const block of [`${net}.1.0/24`, `${net}.2.0/24`]) {
    const { Subnet } = await client.call('CreateSubnet', { VpcId: id, CidrBlock: block })
    subnets.push(Subnet?.SubnetId ?? '')
  }
  return { id, group, table, subnets }
}

async function instance(client: Ec2, SubnetId: string): Promise<{ readonly id: string; readonly address: string }> {
  const { Images = [] } = await client.call('DescribeImages', { Owners: ['amazon'] })
  const { Instances = [] } = await client.call('RunInstances', {
    ImageId: Images[0]?.ImageId ?? '',
    InstanceType: 't3.micro',
    SubnetId,
    MinCount: 1,
    MaxCount: 1,
  })
  return { id: Instances[0]?.InstanceId ?? '', address: Instances[0]?.PrivateIpAddress ?? '' }
}

async function elasticIp(client: Ec2, InstanceId: string): Promise<string> {
  const { AllocationId = '', PublicIp = '' } = await client.call('AllocateAddress', { Domain: 'vpc' })
  await client.call('AssociateAddress', { AllocationId, InstanceId })
  return PublicIp
}

/** The namespace of an instance. */
export function namespaceOf(instanceId: string): string {
  const found = readdirSync('/run/netns').find((name) => name.endsWith(`-${instanceId}`))
  if (found === undefined) throw new Error(`no namespace of ${instanceId}`)
  return found
}
