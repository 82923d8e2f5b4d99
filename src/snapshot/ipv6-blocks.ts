/** IPv6 blocks, as VPCs and subnets are shown with them: records, since no packet here is of IPv6 (C11). */
import type { CidrBlock } from '../ec2/vpc.ts'
import { derivedId } from './building.ts'
import type { Item } from './item.ts'

const STATES = ['associating', 'associated', 'disassociating', 'disassociated', 'failing', 'failed'] as const

/** The blocks that are there, or on their way. `about` reads what else is said of each. */
export function ipv6BlocksOf(item: Item, prefix: string, about: (block: Item) => void = () => {}): CidrBlock[] {
  return item.list('Ipv6CidrBlockAssociationSet').flatMap((block): CidrBlock[] => {
    const cidrBlock = block.prefix('Ipv6CidrBlock', 6)
    const associationId = block.textIf('AssociationId') ?? derivedId(prefix, block.place())
    const told = block.part('Ipv6CidrBlockState')
    const state = told?.oneOf('State', STATES, 'associated') ?? 'associated'
    told?.skip('StatusMessage')
    block.skip('Ipv6AddressAttribute')
    about(block)
    return state === 'associating' || state === 'associated' ? [{ associationId, cidrBlock, state }] : []
  })
}
