/** NetworkInterfaces; and those that instances show of themselves, where nobody else describes them. */
import './service-host.ts'
import { timeoutsOf } from '../ec2/connection-tracking.ts'
import type { Attachment, NetworkInterface, Requester } from '../ec2/network-interface.ts'
import type { Subnet } from '../ec2/subnet.ts'
import type { Ip } from '../ip/address.ts'
import { contains } from '../ip/prefix.ts'
import { asEc2, baseOf, type Building, derivedId, type Home, type Reader } from './building.ts'
import type { Item } from './item.ts'
import { openGroup } from './security-groups.ts'

export const networkInterfaces: Reader = {
  key: 'NetworkInterfaces',
  id: 'NetworkInterfaceId',
  read: (item, home, building) => readInterface(item, home, building),
}

/** An instance's own view of its interfaces has the same facts. */
export const instanceInterfaces: Reader = {
  key: 'Reservations',
  within: 'Instances',
  read(item, home, building) {
    const instanceId = item.text('InstanceId')
    for (const own of item.list('NetworkInterfaces')) {
      const known = building.state.get('network-interface', own.id('NetworkInterfaceId', 'eni'))
      if (known || !building.state.get('instance', instanceId)) own.known()
      else readInterface(own, home, building, instanceId)
    }
  },
}

/** Nothing that moves packets. */
const MEANINGLESS = [
  ...['AvailabilityZone', 'AvailabilityZoneId', 'PrivateDnsName', 'PublicDnsName', 'PublicIpDnsNameOptions'],
  ...[
    'RequesterManaged',
    'Ipv6Address',
    'Ipv6Native',
    'OutpostArn',
    'DenyAllIgwTraffic',
    'Operator',
    'AssociatedSubnets',
  ],
  'NetworkInterfaceArn',
]

function readInterface(item: Item, home: Home, building: Building, instanceId?: string): void {
  const { state, notes } = building
  const id = item.id('NetworkInterfaceId', 'eni')
  const subnetId = item.idIf('SubnetId', 'subnet')
  const subnet = subnetId === undefined ? undefined : state.get('subnet', subnetId)
  const addresses = addressesOf(item, id, home, building)
  const groups = item.list('Groups').map((g) => {
    g.skip('GroupName')
    return g.id('GroupId', 'sg')
  })
  const use = useOf(item, id, home, building, instanceId)
  const read = fieldsOf(item)
  for (const key of ['Ipv6Addresses', 'Ipv6Prefixes'])
    if (item.has(key)) notes.add('not-emulated', 'IPv6 addresses of interfaces', 'nothing goes over IPv6 here', id)
  if (item.has('Ipv4Prefixes'))
    notes.add('not-emulated', 'prefixes delegated to interfaces', 'the addresses in them are nobody’s here', id)
  if (!subnet) notes.add('outside', `subnet ${subnetId ?? '(none)'}`, 'its interfaces are left out', id)
  if (!subnet) return
  checkAddresses(item, id, addresses, subnet, building)
  state.put('network-interface', {
    ...baseOf(item, id, use.state, home, building),
    ...read,
    tags: item.tags('TagSet'),
    subnetId: subnet.id,
    vpcId: subnet.vpcId,
    availabilityZone: subnet.availabilityZone,
    availabilityZoneId: subnet.availabilityZoneId,
    groupIds: groupsFor(id, groups, subnet, use, building),
    privateIpAddresses: addresses,
    ...use,
    wantsPublicIp: false,
  } satisfies NetworkInterface)
  if (use.attachment) building.attached.add(use.attachment.instanceId)
  if (use.requester?.node === id) putHost(id, home, building)
}

type Fields = Pick<NetworkInterface, 'description' | 'mac' | 'sourceDestCheck' | 'idleTimeouts'>

function fieldsOf(item: Item): Fields {
  const mac = item.textIf('MacAddress') ?? ''
  item.skip('VpcId', ...MEANINGLESS)
  if (mac !== '' && !/^([0-9a-f]{2}:){5}[0-9a-f]{2}$/i.test(mac))
    throw item.wrong('must be a MAC address.', 'MacAddress')
  return {
    description: item.textIf('Description') ?? '',
    mac: mac === '' ? macFor(item.text('NetworkInterfaceId')) : mac.toLowerCase(),
    sourceDestCheck: item.flag('SourceDestCheck', true),
    ...idleTimeoutsOf(item),
  }
}

/** S12: those that were set. */
function idleTimeoutsOf(item: Item): Pick<NetworkInterface, 'idleTimeouts'> {
  const told = item.part('ConnectionTrackingConfiguration')
  if (!told) return {}
  const [TcpEstablishedTimeout, UdpStreamTimeout, UdpTimeout] = TIMEOUTS.map((key) => told.numberIf(key))
  const idleTimeouts = asEc2(told, () => timeoutsOf({ TcpEstablishedTimeout, UdpStreamTimeout, UdpTimeout }))
  return idleTimeouts ? { idleTimeouts } : {}
}

const TIMEOUTS = ['TcpEstablishedTimeout', 'UdpStreamTimeout', 'UdpTimeout']

/** Locally administered. */
const macFor = (id: string): string => `02:${(derivedId('mac', id).slice(-10).match(/../g) ?? []).join(':')}`

/** The primary address first; what public addresses stand for them is kept for later. */
function addressesOf(item: Item, interfaceId: string, home: Home, building: Building): Ip[] {
  const all = item.list('PrivateIpAddresses').map((one) => {
    one.skip('PrivateDnsName')
    const address = {
      ip: one.ip('PrivateIpAddress'),
      primary: one.flag('Primary'),
      association: one.part('Association'),
    }
    if (address.association)
      building.associations.push({ item: address.association, home, interfaceId, privateIpAddress: address.ip })
    return address
  })
  const primary = item.ipIf('PrivateIpAddress') ?? all.find((one) => one.primary)?.ip
  const association = item.part('Association')
  if (!primary) {
    if (all.length > 0) throw item.wrong('has no primary address.', 'PrivateIpAddresses')
    throw item.wrong('is missing.', 'PrivateIpAddress')
  }
  if (association) building.associations.push({ item: association, home, interfaceId, privateIpAddress: primary })
  return [...new Set([primary, ...all.map((one) => one.ip)])]
}

function checkAddresses(item: Item, id: string, addresses: readonly Ip[], subnet: Subnet, { taken }: Building): void {
  for (const address of addresses) {
    if (!contains(subnet.cidrBlock, address))
      throw item.wrong(`has the address ${address}, which is not in ${subnet.id} (${subnet.cidrBlock}).`)
    const other = taken.get(`${subnet.id} ${address}`)
    if (other !== undefined) throw item.wrong(`has the address ${address}, as ${other} has.`)
    taken.set(`${subnet.id} ${address}`, id)
  }
}

type Use = Pick<NetworkInterface, 'state' | 'attachment' | 'requester'>

/** Part of an instance, of a service, or of nothing. */
function useOf(item: Item, id: string, home: Home, building: Building, ownInstance?: string): Use {
  const attachment = item.part('Attachment')
  const instanceId = ownInstance ?? attachment?.idIf('InstanceId', 'i')
  const status = item.textIf('Status') ?? 'in-use'
  const interfaceType = item.textIf('InterfaceType') ?? 'interface'
  item.skip('RequesterId')
  const attached = attachment && attachmentOf(attachment, item, instanceId ?? '', building, home)
  if (attached && instanceId && building.state.get('instance', instanceId))
    return { state: 'in-use', attachment: attached }
  if (status === 'available') return { state: 'available' }
  if (instanceId)
    building.notes.add('outside', `instance ${instanceId}`, 'its interface is taken as a host that runs', id)
  // The kinds that have interfaces of their own name their types; a service may be of any.
  const requester = building.nodes.get(id) ?? ({ interfaceType, node: id } as unknown as Requester)
  return { state: 'in-use', requester }
}

function attachmentOf(item: Item, of: Item, instanceId: string, { state, now }: Building, home: Home): Attachment {
  const instanceOwner = state.get('instance', instanceId)?.account
  const isOthers = instanceOwner !== undefined && instanceOwner !== (of.account('OwnerId') ?? home.account)
  item.skip('InstanceOwnerId', 'NetworkCardIndex', 'Status', 'EnaSrdSpecification', 'EnaQueueCount', 'InstanceId')
  item.skip('NatGatewayId', 'VpcEndpointId')
  return {
    attachmentId: item.textIf('AttachmentId') ?? derivedId('eni-attach', of.text('NetworkInterfaceId')),
    instanceId,
    ...(isOthers && { instanceOwner }),
    deviceIndex: item.numberIf('DeviceIndex') ?? 0,
    deleteOnTermination: item.flag('DeleteOnTermination'),
    attachTime: item.timeIf('AttachTime') ?? now,
  }
}

/** Here an interface without groups lets nothing pass; that of a service in AWS lets everything. */
function groupsFor(id: string, groups: readonly string[], subnet: Subnet, use: Use, building: Building): string[] {
  const known = groups.filter((group) => building.state.get('security-group', group))
  for (const group of groups)
    if (!known.includes(group))
      building.notes.add('outside', `security group ${group}`, 'it is taken off its interfaces', id)
  const isService = use.requester?.node === id
  if (groups.length > 0 || !isService) return known
  return [openGroup(building, subnet.vpcId, id)]
}

function putHost(id: string, { account, region }: Home, { state, now }: Building): void {
  const base = { id, account, region, tags: {}, state: 'available' as const, stateSince: now }
  state.put('service-host', { ...base, networkInterfaceId: id })
}
