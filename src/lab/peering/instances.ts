/** Step 4: an instance in each VPC. */
import { setTimeout as sleep } from 'node:timers/promises'
import { expect } from '../narrator.ts'
import type { Stage } from '../stage.ts'
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

/** Described, once they run. */
export async function running({ client }: Stage, ids: readonly string[]) {
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
