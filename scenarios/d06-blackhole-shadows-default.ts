/** D06: a blackhole route wins over a shorter default route and drops (R7). */
import { INTERNET_HOST, ping, scenario } from './scenario.ts'

export default scenario('D06', 'a blackhole route wins over a shorter default route and drops (R7)', async (s) => {
  const a = s.vpc('10.1.0.0/16', { gateway: true })
  const b = s.vpc('10.2.0.0/16')
  const subnet = s.subnet(a, '10.1.0.0/20', { table: true })
  const one = await s.instance(subnet, { elasticIp: true })
  const two = await s.instance(s.subnet(b, '10.2.0.0/20'))
  const pcx = s.peer(a, b)
  s.route(subnet.table, '10.2.0.0/16', pcx)
  s.route(subnet.table, '203.0.113.0/24', pcx)
  s.bench.call('DeleteVpcPeeringConnection', { VpcPeeringConnectionId: pcx })
  await s.silent(one, two, ping, { resource: subnet.table, rule: '10.2.0.0/16', code: 'BAD_STATE_ROUTE' })
  await s.silent(one, INTERNET_HOST, ping, { resource: subnet.table, rule: '203.0.113.0/24', code: 'BAD_STATE_ROUTE' })
  s.bench.call('DeleteRoute', { RouteTableId: subnet.table, DestinationCidrBlock: '203.0.113.0/24' })
  await s.answered(one, INTERNET_HOST, ping)
})
