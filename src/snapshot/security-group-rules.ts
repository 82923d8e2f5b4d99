/** The rules of security groups: one by one as SecurityGroupRules, merged in each group's permissions, or both. */
import { keyOf, parseTraffic, type Permission, type Traffic } from '../ec2/permissions.ts'
import type { SecurityGroup } from '../ec2/security-group.ts'
import { isActive, peeringsBetween } from '../ec2/vpc-peering-connection.ts'
import { asEc2, type Building, derivedId, type Home, type Reader } from './building.ts'
import type { Item } from './item.ts'
import { namedList } from './prefix-lists.ts'

type Peer = Omit<Permission, keyof Traffic>

export const securityGroupRules: Reader = {
  key: 'SecurityGroupRules',
  id: 'SecurityGroupRuleId',
  read(item, home, building) {
    const id = item.id('SecurityGroupRuleId', 'sgr')
    const groupId = item.id('GroupId', 'sg')
    const egress = item.flag('IsEgress')
    const tags = item.tags()
    item.skip('GroupOwnerId', 'SecurityGroupRuleArn')
    const group = building.state.get('security-group', groupId)
    const traffic = trafficOf(item)
    const peers = group ? peersOf(item, group, building) : []
    if (!group) return building.notes.add('outside', `security group ${groupId}`, 'its rules are left out', id)
    for (const [i, peer] of peers.entries()) {
      const rule = { ...traffic, ...peer }
      put(building, { id: i === 0 ? id : derivedId('sgr', `${id} ${keyOf(rule)}`), group, egress, rule, home, tags })
    }
  },
}

/** What the groups say themselves, beyond their rules. The ids that AWS does not tell follow from the permission. */
export const permissions: Reader = {
  key: 'SecurityGroups',
  read(item, home, building) {
    const group = building.state.get('security-group', item.text('GroupId'))
    for (const [key, egress] of DIRECTIONS) {
      const wire = item.list(key)
      const read = wire.flatMap((permission) => permissionsOf(permission, group, building))
      for (const rule of group ? read : [])
        put(building, { id: derivedRuleId(item.text('GroupId'), egress, rule), group, egress, rule, home, tags: {} })
    }
  },
}

const DIRECTIONS = [
  ['IpPermissions', false],
  ['IpPermissionsEgress', true],
] as const

const derivedRuleId = (groupId: string, egress: boolean, rule: Permission): string =>
  derivedId('sgr', `${groupId} ${egress} ${keyOf(rule)}`)

interface Wish {
  readonly id: string
  readonly group: SecurityGroup | undefined
  readonly egress: boolean
  readonly rule: Permission
  readonly home: Home
  readonly tags: Record<string, string>
}

/** D32: a permission is one rule, however often it is told. */
function put({ state, rules, now }: Building, { id, group, egress, rule, home, tags }: Wish): void {
  if (!group) return
  const key = `${group.id} ${egress} ${keyOf(rule)}`
  if (rules.has(key)) return
  rules.add(key)
  const base = { id, account: group.account, region: home.region, tags, state: 'available' as const, stateSince: now }
  state.put('security-group-rule', { ...base, groupId: group.id, egress, ...rule })
}

function permissionsOf(item: Item, group: SecurityGroup | undefined, building: Building): Permission[] {
  const traffic = trafficOf(item)
  const peers = ['IpRanges', 'Ipv6Ranges', 'PrefixListIds', 'UserIdGroupPairs'].flatMap((key) => item.list(key))
  return peers.flatMap((peer) => (group ? peersOf(peer, group, building) : [])).map((peer) => ({ ...traffic, ...peer }))
}

function trafficOf(item: Item): Traffic {
  const wire = {
    IpProtocol: item.text('IpProtocol'),
    FromPort: item.numberIf('FromPort'),
    ToPort: item.numberIf('ToPort'),
  }
  return asEc2(item, () => parseTraffic(wire as Parameters<typeof parseTraffic>[0]))
}

/** The peer of a rule, or one of a permission's. */
function peersOf(item: Item, group: SecurityGroup, building: Building): Peer[] {
  const description = item.textIf('Description')
  const cidrIpv4 = item.prefixIf('CidrIp', 4) ?? item.prefixIf('CidrIpv4', 4)
  const cidrIpv6 = item.prefixIf('CidrIpv6', 6)
  const prefixListId = namedList(item, 'rules that name it match nothing', group.id, building)
  const referenced = item.part('ReferencedGroupInfo') ?? item
  const groupId = referenced === item && item.parent === undefined ? undefined : referenced.idIf('GroupId', 'sg')
  const peers: Peer[] = [
    ...(cidrIpv4 ? [{ cidrIpv4 }] : []),
    ...(cidrIpv6 ? [{ cidrIpv6 }] : []),
    ...(prefixListId === undefined ? [] : [{ prefixListId }]),
    ...(groupId === undefined ? [] : [referenceTo(referenced, groupId, group, building)]),
  ]
  if (peers.length === 0) throw item.wrong('names no CIDR block, prefix list or security group.')
  return peers.map((peer) => ({ ...peer, ...(description && { description }) }))
}

/** X11: a group that is not there any more, or not in the snapshot, admits nobody. */
function referenceTo(item: Item, groupId: string, group: SecurityGroup, { state, notes }: Building): Peer {
  const account = item.account('UserId') ?? group.account
  const toldVpc = item.textIf('VpcId')
  const toldPeering = item.idIf('VpcPeeringConnectionId', 'pcx')
  const status = item.textIf('PeeringStatus')
  item.skip('GroupName')
  const target = state.get('security-group', groupId)
  if (!target && status !== 'deleted')
    notes.add('outside', `security group ${groupId}`, 'rules that name it match nothing', group.id)
  const vpcId = target?.vpcId ?? (toldVpc === group.vpcId ? '' : (toldVpc ?? ''))
  const peeringId =
    vpcId === group.vpcId ? undefined : (toldPeering ?? peeringsBetween(state, group.vpcId, vpcId).find(isActive)?.id)
  return {
    referencedGroupId: groupId,
    referenced: { account: target?.account ?? account, vpcId, ...(peeringId && { peeringId }) },
  }
}
