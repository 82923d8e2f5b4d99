/** Network interface (ENI): where an instance meets a subnet, with its private addresses and security groups. */
import { createHash } from 'node:crypto'
import type { Ip } from '../ip/address.ts'
import type { IdleTimeouts } from '../network/idle.ts'
import type { Fact } from '../network/network.ts'
import { publicAddressesOf } from './address.ts'
import { dissociate } from './address-association.ts'
import { attachedGateway } from './internet-gateway.ts'
import { ApiError, invalidValue } from './errors.ts'
import { find, remove } from './lookup.ts'
import { interfaceFilters } from './network-interface-filters.ts'
import { type AddressWish, explicitAddresses, takeSecondaries } from './private-address.ts'
import { quota } from './quotas.ts'
import { blocks, type Context, defineKind, isOwn, newResource, ownCount, type Resource, type Tags } from './resource.ts'
import { setId } from './security-group.ts'
import type { State } from './state.ts'
import { freeAddress, type Subnet } from './subnet.ts'
import { noUplinkFor } from './vpc-block-public-access.ts'

export interface NetworkInterface extends Resource {
  readonly state: 'available' | 'in-use' | 'detaching' | 'detached'
  readonly subnetId: string
  readonly vpcId: string
  readonly availabilityZone: string
  readonly availabilityZoneId: string
  readonly description: string
  readonly groupIds: readonly string[]
  /** The first is the primary one and stays for the interface's life. */
  readonly privateIpAddresses: readonly Ip[]
  readonly mac: string
  readonly sourceDestCheck: boolean
  /** Those of its own, in seconds (S12). */
  readonly idleTimeouts?: IdleTimeouts
  /** While it is attached. */
  readonly attachment?: Attachment
  /** The last attachment, as it is still seen for some seconds after a detach. */
  readonly formerAttachment?: Attachment
  /** Whose it is where AWS made it for a service: nobody else can change, attach or delete it. */
  readonly requester?: Requester
  /** Whether the launch asked for a public address, which then comes with every start (G7). */
  readonly wantsPublicIp: boolean
  /** The auto-assigned public address. */
  readonly publicIp?: Ip
}

/** A resource that has an interface of its own. */
export interface Requester {
  readonly interfaceType: 'ec2_instance_connect_endpoint' | 'nat_gateway'
  /** The resource, which is also the network's node that holds the interface. */
  readonly node: string
}

export interface Attachment {
  readonly attachmentId: string
  readonly instanceId: string
  /** The account of the instance, where it is another's than the interface's. */
  readonly instanceOwner?: string
  /** 0 is the primary interface. */
  readonly deviceIndex: number
  readonly deleteOnTermination: boolean
  readonly attachTime: number
}

declare module './resource.ts' {
  interface ResourceTypes {
    'network-interface': NetworkInterface
  }
}

/** Terraform looks for `detached` with a growing pause of up to 10 s: dropped at once, it searches for minutes. */
const DETACHED_SEEN = 15_000

export const networkInterface = defineKind({
  type: 'network-interface',
  idPrefix: 'eni',
  noun: 'networkInterface ID',
  codes: { notFound: 'InvalidNetworkInterfaceID.NotFound', malformed: 'InvalidNetworkInterfaceId.Malformed' },
  references: { subnetId: blocks('subnet'), vpcId: blocks('vpc'), groupIds: blocks('security-group') },
  lifecycle: { detaching: { after: 1000, to: 'detached' }, detached: { after: DETACHED_SEEN, to: 'available' } },
  alsoSeenBy: ({ attachment, region }, caller) =>
    attachment?.instanceOwner === caller.account && region === caller.region,
  indexed: { 'network-interface-id': 'id', 'subnet-id': 'subnetId', 'vpc-id': 'vpcId', 'group-id': 'groupIds' },
  filters: interfaceFilters,
  compile: facts,
  routeTarget: (eni, _, state) => (isLive(state, eni) ? { kind: 'interface', interface: eni.id } : undefined),
})

/** The interfaces attached to an instance, the primary one first. */
export const interfacesOfInstance = (state: State, instanceId: string): NetworkInterface[] =>
  state
    .where('network-interface', 'attachment.instanceId', instanceId)
    .toSorted((a, b) => (a.attachment?.deviceIndex ?? 0) - (b.attachment?.deviceIndex ?? 0))

/** The one interface of an instance that has no other; E1: else it must be said which. Throws InvalidInstanceID. */
export function onlyInterfaceOf(state: State, instanceId: string): NetworkInterface {
  const [eni, ...more] = interfacesOfInstance(state, instanceId)
  if (eni && more.length === 0) return eni
  const words = `There are multiple interfaces attached to instance '${instanceId}'.`
  throw new ApiError('InvalidInstanceID', `${words} Please specify an interface ID for the operation instead.`)
}

/** Whether packets pass: attached to an instance that is pending or running, or part of what it was made for. */
export function isLive(state: State, eni: NetworkInterface): boolean {
  if (eni.requester) return true
  const instance = eni.attachment && state.get('instance', eni.attachment.instanceId)
  return instance !== undefined && (instance.state === 'pending' || instance.state === 'running')
}

/** The primary private address. */
export function primaryAddress(eni: NetworkInterface): Ip {
  const [first] = eni.privateIpAddresses
  if (!first) throw new Error(`${eni.id} has no address`)
  return first
}

/** The host interface, and the auto-assigned address at the internet gateway; an Elastic IP is its own fact. */
function facts(eni: NetworkInterface, state: State): Fact[] {
  const { attachment, requester, id, mac, sourceDestCheck, idleTimeouts } = eni
  const node = requester?.node ?? attachment?.instanceId
  if (!node || !isLive(state, eni)) return []
  const host: Fact = {
    interface: {
      id,
      mac,
      sourceDestCheck,
      node,
      segment: eni.subnetId,
      addresses: eni.privateIpAddresses,
      ...(requester?.interfaceType !== 'nat_gateway' && { ruleSets: ruleSetsOf(state, eni) }),
      ...(idleTimeouts && { idleTimeouts }),
      ...noUplinkFor(state, eni),
      deviceIndex: attachment?.deviceIndex ?? 0,
      placement: 'local',
      origin: { resource: id },
    },
  }
  const gateway = attachedGateway(state, eni.vpcId)
  const own = gateway ? publicAddressesOf(state, eni).filter((a) => !a.elastic) : []
  return [
    host,
    ...own.map(({ publicIp, privateIpAddress }) => ({
      translation: {
        interface: `${eni.vpcId}/${gateway?.id}`,
        inside: privateIpAddress,
        outside: publicIp,
        origin: { resource: id, rule: publicIp },
      },
    })),
  ]
}

/** The rule set that each of its groups has in its VPC (S7). */
const ruleSetsOf = (state: State, { groupIds, vpcId }: NetworkInterface): string[] =>
  groupIds.map((id) => {
    const group = state.get('security-group', id)
    return group ? setId(group, vpcId) : id
  })

/** Whether it is part of something, or has not quite left it. */
export const isInUse = (eni: NetworkInterface): boolean => eni.state === 'in-use' || eni.state === 'detaching'

/**
 * An interface that the caller himself manages. Throws OperationNotPermitted for a service's (words unverified), and
 * AuthFailure for one that is only attached to an instance of his.
 */
export function ownInterface(context: Context, id: string): NetworkInterface {
  const eni = find(context, 'network-interface', id)
  if (eni.requester)
    throw new ApiError('OperationNotPermitted', `You are not allowed to manage the network interface '${eni.id}'.`)
  if (isOwn(eni, context.caller)) return eni
  throw new ApiError('AuthFailure', 'You do not have permission to access the specified resource.')
}

interface InterfaceWish {
  readonly subnet: Subnet
  readonly groupIds: readonly string[]
  readonly description: string
  readonly addresses: AddressWish
  readonly tags: Tags
  readonly wantsPublicIp?: boolean
  /** On unless it says otherwise. */
  readonly sourceDestCheck?: boolean
  readonly idleTimeouts?: IdleTimeouts | undefined
  readonly requester?: Requester
}

/** More than any instance type has on one interface. */
const MOST_ADDRESSES = 50

/** A new interface, in use where it has a requester. Throws where an address is taken, reserved or foreign (D35). */
export function createInterface(context: Context, wish: InterfaceWish): NetworkInterface {
  checkQuota(context)
  const { subnet, addresses } = wish
  checkCount(Math.max(1, (addresses.list?.length ?? 0) + (addresses.primary ? 1 : 0)), addresses.secondaries)
  const { primary, secondaries } = explicitAddresses(context, subnet, addresses)
  refuseTwice([...(primary ? [primary] : []), ...secondaries])
  const base = newResource(context, networkInterface, wish.requester ? 'in-use' : 'available', wish.tags)
  const eni: NetworkInterface = {
    ...base,
    state: wish.requester ? 'in-use' : 'available',
    subnetId: subnet.id,
    vpcId: subnet.vpcId,
    availabilityZone: subnet.availabilityZone,
    availabilityZoneId: subnet.availabilityZoneId,
    description: wish.description,
    groupIds: wish.groupIds,
    privateIpAddresses: secondaries,
    mac: macFor(base.id),
    sourceDestCheck: wish.sourceDestCheck ?? true,
    ...(wish.idleTimeouts && { idleTimeouts: wish.idleTimeouts }),
    ...(wish.requester && { requester: wish.requester }),
    wantsPublicIp: wish.wantsPublicIp ?? false,
  }
  // The record is there before an address is chosen for it, so that the choice sees the addresses it already has.
  context.state.put('network-interface', eni)
  const first = primary ?? freeAddress(context, subnet)
  const whole = context.state.put('network-interface', { ...eni, privateIpAddresses: [first, ...secondaries] })
  return takeSecondaries(context, whole, addresses.secondaries ?? 0)
}

/** Ends the interface and the associations of its addresses; an Elastic IP stays allocated. */
export function deleteInterface(context: Context, eni: NetworkInterface): void {
  for (const { elastic } of publicAddressesOf(context.state, eni)) if (elastic) dissociate(context, elastic)
  remove(context, 'network-interface', eni.id)
}

/** unverified: AWS's words. */
export function refuseTwice(addresses: readonly Ip[]): void {
  const seen = new Set<Ip>()
  for (const address of addresses) {
    if (seen.has(address)) throw invalidValue(`Address ${address} is specified more than once`)
    seen.add(address)
  }
}

/** `more` addresses of the subnet's choice beside `named` ones. Throws PrivateIpAddressLimitExceeded. */
export function checkCount(named: number, more = 0): void {
  if (more < 0)
    throw invalidValue(`Value (${more}) for parameter secondaryPrivateIpAddressCount is invalid. Must be positive.`)
  if (named + more > MOST_ADDRESSES)
    throw new ApiError('PrivateIpAddressLimitExceeded', 'Number of private addresses will exceed limit.')
}

/** 1.12: throws NetworkInterfaceLimitExceeded. */
function checkQuota(context: Context): void {
  if (ownCount(context, 'network-interface') < quota('networkInterfaces')) return
  throw new ApiError('NetworkInterfaceLimitExceeded', 'The maximum number of network interfaces has been reached.')
}

/** Locally administered, and always the same for an id. */
function macFor(id: string): string {
  const hash = createHash('sha256').update(id).digest('hex')
  return ['02', ...(hash.slice(0, 10).match(/../g) ?? [])].join(':')
}
