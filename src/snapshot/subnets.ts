/** Subnets. */
import type { Subnet } from '../ec2/subnet.ts'
import { activeBlocks } from '../ec2/vpc.ts'
import { covers, lengthOf, overlaps } from '../ip/prefix.ts'
import { baseOf, type Building, NO_IPV6, type Reader } from './building.ts'
import type { Item } from './item.ts'

export const subnets: Reader = {
  key: 'Subnets',
  id: 'SubnetId',
  read(item, home, building) {
    const { state, notes } = building
    const id = item.id('SubnetId', 'subnet')
    const vpcId = item.id('VpcId', 'vpc')
    const options = item.part('PrivateDnsNameOptionsOnLaunch')
    const base = baseOf(item, id, item.oneOf('State', STATES, 'available'), home, building)
    const subnet: Subnet = {
      ...base,
      // What is no longer usable has no instances, and is shown as the rest.
      state: base.state === 'pending' ? 'pending' : 'available',
      vpcId,
      cidrBlock: item.prefix('CidrBlock', 4),
      availabilityZone: item.textIf('AvailabilityZone') ?? `${home.region}a`,
      availabilityZoneId: item.textIf('AvailabilityZoneId') ?? '',
      defaultForAz: item.flag('DefaultForAz'),
      mapPublicIpOnLaunch: item.flag('MapPublicIpOnLaunch'),
      enableDns64: item.flag('EnableDns64'),
      privateDnsHostnameType: options?.textIf('HostnameType') ?? 'ip-name',
      enableResourceNameDnsARecord: options?.flag('EnableResourceNameDnsARecord') ?? false,
      enableResourceNameDnsAaaaRecord: options?.flag('EnableResourceNameDnsAAAARecord') ?? false,
    }
    item.skip(...MEANINGLESS)
    if (item.has('Ipv6CidrBlockAssociationSet')) notes.add('not-emulated', 'IPv6 blocks of subnets', NO_IPV6, id)
    if (!state.get('vpc', vpcId)) return notes.add('outside', `VPC ${vpcId}`, 'its subnets are left out', id)
    checkPlace(item, subnet, building)
    building.subnets.set(vpcId, [...(building.subnets.get(vpcId) ?? []), state.put('subnet', subnet)])
  },
}

const STATES = ['pending', 'available', 'unavailable', 'failed', 'failed-insufficient-capacity'] as const

const MEANINGLESS = [
  'SubnetArn',
  'AvailableIpAddressCount',
  'AssignIpv6AddressOnCreation',
  'MapCustomerOwnedIpOnLaunch',
  'CustomerOwnedIpv4Pool',
  'OutpostArn',
  'Ipv6Native',
  'EnableLniAtDeviceIndex',
  'Type',
  'BlockPublicAccessStates',
]

/** C1, C3: /16 to /28, within a block of the VPC, beside the others. */
function checkPlace(item: Item, { cidrBlock, vpcId }: Subnet, { state, subnets: known }: Building): void {
  const vpc = state.get('vpc', vpcId)
  if (lengthOf(cidrBlock) < 16 || lengthOf(cidrBlock) > 28 || !vpc)
    throw item.wrong(`is ${cidrBlock}: a subnet has a block from /16 to /28.`, 'CidrBlock')
  const blocks = activeBlocks(vpc)
  if (!blocks.some((block) => covers(block, cidrBlock)))
    throw item.wrong(`is ${cidrBlock}, which is in no block of ${vpcId} (${blocks.join(', ')}).`, 'CidrBlock')
  for (const other of known.get(vpcId) ?? []) {
    if (overlaps(other.cidrBlock, cidrBlock))
      throw item.wrong(`is ${cidrBlock}, which overlaps ${other.id} (${other.cidrBlock}).`, 'CidrBlock')
  }
}
