/** D42: 1,500 bytes pass an internet gateway, 9,001 a peering, 8,500 one between Regions (M1, X13). */
import { CALLER } from './bench.ts'
import { builder } from './builder.ts'
import { bigPing, INTERNET_HOST, scenario } from './scenario.ts'

export default scenario(
  'D42',
  '1,500 bytes pass an internet gateway, 9,001 a peering, 8,500 one between Regions (M1, X13)',
  async (s) => {
    const west = { ...CALLER, region: 'us-west-2' }
    const abroad = builder(s.bench, west)
    const [a, b, c] = [s.vpc('10.1.0.0/16', { gateway: true }), s.vpc('10.2.0.0/16'), abroad.vpc('10.3.0.0/16')]
    const open = ['all 0.0.0.0/0']
    const subnet = s.subnet(a, '10.1.0.0/20', { table: true })
    const one = await s.instance(subnet, { elasticIp: true, groups: [s.group(a, open)] })
    const two = await s.instance(s.subnet(b, '10.2.0.0/20'), { groups: [s.group(b, open)] })
    const three = await abroad.instance(abroad.subnet(c, '10.3.0.0/20'), { groups: [abroad.group(c, open)] })
    const near = s.peer(a, b)
    const request = s.bench.call('CreateVpcPeeringConnection', {
      VpcId: a.id,
      PeerVpcId: c.id,
      PeerRegion: 'us-west-2',
    })
    const far = request.VpcPeeringConnection?.VpcPeeringConnectionId as string
    s.bench.call('AcceptVpcPeeringConnection', { VpcPeeringConnectionId: far }, west)
    s.route(subnet.table, '10.2.0.0/16', near)
    s.route(subnet.table, '10.3.0.0/16', far)
    s.route(b.mainTable, '10.1.0.0/16', near)
    abroad.route(c.mainTable, '10.1.0.0/16', far)
    await s.answered(one, INTERNET_HOST, bigPing(1500))
    await s.silent(one, INTERNET_HOST, bigPing(1501), { resource: a.gateway as string, rule: 'mtu' })
    await s.answered(one, two, bigPing(9001))
    await s.answered(one, three, bigPing(8500))
    await s.silent(one, three, bigPing(8501), { resource: far, rule: 'mtu' })
  },
)
