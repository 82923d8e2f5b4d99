/** A VPC with a subnet and an internet gateway in a world of its own, and instances that settle when told to. */
import { settle } from '../../src/ec2/instance.ts'
import type { Caller } from '../../src/ec2/resource.ts'
import type { Input, Output } from '../../src/protocol/types.ts'
import { US, world } from './world.ts'

export type Launch = Partial<Input<'RunInstances'>>
export type WireInstance = NonNullable<Output<'RunInstances'>['Instances']>[number]

/** `must(value)` where a test can not go on without it. */
export function must<T>(value: T | undefined | null): T {
  if (value === undefined || value === null) throw new Error('nothing there')
  return value
}

export function place(block = '10.0.0.0/16', subnetBlock = '10.0.1.0/24') {
  const w = world()
  const { call, transaction } = w
  const vpcId = must(call('CreateVpc', { CidrBlock: block }).Vpc?.VpcId)
  const subnetId = must(
    call('CreateSubnet', { VpcId: vpcId, CidrBlock: subnetBlock, AvailabilityZone: 'us-east-1a' }).Subnet?.SubnetId,
  )
  const gatewayId = must(call('CreateInternetGateway', {}).InternetGateway?.InternetGatewayId)
  call('AttachInternetGateway', { InternetGatewayId: gatewayId, VpcId: vpcId })
  const imageId = must(
    call('DescribeImages', { Filters: [{ Name: 'name', Values: ['al2023-ami-*-6.1-x86_64'] }] }).Images?.[0]?.ImageId,
  )

  /** One instance in the subnet unless said otherwise; still pending. */
  const run = (launch: Launch = {}, caller: Caller = US): WireInstance[] => {
    const where = launch.NetworkInterfaces || launch.SubnetId ? {} : { SubnetId: subnetId }
    return must(
      call(
        'RunInstances',
        { ImageId: imageId, InstanceType: 't2.micro', MinCount: 1, MaxCount: 1, ...where, ...launch },
        caller,
      ).Instances,
    )
  }
  /** The engine has caught up with everything. */
  const settled = () => transaction(US, (context) => settle(context, () => true))
  /** An instance that runs. */
  const running = (launch: Launch = {}): string => {
    const [launched] = run(launch)
    settled()
    return must(launched?.InstanceId)
  }
  const see = (id: string): WireInstance =>
    must(call('DescribeInstances', { InstanceIds: [id] }).Reservations?.[0]?.Instances?.[0])
  const primaryOf = (id: string): string => must(see(id).NetworkInterfaces?.[0]?.NetworkInterfaceId)
  const interfaceOf = (id: string) =>
    must(call('DescribeNetworkInterfaces', { NetworkInterfaceIds: [id] }).NetworkInterfaces?.[0])
  const elastic = () => must(call('AllocateAddress', {}).AllocationId)
  const addressOf = (id: string) => must(call('DescribeAddresses', { AllocationIds: [id] }).Addresses?.[0])
  return {
    ...w,
    vpcId,
    subnetId,
    gatewayId,
    imageId,
    run,
    running,
    settled,
    see,
    primaryOf,
    interfaceOf,
    elastic,
    addressOf,
  }
}
