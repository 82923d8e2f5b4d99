/**
 * D40: of routes to one block its own beats a prefix list's, and of several lists' one is kept; a more specific route
 * wins whatever its kind (R5). Propagated routes, which give way to both, need virtual private gateways; there are
 * none.
 */
import { ping, scenario, type Stage, tcp } from './scenario.ts'

export default scenario(
  'D40',
  'of routes to one block its own beats a prefix list’s, one list’s is kept, and the longer prefix wins (R5)',
  async (s) => {
    const [a, b, c] = [s.vpc('10.1.0.0/16'), s.vpc('10.2.0.0/16'), s.vpc('10.2.0.0/16')]
    const open = ['all 0.0.0.0/0']
    const one = await s.instance(s.subnet(a, '10.1.0.0/20'), { groups: [s.group(a, open)] })
    const fromOne = listOf(s, '10.1.0.0/16')
    const groupB = s.group(b, ['tcp 22 10.1.0.0/16'])
    const inB = await s.instance(s.subnet(b, '10.2.0.0/20'), { ip: '10.2.0.8', groups: [groupB] })
    const inC = await s.instance(s.subnet(c, '10.2.0.0/20'), { ip: '10.2.0.7', groups: [s.group(c, open)] })
    const [ab, ac] = [s.peer(a, b), s.peer(a, c)]
    const route = (table: string, list: string, VpcPeeringConnectionId: string) =>
      s.bench.call('CreateRoute', { RouteTableId: table, DestinationPrefixListId: list, VpcPeeringConnectionId })
    route(b.mainTable, fromOne, ab)
    route(c.mainTable, fromOne, ac)

    // A group's rule by prefix list lets in what is in the list at the time.
    const toB = listOf(s, '10.2.0.0/16')
    route(a.mainTable, toB, ab)
    await s.answered(one, inB, tcp(22))
    await s.silent(one, inB, ping, { resource: groupB, code: 'ENI_SG_RULES_MISMATCH' })
    const pings = { IpProtocol: 'icmp', FromPort: 8, ToPort: -1, PrefixListIds: [{ PrefixListId: fromOne }] }
    s.bench.call('AuthorizeSecurityGroupIngress', { GroupId: groupB, IpPermissions: [pings] })
    await s.answered(one, inB, ping)

    // Of the same block, a route of its own.
    s.route(a.mainTable, '10.2.0.0/16', ac)
    await s.answered(one, inC, ping)
    await s.silent(one, inB, ping, { resource: c.id, rule: 'no-host' })

    // A more specific one, though it is a list's.
    const toHost = listOf(s, '10.2.0.8/32')
    route(a.mainTable, toHost, ab)
    await s.answered(one, inB, ping)
    await s.answered(one, inC, ping)
    s.bench.call('DeleteRoute', { RouteTableId: a.mainTable, DestinationPrefixListId: toHost })
    s.bench.call('DeleteRoute', { RouteTableId: a.mainTable, DestinationCidrBlock: '10.2.0.0/16' })
    await s.answered(one, inB, ping)

    // Of several lists with the same block the first is kept, as long as it has the block.
    const toC = listOf(s, '10.2.0.0/16')
    route(a.mainTable, toC, ac)
    await s.answered(one, inB, ping)
    s.bench.call('ModifyManagedPrefixList', { PrefixListId: toB, RemoveEntries: [{ Cidr: '10.2.0.0/16' }] })
    await s.answered(one, inC, ping)
    s.bench.clock.now += 1000
    s.bench.call('ModifyManagedPrefixList', { PrefixListId: toB, AddEntries: [{ Cidr: '10.2.0.0/16' }] })
    await s.answered(one, inC, ping)
    await s.silent(one, inB, ping, { resource: c.id, rule: 'no-host' })

    // What the lists no longer have has no route, and is not let in.
    s.bench.call('ModifyManagedPrefixList', { PrefixListId: fromOne, RemoveEntries: [{ Cidr: '10.1.0.0/16' }] })
    await s.silent(one, inC, ping, { leg: 'reply', resource: c.mainTable, code: 'NO_ROUTE_TO_DESTINATION' })
    s.bench.call('DeleteRoute', { RouteTableId: a.mainTable, DestinationPrefixListId: toC })
    await s.silent(one, inB, ping, { resource: groupB, code: 'ENI_SG_RULES_MISMATCH' })
    s.same(s.bench.call('DeleteManagedPrefixList', { PrefixListId: fromOne }).PrefixList?.State, 'delete-failed')
  },
)

let lists = 0

function listOf(s: Stage, Cidr: string): string {
  const wish = { PrefixListName: `list ${++lists}`, AddressFamily: 'IPv4', MaxEntries: 3, Entries: [{ Cidr }] }
  return s.bench.call('CreateManagedPrefixList', wish).PrefixList?.PrefixListId as string
}
