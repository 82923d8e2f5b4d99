/** A VPC with a gateway, a table and a group, and short ways to make and look at prefix lists. */
import { compile } from '../../src/compile/compile.ts'
import type { Input } from '../../src/protocol/types.ts'
import { laid } from './routes.ts'

type Create = Input<'CreateManagedPrefixList'>

export function listed() {
  const w = laid()
  const create = (cidrs: readonly string[], wish: Partial<Create> = {}) => {
    const size = { PrefixListName: 'offices', AddressFamily: 'IPv4', MaxEntries: 5 }
    return w.call('CreateManagedPrefixList', { ...size, Entries: cidrs.map((Cidr) => ({ Cidr })), ...wish }).PrefixList
  }
  const made = (...cidrs: string[]) => create(cidrs)?.PrefixListId ?? ''
  const show = (PrefixListId: string) =>
    w.call('DescribeManagedPrefixLists', { PrefixListIds: [PrefixListId] }).PrefixLists?.[0]
  const entries = (PrefixListId: string, TargetVersion?: number) =>
    w.call('GetManagedPrefixListEntries', { PrefixListId, TargetVersion }).Entries?.map((entry) => entry.Cidr)
  const modify = (PrefixListId: string, wish: Omit<Input<'ModifyManagedPrefixList'>, 'PrefixListId'>) =>
    w.call('ModifyManagedPrefixList', { PrefixListId, ...wish }).PrefixList
  const add = (id: string, ...cidrs: string[]) => modify(id, { AddEntries: cidrs.map((Cidr) => ({ Cidr })) })
  const take = (id: string, ...cidrs: string[]) => modify(id, { RemoveEntries: cidrs.map((Cidr) => ({ Cidr })) })
  const GroupId =
    w.call('CreateSecurityGroup', { GroupName: 'web', Description: 'a group', VpcId: w.VpcId }).GroupId ?? ''
  const permission = (id: string) => ({
    ...{ IpProtocol: 'tcp', FromPort: 22, ToPort: 22 },
    PrefixListIds: [{ PrefixListId: id, Description: 'the offices' }],
  })
  const allow = (id: string) =>
    w.call('AuthorizeSecurityGroupIngress', { GroupId, IpPermissions: [permission(id)] }).SecurityGroupRules?.[0]
  const peers = () =>
    compile(w.records)
      .rules.filter((r) => r.ruleSet === GroupId && r.direction === 'ingress')
      .map(({ match: { remote }, origin }) => `${'prefix' in remote ? remote.prefix : ''} ${origin.rule}`)
  const route = (id: string, target: object = { GatewayId: w.gatewayId }) =>
    w.call('CreateRoute', { RouteTableId: w.RouteTableId, DestinationPrefixListId: id, ...target })
  /** Block → what takes it. */
  const taken = () =>
    Object.fromEntries(
      compile(w.records)
        .routes.filter((r) => r.table === w.RouteTableId && r.origin.code !== 'ISTHMUS_LINK_LOCAL')
        .map((r) => [r.prefix, r.origin.rule]),
    )
  return { ...w, create, made, show, entries, modify, add, take, GroupId, permission, allow, peers, route, taken }
}
