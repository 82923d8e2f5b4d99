/** How many calls the API answers in a second, beside moto where it is installed. */
import { type Load, load, type LoadOptions, requestOf } from './load.ts'
import type { Figure } from './measure.ts'
import { isthmus, moto, type Peer } from './server.ts'

const INSTANCES = 1000

/** What one server does; each in turn, alone on the machine. */
interface Measured {
  readonly firstAnswer: number
  readonly memoryEmpty: number
  readonly memoryFull: number
  readonly loads: Readonly<Record<string, Load>>
}

/** Each with what it is of. */
const OF: Readonly<Record<string, string>> = {
  DescribeVpcs: '1 VPC',
  CreateVpc: 'durable',
  'CreateSecurityGroup, Authorize': 'durable',
  DescribeInstances: `${INSTANCES.toLocaleString('en')}`,
  'DescribeInstances by id': `${INSTANCES.toLocaleString('en')}`,
}

/** All figures of the API. */
export async function apiFigures(): Promise<Figure[]> {
  const own = await measured(await isthmus('--sim'))
  const other = await moto()
  const peer = other && (await measured(other))
  const against = (ratio: number | undefined) => (ratio === undefined ? {} : { peer: 'moto', ratio })
  const calls = Object.entries(own.loads).map(([what, { perSecond, p50, p99 }]) => ({
    what,
    size: OF[what] ?? '',
    rate: perSecond,
    median: p50,
    p99,
    ...against(peer && perSecond / (peer.loads[what]?.perSecond ?? Number.NaN)),
  }))
  return [
    {
      what: 'start to first answer',
      size: 'empty',
      median: own.firstAnswer,
      ...against(peer && own.firstAnswer / peer.firstAnswer),
    },
    ...calls,
    { what: 'memory', size: 'empty', more: megabytes(own.memoryEmpty, peer?.memoryEmpty) },
    { what: 'memory', size: `${INSTANCES} as records`, more: megabytes(own.memoryFull, peer?.memoryFull) },
  ]
}

const megabytes = (own: number, peer: number | undefined) =>
  peer === undefined ? { MB: own } : { MB: own, 'MB of moto': peer }

async function measured(peer: Peer): Promise<Measured> {
  try {
    const memoryEmpty = peer.memory()
    const calls = (request: (i: number) => ReturnType<typeof requestOf>, options?: LoadOptions) =>
      load(peer.port, request, options)
    const one = (parameters: Readonly<Record<string, string>>) => requestOf(peer.port, parameters)
    const describeVpcs = one({ Action: 'DescribeVpcs' })
    await calls(() => describeVpcs, { for: 1000 })
    const DescribeVpcs = await calls(() => describeVpcs)
    const instances = await launched(peer)
    const memoryFull = peer.memory()
    const all = one({ Action: 'DescribeInstances' })
    const byId = instances.map((id) => one({ Action: 'DescribeInstances', 'InstanceId.1': id }))
    return {
      firstAnswer: peer.firstAnswer,
      memoryEmpty,
      memoryFull,
      loads: {
        DescribeVpcs,
        CreateVpc: await calls(() => one({ Action: 'CreateVpc', CidrBlock: '10.0.0.0/16' })),
        'CreateSecurityGroup, Authorize': await groups(peer),
        DescribeInstances: await calls(() => all, { connections: 2, for: 5000 }),
        'DescribeInstances by id': await calls((i) => byId[i % byId.length] ?? all),
      },
    }
  } finally {
    await peer.stop()
  }
}

/** Each a group with one rule: two calls, one after the other. */
async function groups({ port, call }: Peer): Promise<Load> {
  const vpc = idIn(await call({ Action: 'CreateVpc', CidrBlock: '10.1.0.0/16' }), 'vpcId')
  let number = 0
  const create = () => ({ Action: 'CreateSecurityGroup', GroupName: `g${number++}`, GroupDescription: 'b', VpcId: vpc })
  const rule = { IpProtocol: 'tcp', FromPort: '443', ToPort: '443', CidrIp: '192.0.2.0/24' }
  return load(port, () => [
    requestOf(port, create()),
    (created) =>
      requestOf(port, { Action: 'AuthorizeSecurityGroupIngress', GroupId: idIn(created, 'groupId'), ...rule }),
  ])
}

/** As many instances, launched by a hundred in one call. */
async function launched({ call }: Peer): Promise<string[]> {
  const image = idIn(await call({ Action: 'DescribeImages', 'Owner.1': 'amazon' }), 'imageId')
  const ids: string[] = []
  for (let i = 0; i < INSTANCES; i += 100) {
    const run = { Action: 'RunInstances', ImageId: image, MinCount: '100', MaxCount: '100', InstanceType: 't3.micro' }
    ids.push(...[...(await call(run)).matchAll(/<instanceId>([^<]+)/g)].map(([, id = '']) => id))
  }
  return ids
}

function idIn(answer: string, element: string): string {
  const found = new RegExp(`<${element}>([^<]+)`).exec(answer)?.[1]
  if (found === undefined) throw new Error(`no ${element} in ${answer.slice(0, 500)}`)
  return found
}
