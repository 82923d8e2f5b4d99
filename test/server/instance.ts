/** An instance in a VPC of its own, for tests that need one, and what a command in it says. */
import type { Execution } from '../../src/client/exec.ts'
import type { Ec2 } from '../../src/client/ec2-client.ts'

export interface Launched {
  readonly id: string
  readonly address: string
  readonly vpcId: string
  readonly groupId: string
}

/** Launches it in a new VPC with this /16; its default group lets nobody in but its own. */
export async function launchedInstance(ec2: Ec2, block = '10.42.0.0/16'): Promise<Launched> {
  const VpcId = (await ec2.call('CreateVpc', { CidrBlock: block })).Vpc?.VpcId ?? ''
  const CidrBlock = block.replace('0.0/16', '1.0/24')
  const SubnetId = (await ec2.call('CreateSubnet', { VpcId, CidrBlock })).Subnet?.SubnetId ?? ''
  const [{ ImageId } = {}] = (await ec2.call('DescribeImages', { Owners: ['amazon'] })).Images ?? []
  const launch = { ImageId, InstanceType: 't3.micro' as const, MinCount: 1, MaxCount: 1, SubnetId }
  const [instance] = (await ec2.call('RunInstances', launch)).Instances ?? []
  return {
    id: instance?.InstanceId ?? '',
    address: instance?.PrivateIpAddress ?? '',
    vpcId: VpcId,
    groupId: instance?.SecurityGroups?.[0]?.GroupId ?? '',
  }
}

/** All output so far, and a promise of the first line that holds `text`. */
export function heard(execution: Execution): { all: () => string; line: (text: string) => Promise<void> } {
  let all = ''
  const waiting: { text: string; resolve: () => void }[] = []
  execution.onOutput((_, data) => {
    all += data.toString()
    for (const { text, resolve } of waiting) if (all.includes(text)) resolve()
  })
  return {
    all: () => all,
    line: (text) =>
      new Promise<void>((resolve) => (all.includes(text) ? resolve() : void waiting.push({ text, resolve }))),
  }
}
