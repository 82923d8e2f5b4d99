/** Vpcs, and what `describe-vpc-attribute` says of each. */
import type { CidrBlock, Vpc } from '../ec2/vpc.ts'
import { vpcBlock } from '../ec2/vpc.ts'
import { asEc2, baseOf, type Building, derivedId, type Home, NO_IPV6, type Reader } from './building.ts'
import { ipv6BlocksOf } from './ipv6-blocks.ts'
import type { Item } from './item.ts'

const BLOCK_STATES = ['associating', 'associated', 'disassociating', 'disassociated', 'failing', 'failed'] as const

export const vpcs: Reader = {
  key: 'Vpcs',
  id: 'VpcId',
  read(item, home, building) {
    const id = item.id('VpcId', 'vpc')
    const isDefault = item.flag('IsDefault')
    const state = item.oneOf('State', ['pending', 'available'] as const, 'available')
    const base = baseOf(item, id, state, home, building)
    const ipv6CidrBlocks = ipv6BlocksOf(item, 'vpc-cidr-assoc', (block) => noteOrigin(block, id, home, building))
    building.state.put('vpc', {
      ...base,
      cidrBlocks: blocksOf(item),
      ...(ipv6CidrBlocks.length > 0 && { ipv6CidrBlocks }),
      isDefault,
      instanceTenancy: item.textIf('InstanceTenancy') ?? 'default',
      dhcpOptionsId: item.textIf('DhcpOptionsId') ?? 'default',
      enableDnsSupport: true,
      enableDnsHostnames: isDefault,
      enableNetworkAddressUsageMetrics: false,
    } satisfies Vpc)
    item.skip('BlockPublicAccessStates', 'EncryptionControl')
    if (ipv6CidrBlocks.length > 0) building.notes.add('not-emulated', 'IPv6 blocks of VPCs', NO_IPV6, id)
  },
}

/** All blocks are of Amazon's pool and of the Region here. */
function noteOrigin(block: Item, vpcId: string, { region }: Home, { notes }: Building): void {
  const [pool, border] = [block.textIf('Ipv6Pool') ?? 'Amazon', block.textIf('NetworkBorderGroup') ?? region]
  block.skip('IpSource')
  if (pool !== 'Amazon' || border !== region)
    notes.add(
      'not-emulated',
      'IPv6 pools beside that of Amazon in the Region',
      'blocks are shown as of that one',
      vpcId,
    )
}

/** The primary block first (C8). */
function blocksOf(item: Item): CidrBlock[] {
  const cidrBlock = primaryOf(item)
  const blocks = item.list('CidrBlockAssociationSet').flatMap(blockOf)
  const primary = blocks.find((block) => block.cidrBlock === cidrBlock)
  const implied = { associationId: derivedId('vpc-cidr-assoc', item.text('VpcId')), cidrBlock, state: 'associated' }
  return [primary ?? (implied as CidrBlock), ...blocks.filter((block) => block !== primary)]
}

const primaryOf = (item: Item) => asEc2(item, () => vpcBlock(item.text('CidrBlock')))

function blockOf(item: Item): CidrBlock[] {
  const cidrBlock = primaryOf(item)
  const associationId = item.textIf('AssociationId') ?? derivedId('vpc-cidr-assoc', item.place())
  const about = item.part('CidrBlockState')
  const state = about?.oneOf('State', BLOCK_STATES, 'associated') ?? 'associated'
  about?.skip('StatusMessage')
  return state === 'failing' || state === 'failed' ? [] : [{ associationId, cidrBlock, state }]
}

const ATTRIBUTES = {
  EnableDnsSupport: 'enableDnsSupport',
  EnableDnsHostnames: 'enableDnsHostnames',
  EnableNetworkAddressUsageMetrics: 'enableNetworkAddressUsageMetrics',
} as const

/** An answer of `describe-vpc-attribute` is no list: it names its VPC beside the attribute. */
export const VPC_ATTRIBUTE = 'VpcId'

export const vpcAttributes: Reader = {
  key: VPC_ATTRIBUTE,
  read(item, _, { state, notes, attributes }) {
    const id = item.id('VpcId', 'vpc')
    const vpc = state.get('vpc', id)
    const said = Object.entries(ATTRIBUTES).flatMap(([key, field]) => {
      const value = item.part(key)
      if (!value) return []
      attributes.add(`${id} ${key}`)
      return [[field, value.flag('Value')] as const]
    })
    if (vpc) state.put('vpc', { ...vpc, ...Object.fromEntries(said) })
    else notes.add('outside', `VPC ${id}`, 'its attributes are not read', item.place())
  },
}
