/** Steps 4 to 6: two instances, and the way to the first one from outside. */
import { setTimeout as sleep } from 'node:timers/promises'
import { internet } from '../../cli/hosts.ts'
import { expect } from '../narrator.ts'
import { run, type Stage } from '../stage.ts'
import type { Side, Sides } from './vpcs.ts'

/** An instance of the lab. */
export interface Machine {
  readonly id: string
  readonly privateIp: string
}
export type Machines = readonly [one: Machine, two: Machine]

export async function launchInstances(stage: Stage, sides: Sides): Promise<Machines> {
  const { narrator } = stage
  narrator.step('4', 'An instance in each VPC')
  narrator.say(
    'Amazon Linux 2023, t2.micro, no key pair, no public address, and the default security group, ' +
      'which lets in only its own members.',
  )
  const imageId = await newestImage(stage)
  const ids = [await launchOne(stage, imageId, sides[0], 1), await launchOne(stage, imageId, sides[1], 2)]
  narrator.say('Waiting until both are running ...')
  const [one, two] = await running(stage, ids)
  expect(one !== undefined && two !== undefined, 'the instances are not described')
  for (const { id, privateIp } of [one, two]) narrator.show(`${id}  running  ${privateIp}`)
  await narrator.check('A8', () => {
    expect(!one.publicIp && !two.publicIp, `public addresses ${one.publicIp} and ${two.publicIp}`)
    return `${one.privateIp} and ${two.privateIp}, no public address`
  })
  return [one, two]
}

async function newestImage({ client }: Stage): Promise<string> {
  const filters = [
    { Name: 'name', Values: ['al2023-ami-2023*'] },
    { Name: 'architecture', Values: ['x86_64'] },
  ]
  const { Images = [] } = await client.call('DescribeImages', { Owners: ['amazon'], Filters: filters })
  const [newest] = Images.toSorted((a, b) => (b.CreationDate ?? '').localeCompare(a.CreationDate ?? ''))
  expect(newest?.ImageId !== undefined, 'there is no image of Amazon Linux 2023')
  return newest.ImageId
}

async function launchOne({ client }: Stage, imageId: string, { subnetId }: Side, number: number): Promise<string> {
  const name = `Instance - NextWork VPC ${number}`
  const { Instances: [instance] = [] } = await client.call('RunInstances', {
    ImageId: imageId,
    InstanceType: 't2.micro',
    SubnetId: subnetId,
    MinCount: 1,
    MaxCount: 1,
    TagSpecifications: [{ ResourceType: 'instance', Tags: [{ Key: 'Name', Value: name }] }],
  })
  return instance?.InstanceId ?? ''
}

/** Milliseconds. */
const launchPatience = 60_000

async function running({ client }: Stage, ids: readonly string[]) {
  const deadline = Date.now() + launchPatience
  while (Date.now() < deadline) {
    const { Reservations = [] } = await client.call('DescribeInstances', { InstanceIds: [...ids] })
    const instances = Reservations.flatMap(({ Instances = [] }) => Instances)
    if (instances.length === ids.length && instances.every(({ State }) => State?.Name === 'running')) {
      return ids.map((id) => {
        const found = instances.find(({ InstanceId }) => InstanceId === id)
        return { id, privateIp: found?.PrivateIpAddress ?? '', publicIp: found?.PublicIpAddress ?? '' }
      })
    }
    await sleep(200)
  }
  throw new Error(`the instances are not running after ${launchPatience / 1000} seconds`)
}

/** What is there to release in the end. */
export interface ElasticIp {
  readonly allocationId: string
  readonly publicIp: string
}

export async function openTheWayIn(stage: Stage, [one]: Sides, [machine]: Machines): Promise<ElasticIp> {
  const { client, narrator } = stage
  narrator.step('5', 'A way in')
  narrator.say(
    'Instance Connect in the browser needs a public address, and refuses before any packet is sent. ' +
      'The console and its terminal are not part of Isthmus yet; what cures the refusal is.',
  )
  narrator.notYet('A9', 'needs login')
  const { AllocationId = '', PublicIp = '' } = await client.call('AllocateAddress', { Domain: 'vpc' })
  await client.call('AssociateAddress', { AllocationId, InstanceId: machine.id })
  await stage.inForce()
  await narrator.check('A10', async () => {
    const [described] = await running(stage, [machine.id])
    expect(described?.publicIp === PublicIp, `the instance shows ${described?.publicIp || 'no public address'}`)
    narrator.show(`Elastic IP ${PublicIp} is associated with ${machine.id}`)
    return PublicIp
  })
  narrator.step('6', 'A closed door')
  narrator.say(
    'With a public address the attempt is made, and times out: the default security group lets in its own ' +
      'members only, and says nothing to anybody else.',
  )
  await knock(stage, one, PublicIp)
  narrator.notYet('A12', 'needs login')
  return { allocationId: AllocationId, publicIp: PublicIp }
}

/** curl's exit codes. */
const curl = { refused: 7, timedOut: 28 } as const
const knocking = (address: string): string[] => ['curl', '-sS', '-m', '3', `telnet://${address}:22`]

/** From a host on the internet to port 22: without a rule, and, to know why, with one. */
async function knock(stage: Stage, { groupId }: Side, address: string): Promise<void> {
  const { client, narrator, engine } = stage
  if (engine === 'simulator') return narrator.notYet('A11', 'the simulator knows ping and traceroute only')
  await narrator.check('A11', async () => {
    const closed = await run(stage, internet.node, knocking(address))
    narrator.show(`$ ${knocking(address).join(' ')}`, closed.output.trim())
    expect(closed.code === curl.timedOut, `not a timeout: ${closed.output.trim()}`)
    const rule = { IpProtocol: 'tcp', FromPort: 22, ToPort: 22, IpRanges: [{ CidrIp: `${internet.address}/32` }] }
    await client.call('AuthorizeSecurityGroupIngress', { GroupId: groupId, IpPermissions: [rule] })
    await stage.inForce()
    const open = await run(stage, internet.node, knocking(address))
    narrator.say('An inbound rule for SSH opens the door. Nobody listens on port 22 yet, and now the instance says so:')
    narrator.show(open.output.trim())
    expect(open.code === curl.refused, `with a rule for it, the instance does not answer: ${open.output.trim()}`)
    return 'a timeout without the rule; with it, the instance itself answers'
  })
}
