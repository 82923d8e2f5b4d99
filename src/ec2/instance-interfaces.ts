/** The network interfaces of a launch: which ones a request asks for, in which subnets, and making them. */
import type { Input } from '../protocol/types.ts'
import { availableDefaultSubnet } from './default-vpc.ts'
import { ApiError, invalidCombination, invalidParameter, unsupported } from './errors.ts'
import type { Instance } from './instance.ts'
import type { InstanceType } from './instance-type.ts'
import { find } from './lookup.ts'
import { createInterface, type NetworkInterface } from './network-interface.ts'
import { attach, checkAddressLimit, refuseInUse } from './network-interface-attachment.ts'
import type { AddressWish } from './private-address.ts'
import { takePublicAddress } from './public-address.ts'
import type { Context, Tags } from './resource.ts'
import { groupsForInterface } from './security-group.ts'
import type { State } from './state.ts'
import { availableAddresses, type Subnet } from './subnet.ts'

type Run = Input<'RunInstances'>
type Specification = NonNullable<Run['NetworkInterfaces']>[number]

/** One interface of each instance to be launched: one that is there, or a new one. */
export interface InterfacePlan {
  readonly subnet: Subnet
  readonly deviceIndex: number
  readonly deleteOnTermination: boolean
  readonly present?: NetworkInterface
  readonly groupIds: readonly string[]
  readonly description: string
  readonly addresses: AddressWish
  readonly publicIp: boolean
}

/** The primary interface first. Throws where the parameters contradict each other or the instance type's limits. */
export function planInterfaces(context: Context, input: Run, type: InstanceType): InterfacePlan[] {
  const specifications = input.NetworkInterfaces?.length ? input.NetworkInterfaces : [wholeRequest(context, input)]
  if (input.NetworkInterfaces?.length) refuseInstanceLevel(input)
  checkPublic(specifications)
  const plans = specifications.map((s) => planOne(context, input, s)).sort((a, b) => a.deviceIndex - b.deviceIndex)
  checkTogether(plans, type, input)
  return plans
}

/** Without `NetworkInterfaces` the request itself describes the one interface. */
function wholeRequest(context: Context, input: Run): Specification {
  const { SubnetId, SecurityGroupIds = [], SecurityGroups = [], PrivateIpAddress } = input
  const named = groupsByName(context, SecurityGroups, SubnetId)
  const groups = [...SecurityGroupIds, ...named]
  return {
    DeviceIndex: 0,
    ...(SubnetId !== undefined && { SubnetId }),
    ...(PrivateIpAddress !== undefined && { PrivateIpAddress }),
    ...(groups.length > 0 && { Groups: groups }),
  }
}

/** Names are for the default VPC only. */
function groupsByName(context: Context, names: readonly string[], subnetId: string | undefined): string[] {
  if (names.length === 0) return []
  if (subnetId !== undefined)
    throw invalidCombination('The parameter groupName cannot be used with the parameter subnet')
  const { vpcId } = availableDefaultSubnet(context)
  const groups = context.state.where('security-group', 'vpcId', vpcId)
  return names.map((name) => {
    const found = groups.find((g) => g.groupName === name)
    if (!found)
      throw new ApiError(
        'InvalidGroup.NotFound',
        `The security group '${name}' does not exist in default VPC '${vpcId}'`,
      )
    return found.id
  })
}

function refuseInstanceLevel({ SubnetId, SecurityGroupIds, SecurityGroups, PrivateIpAddress }: Run): void {
  const present: readonly (readonly [unknown, string])[] = [
    [SubnetId, 'subnet ID'],
    [SecurityGroupIds?.length || SecurityGroups?.length, 'security groups'],
    [PrivateIpAddress, 'private address'],
  ]
  const wrong = present.find(([value]) => value)
  if (wrong)
    throw invalidCombination(
      `Network interfaces and an instance-level ${wrong[1]} may not be specified on the same request`,
    )
}

function checkPublic(specifications: readonly Specification[]): void {
  if (!specifications.some((s) => s.AssociatePublicIpAddress)) return
  if (specifications.length > 1) {
    throw invalidCombination(
      'The associatePublicIPAddress parameter cannot be specified when launching with multiple network interfaces.',
    )
  }
  if (specifications.some((s) => s.NetworkInterfaceId)) {
    throw invalidCombination(
      'The associatePublicIPAddress parameter cannot be specified for a network interface with an ID.',
    )
  }
}

function planOne(context: Context, input: Run, s: Specification): InterfacePlan {
  refuseUnsupported(s)
  const deviceIndex = s.DeviceIndex ?? 0
  const alone = (input.NetworkInterfaces?.length ?? 0) < 2
  if (s.NetworkInterfaceId) return planPresent(context, s.NetworkInterfaceId, deviceIndex, s.DeleteOnTermination)
  const subnet =
    s.SubnetId === undefined
      ? availableDefaultSubnet(context, input.Placement?.AvailabilityZone)
      : find(context, 'subnet', s.SubnetId)
  const zone = input.Placement?.AvailabilityZone
  if (zone && zone !== subnet.availabilityZone)
    throw invalidCombination(`The availability zone ${zone} is not that of subnet ${subnet.id}.`)
  return {
    subnet,
    deviceIndex,
    deleteOnTermination: s.DeleteOnTermination ?? true,
    groupIds: groupsForInterface(context, subnet.vpcId, s.Groups),
    description: s.Description ?? '',
    addresses: {
      primary: s.PrivateIpAddress,
      list: s.PrivateIpAddresses,
      secondaries: s.SecondaryPrivateIpAddressCount,
    },
    publicIp: deviceIndex === 0 && (s.AssociatePublicIpAddress ?? (alone && subnet.mapPublicIpOnLaunch)),
  }
}

function planPresent(context: Context, id: string, deviceIndex: number, deleteOnTermination = false): InterfacePlan {
  const present = find(context, 'network-interface', id)
  refuseInUse(present)
  return {
    present,
    deviceIndex,
    deleteOnTermination,
    subnet: find(context, 'subnet', present.subnetId),
    groupIds: present.groupIds,
    description: present.description,
    addresses: {},
    publicIp: false,
  }
}

function checkTogether(plans: readonly InterfacePlan[], type: InstanceType, { MaxCount }: Run): void {
  const indexes = plans.map((p) => p.deviceIndex)
  if (indexes[0] !== 0) throw invalidCombination('A network interface with device index 0 must be specified.')
  if (new Set(indexes).size < indexes.length)
    throw invalidCombination('Each network interface requires a unique device index.')
  if (plans.length > type.interfaces) {
    throw new ApiError('AttachmentLimitExceeded', `Interface count ${plans.length} exceeds the limit for ${type.name}`)
  }
  if (new Set(plans.map((p) => p.subnet.availabilityZone)).size > 1) {
    throw invalidCombination('All network interfaces of an instance must be in the same availability zone.')
  }
  for (const p of plans) checkAddressLimit(type.name, p.present?.privateIpAddresses.length ?? addressCount(p))
  if (MaxCount > 1 && plans.some((p) => p.present || p.addresses.primary || p.addresses.list?.length)) {
    throw invalidParameter(
      MaxCount,
      'maxCount',
      'A network interface or private address can be given to one instance only.',
    )
  }
}

const addressCount = ({ addresses: { list = [], secondaries = 0, primary } }: InterfacePlan): number =>
  list.length + secondaries + (primary || !list.some((a) => a.Primary) ? 1 : 0)

/** How many instances the subnets have addresses for: what is launched of MinCount to MaxCount. */
export function roomFor(state: State, plans: readonly InterfacePlan[]): number {
  const fresh = Map.groupBy(
    plans.filter((p) => !p.present),
    (p) => p.subnet.id,
  )
  const rooms = [...fresh.values()].map((group) => {
    const needed = group.reduce((sum, p) => sum + addressCount(p), 0)
    return group[0] ? Math.floor(availableAddresses(state, group[0].subnet) / needed) : 0
  })
  return Math.min(Number.MAX_SAFE_INTEGER, ...rooms)
}

/** The interfaces of one new instance, attached. */
export function makeInterfaces(context: Context, { id }: Instance, plans: readonly InterfacePlan[], tags: Tags): void {
  for (const plan of plans) {
    const eni = plan.present ?? createInterface(context, { ...plan, tags, wantsPublicIp: plan.publicIp })
    const attached = attach(context, eni, id, plan.deviceIndex, plan.deleteOnTermination)
    if (plan.publicIp) context.state.put('network-interface', { ...attached, publicIp: takePublicAddress(context) })
  }
}

function refuseUnsupported(s: Specification): void {
  if (s.Ipv6AddressCount || s.Ipv6Addresses?.length || s.Ipv6PrefixCount || s.Ipv6Prefixes?.length || s.PrimaryIpv6) {
    throw unsupported('IPv6 addresses of instances are not supported yet.')
  }
  if (s.Ipv4PrefixCount || s.Ipv4Prefixes?.length) throw unsupported('Prefix delegation is not supported yet.')
  if (s.AssociateCarrierIpAddress) throw unsupported('Carrier IP addresses are not supported.')
  if (s.InterfaceType && s.InterfaceType !== 'interface')
    throw unsupported(`Network interfaces of type ${s.InterfaceType} are not supported yet.`)
  if (s.NetworkCardIndex) throw unsupported('Network cards other than 0 are not supported yet.')
}
