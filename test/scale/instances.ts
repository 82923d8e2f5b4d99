/** The instances of a scale run: one VPC, one subnet, all in its default group. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Ec2 } from '../../src/client/ec2-client.ts'
import { execute } from '../../src/client/exec.ts'

export interface Made {
  readonly vpcId: string
  readonly subnetId: string
}

export interface Started extends Made {
  readonly client: Ec2
  /** Bytes the machine had to give before the launch. */
  readonly before: number
  /** By the clock of `performance`. */
  readonly start: number
}

export async function network(client: Ec2): Promise<Made> {
  const { Vpc } = await client.call('CreateVpc', { CidrBlock: '10.9.0.0/16' })
  const { Subnet } = await client.call('CreateSubnet', { VpcId: Vpc?.VpcId ?? '', CidrBlock: '10.9.0.0/20' })
  return { vpcId: Vpc?.VpcId ?? '', subnetId: Subnet?.SubnetId ?? '' }
}

export async function launch(client: Ec2, subnetId: string, count: number): Promise<void> {
  const { Images = [] } = await client.call('DescribeImages', { Owners: ['amazon'] })
  const imageId = Images[0]?.ImageId ?? ''
  await client.call('RunInstances', {
    ImageId: imageId,
    InstanceType: 't3.micro',
    SubnetId: subnetId,
    MinCount: count,
    MaxCount: count,
  })
}

/** `work` on pieces of at most `size`, one after another. */
export async function inPieces(count: number, size: number, work: (some: number) => Promise<void>): Promise<void> {
  for (let left = count; left > 0; left -= size) await work(Math.min(left, size))
}

export async function instancesOf(client: Ec2): Promise<{ id: string; address: string; state: string }[]> {
  const { Reservations = [] } = await client.call('DescribeInstances', {})
  return Reservations.flatMap(({ Instances = [] }) => Instances).map((i) => ({
    id: i.InstanceId ?? '',
    address: i.PrivateIpAddress ?? '',
    state: i.State?.Name ?? '',
  }))
}

/** Resolves when there are `count`, all of them running. Throws where there are more, or fewer. */
export async function allRunning(client: Ec2, count: number): Promise<void> {
  for (;;) {
    const all = await instancesOf(client)
    if (all.length !== count) throw new Error(`${all.length} instances are there, and not ${count}`)
    if (all.every(({ state }) => state === 'running')) return
    await sleep(250)
  }
}

export async function pingsNeighbor(stateDir: string, id: string, address: string): Promise<boolean> {
  const running = await execute(stateDir, id, ['ping', '-c', '1', '-W', '3', address])
  running.onOutput(() => {})
  return (await running.exit).code === 0
}
