/** From a launch to the first answered ping, and from a rule's answer to its effect among all those instances. */
import { clientOf } from '../server/bench.ts'
import { allRunning, inPieces, instancesOf, launch, network } from '../scale/instances.ts'
import { Agent, type Outcome } from './agent.ts'
import { namespaceOf } from './data-plane.ts'
import { type Figure, median, percentile } from './measure.ts'
import { isthmus } from './server.ts'

const CHANGES = 40
/** How often a packet tries whether the rule is in force yet, in milliseconds. */
const EVERY = 0.2
const clock = (): number => Number(process.hrtime.bigint()) / 1e6

/** Launches `count`; of 1,000 also the rule changes. */
export async function launchFigures(count: number): Promise<Figure[]> {
  const server = await isthmus()
  try {
    const client = clientOf(`http://127.0.0.1:${server.port}`)
    const { subnetId, vpcId } = await network(client)
    await launch(client, subnetId, 2)
    await allRunning(client, 2)
    const [first, second] = await instancesOf(client)
    const pinger = new Agent(namespaceOf(first?.id ?? ''))
    const memory = server.memory()
    const start = clock()
    await inPieces(count, 200, (some) => launch(client, subnetId, some))
    const answered = clock() - start
    const all = (await instancesOf(client)).map(({ address }) => address).filter((a) => a !== first?.address)
    const { at = Number.NaN, count: reached } = await pinger.run({ do: 'pingAll', all, ms: 120_000 })
    if (reached !== all.length) throw new Error(`only ${reached} of ${all.length} answered a ping`)
    await allRunning(client, count + 2)
    const running = clock() - start
    const figures: Figure[] = [
      {
        what: 'launch to first ping of all',
        size: `${count.toLocaleString('en')} instances`,
        median: at - start,
        more: { 'ms until all calls were answered': Math.round(answered), 'ms until all run': Math.round(running) },
      },
      {
        what: 'memory',
        size: `${count.toLocaleString('en')} that run`,
        more: { MB: server.memory(), 'MB before': memory },
      },
    ]
    if (second) {
      const target = new Agent(namespaceOf(second.id))
      figures.push(await ruleChange(client, vpcId, { from: pinger, to: target, address: second.address }, count))
      await target.stop()
    }
    await pinger.stop()
    return figures
  } finally {
    await server.stop()
  }
}

interface Way {
  readonly from: Agent
  readonly to: Agent
  readonly address: string
}

/** A rule for a port is made while packets to it are on the way: from the answer until one arrives. */
async function ruleChange(
  client: ReturnType<typeof clientOf>,
  vpcId: string,
  { from, to, address }: Way,
  count: number,
): Promise<Figure> {
  const filters = [{ Name: 'vpc-id', Values: [vpcId] }]
  const { SecurityGroups = [] } = await client.call('DescribeSecurityGroups', { Filters: filters })
  const GroupId = SecurityGroups[0]?.GroupId ?? ''
  // Its members are let in by its own rule: only one that comes from outside the group is stopped.
  await client.call('RevokeSecurityGroupIngress', {
    GroupId,
    IpPermissions: [{ IpProtocol: '-1', UserIdGroupPairs: [{ GroupId }] }],
  })
  const calls: number[] = []
  const effects: number[] = []
  for (let i = 0; i < CHANGES; i++) {
    const port = 21_000 + i
    const arrival = to.run({ do: 'firstArrival', port, ms: 3000 })
    const dripping = from.run({ do: 'drip', to: address, port, ms: 1000, every: EVERY })
    await new Promise((resolve) => setTimeout(resolve, 300))
    const began = clock()
    await client.call('AuthorizeSecurityGroupIngress', {
      GroupId,
      IpPermissions: [{ IpProtocol: 'udp', FromPort: port, ToPort: port, IpRanges: [{ CidrIp: '10.9.0.0/16' }] }],
    })
    const answered = clock()
    const { at }: Outcome = await arrival
    if (at === undefined) throw new Error('a rule was not in force after 3 s')
    calls.push(answered - began)
    // It may be in force before the answer has arrived here.
    effects.push(Math.max(0, at - answered))
    await dripping
  }
  return {
    what: 'a rule: answer to effect',
    size: `${count.toLocaleString('en')} instances`,
    median: median(effects),
    p99: percentile(effects, 0.99),
    peer: 'its call',
    ratio: median(effects) / median(calls),
  }
}
