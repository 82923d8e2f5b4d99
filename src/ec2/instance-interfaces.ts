/** The network interfaces of a launch: which ones a request asks for, in which subnets, and making them. */
import type { Input } from '../protocol/types.ts'
import type { IdleTimeouts } from '../network/idle.ts'
import { restorePublicIp } from './address-association.ts'
import { timeoutsOf } from './connection-tracking.ts'
import { availableDefaultSubnet } from './default-vpc.ts'
import { ApiError, invalidCombination, invalidParameter, missingParameter, unsupported } from './errors.ts'
import type { Instance } from './instance.ts'
import { zoneOf } from './instance-placement.ts'
import type { InstanceType } from './instance-type.ts'
import { find } from './lookup.ts'
import { createInterface, interfacesOfInstance, type NetworkInterface } from './network-interface.ts'
import { attach, checkAddressLimit, refuseInUse } from './network-interface-attachment.ts'
import type { AddressWish } from './private-address.ts'
import { takePublicAddress } from './public-address.ts'
import { quota } from './quotas.ts'
import { type Context, ownCount, type Tags } from './resource.ts'
import { groupsForInterface } from './security-group.ts'
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
  readonly idleTimeouts?: IdleTimeouts | undefined
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
    [PrivateIpAddress, 'private IP address'],
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
  // unverified: AWS's words.
  if (s.DeviceIndex === undefined) throw missingParameter('NetworkInterface.DeviceIndex')
  const deviceIndex = s.DeviceIndex
  const alone = (input.NetworkInterfaces?.length ?? 0) < 2
  if (s.NetworkInterfaceId) return planPresent(context, s, s.NetworkInterfaceId, deviceIndex)
  const zone = zoneOf(context, input.Placement)
  const subnet = s.SubnetId === undefined ? availableDefaultSubnet(context, zone) : find(context, 'subnet', s.SubnetId)
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
    idleTimeouts: timeoutsOf(s.ConnectionTrackingSpecification),
    publicIp: deviceIndex === 0 && (s.AssociatePublicIpAddress ?? (alone && subnet.mapPublicIpOnLaunch)),
  }
}

function planPresent(context: Context, s: Specification, id: string, deviceIndex: number): InterfacePlan {
  refuseBesideId(s)
  const present = find(context, 'network-interface', id)
  refuseInUse(present)
  return {
    present,
    deviceIndex,
    deleteOnTermination: false,
    subnet: find(context, 'subnet', present.subnetId),
    groupIds: present.groupIds,
    description: present.description,
    addresses: {},
    publicIp: false,
  }
}

/** What is for a new interface only. unverified: AWS's words. */
function refuseBesideId(s: Specification): void {
  const present: readonly (readonly [unknown, string])[] = [
    [s.SubnetId, 'a subnet'],
    [s.Groups?.length, 'security groups'],
    [s.PrivateIpAddress ?? s.PrivateIpAddresses?.length, 'a private IP address'],
    [s.SecondaryPrivateIpAddressCount, 'a count of secondary private IP addresses'],
    [s.Description, 'a description'],
    [s.DeleteOnTermination, 'delete on termination as true'],
    [s.ConnectionTrackingSpecification, 'a connection tracking specification'],
  ]
  const wrong = present.find(([value]) => value)
  if (wrong) throw invalidCombination(`A network interface may not specify both a network interface ID and ${wrong[1]}`)
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
export function roomFor(context: Context, plans: readonly InterfacePlan[]): number {
  const fresh = Map.groupBy(
    plans.filter((p) => !p.present),
    (p) => p.subnet.id,
  )
  const rooms = [...fresh.values()].map((group) => {
    const needed = group.reduce((sum, p) => sum + addressCount(p), 0)
    return group[0] ? Math.floor(availableAddresses(context.state, group[0].subnet) / needed) : 0
  })
  return Math.min(...rooms, ...(fresh.size > 0 ? [Math.floor(interfacesLeft(context) / freshCount(fresh))] : [1]))
}

const freshCount = (fresh: ReadonlyMap<string, readonly InterfacePlan[]>): number =>
  [...fresh.values()].reduce((sum, group) => sum + group.length, 0)

/** How many more interfaces the account's Region may have (1.12). */
const interfacesLeft = (context: Context): number => quota('networkInterfaces') - ownCount(context, 'network-interface')

/** The interfaces of one new instance, attached. */
export function makeInterfaces(context: Context, { id }: Instance, plans: readonly InterfacePlan[], tags: Tags): void {
  for (const plan of plans) {
    const eni = plan.present ?? createInterface(context, { ...plan, tags, wantsPublicIp: plan.publicIp })
    const attached = attach(context, eni, id, plan.deviceIndex, plan.deleteOnTermination)
    if (plan.publicIp) context.state.put('network-interface', { ...attached, publicIp: takePublicAddress(context) })
  }
  // One that was there may want a public address by itself (AssociatePublicIpAddress of its attributes).
  const [primary] = interfacesOfInstance(context.state, id)
  if (primary) restorePublicIp(context, primary)
}

function refuseUnsupported(s: Specification): void {
  if (s.Ipv6AddressCount || s.Ipv6Addresses?.length || s.Ipv6PrefixCount || s.Ipv6Prefixes?.length || s.PrimaryIpv6) {
    throw unsupported('IPv6 addresses of instances are not supported yet.')
  }
  if (s.Ipv4PrefixCount || s.Ipv4Prefixes?.length) throw unsupported('Prefix delegation is not supported yet.')
  if (s.AssociateCarrierIpAddress) throw unsupported('Carrier IP addresses are not supported.')
  if (s.InterfaceType && s.InterfaceType !== 'interface')
    throw unsupported(`Network interfaces of type ${s.InterfaceType} are not supported yet.`)
  if (s.EnaSrdSpecification?.EnaSrdEnabled) throw unsupported('ENA Express is not supported.')
  if (s.EnaQueueCount !== undefined) throw unsupported('A number of ENA queues can not be chosen.')
  if (s.NetworkCardIndex) throw unsupported('Network cards other than 0 are not supported yet.')
}
