/** SecurityGroups; their permissions are read by `security-group-rules.ts`. */
import type { SecurityGroup } from '../ec2/security-group.ts'
import { ANYWHERE } from '../ip/prefix.ts'
import { baseOf, type Building, derivedId, type Reader } from './building.ts'
import { isId } from './item.ts'

export const securityGroups: Reader = {
  key: 'SecurityGroups',
  id: 'GroupId',
  read(item, home, building) {
    const { state, notes } = building
    const id = item.id('GroupId', 'sg')
    const vpcId = item.idIf('VpcId', 'vpc')
    item.skip('SecurityGroupArn')
    const group = {
      ...baseOf(item, id, 'available' as const, home, building),
      groupName: item.textIf('GroupName') ?? id,
      description: item.textIf('Description') ?? '',
    }
    if (vpcId && state.get('vpc', vpcId)) state.put('security-group', { ...group, vpcId } satisfies SecurityGroup)
    else notes.add('outside', `VPC ${vpcId ?? '(none)'}`, 'its security groups are left out', id)
  },
}

/** Groups that interfaces are in, and that nobody describes: without rules, as nobody knows them. */
export const undescribedGroups: Reader = {
  key: 'NetworkInterfaces',
  read(item, home, { state, notes, now }) {
    const vpcId = item.idIf('VpcId', 'vpc')
    if (!vpcId || !state.get('vpc', vpcId)) return
    for (const { id, name } of item
      .list('Groups')
      .map((g) => ({ id: g.text('GroupId'), name: g.textIf('GroupName') }))) {
      if (state.get('security-group', id) || !isId(id, 'sg')) continue
      const { account, region } = home
      const base = { id, account, region, tags: {}, state: 'available' as const, stateSince: now }
      state.put('security-group', { ...base, vpcId, groupName: name ?? id, description: 'not in the snapshot' })
      notes.add('outside', `security group ${id}`, 'it is taken as one without rules, which lets nothing pass')
    }
  },
}

/** What a service's interface without groups has here, as AWS lets everything pass there. */
export function openGroup({ state, notes, now }: Building, vpcId: string, interfaceId: string): string {
  const id = derivedId('sg', `${vpcId} open`)
  const vpc = state.get('vpc', vpcId)
  notes.add('assumed', 'interfaces without security groups', `they get ${id}, which lets everything pass`, interfaceId)
  if (!vpc || state.get('security-group', id)) return id
  const { account, region } = vpc
  const base = { account, region, tags: {}, state: 'available' as const, stateSince: now }
  const description = 'Stands for no security group'
  state.put('security-group', { ...base, id, vpcId, groupName: 'isthmus-open', description })
  for (const egress of [false, true]) {
    state.put('security-group-rule', {
      ...base,
      id: derivedId('sgr', `${id} ${egress}`),
      groupId: id,
      egress,
      protocol: '-1',
      fromPort: -1,
      toPort: -1,
      cidrIpv4: ANYWHERE,
    })
  }
  return id
}
