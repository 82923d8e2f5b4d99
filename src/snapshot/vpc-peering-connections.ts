/** VpcPeeringConnections: described by both sides, each with tags of its own. */
import type { PeeringEnd, VpcPeeringConnection } from '../ec2/vpc-peering-connection.ts'
import type { Building, Home, Reader } from './building.ts'
import type { Item } from './item.ts'

const STATES = [
  'initiating-request',
  'pending-acceptance',
  'provisioning',
  'active',
  'deleting',
  'deleted',
  'rejected',
  'failed',
  'expired',
] as const
const WEEK = 7 * 24 * 3_600_000

export const vpcPeeringConnections: Reader = {
  key: 'VpcPeeringConnections',
  id: 'VpcPeeringConnectionId',
  twoSided: true,
  read(item, home, building) {
    const { state, notes } = building
    const id = item.id('VpcPeeringConnectionId', 'pcx')
    const known = state.get('vpc-peering-connection', id)
    const read = peeringOf(item, id, home, building)
    if (read.requesterVpcId === read.accepterVpcId) throw item.wrong(`joins ${read.accepterVpcId} to itself.`)
    const outside = [read.requesterVpcId, read.accepterVpcId].find((vpcId) => !state.get('vpc', vpcId))
    if (outside)
      return notes.add(
        'outside',
        `VPC ${outside}`,
        'peerings with it are left out, and routes to them are blackholes',
        id,
      )
    state.put('vpc-peering-connection', known ? joined(known, read) : read)
  },
}

function peeringOf(item: Item, id: string, home: Home, building: Building): VpcPeeringConnection {
  const [requester, accepter] = ['RequesterVpcInfo', 'AccepterVpcInfo'].map((key) => {
    const side = item.part(key)
    if (!side) throw item.wrong('is missing.', key)
    return sideOf(side, home, building)
  }) as [Side, Side]
  const status = item.part('Status')
  const state = status?.oneOf('Code', STATES, 'active') ?? 'active'
  const by = /by (\d{12})/.exec(status?.textIf('Message') ?? '')?.[1]
  const expires = item.timeIf('ExpirationTime')
  const tags = item.tags()
  const own = requester.end.account === home.account && requester.end.region === home.region
  return {
    id,
    account: requester.end.account,
    region: requester.end.region,
    tags: own ? tags : {},
    ...(!own && { othersTags: { [`${home.account}/${home.region}`]: tags } }),
    state,
    stateSince: state === 'pending-acceptance' && expires !== undefined ? expires - WEEK : building.now,
    requesterVpcId: requester.vpcId,
    accepterVpcId: accepter.vpcId,
    requester: requester.end,
    accepter: accepter.end,
    ...(isOver(state) && by && { endedBy: by === accepter.end.account ? 'accepter' : 'requester' }),
  }
}

const isOver = (state: VpcPeeringConnection['state']): boolean =>
  state === 'deleting' || state === 'deleted' || state === 'rejected'

interface Side {
  readonly vpcId: string
  readonly end: PeeringEnd
}

function sideOf(item: Item, home: Home, { newNumber }: Building): Side {
  const options = item.part('PeeringOptions')
  options?.skip('AllowEgressFromLocalClassicLinkToRemoteVpc', 'AllowEgressFromLocalVpcToRemoteClassicLink')
  // They follow from the VPC.
  item.skip('CidrBlock', 'CidrBlockSet', 'Ipv6CidrBlockSet')
  return {
    vpcId: item.id('VpcId', 'vpc'),
    end: {
      account: item.account('OwnerId') ?? home.account,
      region: item.textIf('Region') ?? home.region,
      number: newNumber(),
      allowDnsResolution: options?.flag('AllowDnsResolutionFromRemoteVpc') ?? false,
    },
  }
}

/** X14: each side's tags come from its own description. */
function joined(known: VpcPeeringConnection, read: VpcPeeringConnection): VpcPeeringConnection {
  const othersTags = { ...known.othersTags, ...read.othersTags }
  return {
    ...known,
    tags: { ...known.tags, ...read.tags },
    ...(Object.keys(othersTags).length > 0 && { othersTags }),
  }
}
