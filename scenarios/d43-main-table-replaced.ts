/** D43: a subnet without an association of its own follows the main table at once, another does not (R1). */
import { INTERNET_HOST, ping, scenario } from './scenario.ts'

export default scenario(
  'D43',
  'a subnet without an association of its own follows the main table at once, another does not (R1)',
  async (s) => {
    const a = s.vpc('10.1.0.0/16', { gateway: true })
    const one = await s.instance(s.subnet(a, '10.1.0.0/20'), { elasticIp: true })
    const two = await s.instance(s.subnet(a, '10.1.16.0/20', { table: true }), { elasticIp: true })
    await s.silent(one, INTERNET_HOST, ping, { resource: a.mainTable, code: 'NO_ROUTE_TO_DESTINATION' })
    await s.answered(two, INTERNET_HOST, ping)
    const table = s.bench.call('CreateRouteTable', { VpcId: a.id }).RouteTable?.RouteTableId as string
    s.route(table, '0.0.0.0/0', a.gateway as string)
    const [main] = s.bench.call('DescribeRouteTables', { RouteTableIds: [a.mainTable] }).RouteTables ?? []
    const association = main?.Associations?.find((found) => found.Main)?.RouteTableAssociationId as string
    s.bench.call('ReplaceRouteTableAssociation', { AssociationId: association, RouteTableId: table })
    await s.answered(one, INTERNET_HOST, ping)
    await s.answered(two, INTERNET_HOST, ping)
  },
)
