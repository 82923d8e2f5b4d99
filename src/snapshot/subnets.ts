/** Subnets. */
import type { Subnet } from '../ec2/subnet.ts'
import { ipv6Blocks } from '../ec2/ipv6-block.ts'
import { activeBlocks, type Vpc } from '../ec2/vpc.ts'
import { covers, lengthOf, overlaps, type Prefix } from '../ip/prefix.ts'
import { baseOf, type Building, type Reader } from './building.ts'
import { ipv6BlocksOf } from './ipv6-blocks.ts'
import type { Item } from './item.ts'

export const subnets: Reader = {
  key: 'Subnets',
  id: 'SubnetId',
  read(item, home, building) {
    const { state, notes } = building
    const id = item.id('SubnetId', 'subnet')
    const vpcId = item.id('VpcId', 'vpc')
    if (item.flag('Ipv6Native')) {
      item.known()
      return notes.add('not-emulated', 'subnets of IPv6 alone', 'they are left out, with what is in them', id)
    }
    const options = item.part('PrivateDnsNameOptionsOnLaunch')
    const [ipv6CidrBlock] = ipv6BlocksOf(item, 'subnet-cidr-assoc', (block) => block.skip('IpSource'))
    const base = baseOf(item, id, item.oneOf('State', STATES, 'available'), home, building)
    const subnet: Subnet = {
      ...base,
      // What is no longer usable has no instances, and is shown as the rest.
      state: base.state === 'pending' ? 'pending' : 'available',
      vpcId,
      cidrBlock: item.prefix('CidrBlock', 4),
      ...(ipv6CidrBlock && { ipv6CidrBlock }),
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
  'EnableLniAtDeviceIndex',
  'Type',
  'BlockPublicAccessStates',
]

/** C1, C3: /16 to /28, within a block of the VPC, beside the others; the same for an IPv6 block (C11). */
function checkPlace(item: Item, subnet: Subnet, { state, subnets: known }: Building): void {
  const { cidrBlock, ipv6CidrBlock, vpcId } = subnet
  const vpc = state.get('vpc', vpcId)
  if (lengthOf(cidrBlock) < 16 || lengthOf(cidrBlock) > 28 || !vpc)
    throw item.wrong(`is ${cidrBlock}: a subnet has a block from /16 to /28.`, 'CidrBlock')
  const others = known.get(vpcId) ?? []
  checkBlock(item, 'CidrBlock', cidrBlock, vpc, activeBlocks(vpc), others)
  if (ipv6CidrBlock)
    checkBlock(item, 'Ipv6CidrBlockAssociationSet', ipv6CidrBlock.cidrBlock, vpc, ipv6Blocks(vpc), others)
}

function checkBlock(
  item: Item,
  key: string,
  block: Prefix,
  { id }: Vpc,
  within: readonly Prefix[],
  others: readonly Subnet[],
): void {
  if (!within.some((wide) => covers(wide, block)))
    throw item.wrong(`is ${block}, which is in no block of ${id} (${within.join(', ')}).`, key)
  for (const { id: other, cidrBlock, ipv6CidrBlock } of others)
    for (const taken of [cidrBlock, ...(ipv6CidrBlock ? [ipv6CidrBlock.cidrBlock] : [])])
      if (overlaps(taken, block)) throw item.wrong(`is ${block}, which overlaps ${other} (${taken}).`, key)
}
