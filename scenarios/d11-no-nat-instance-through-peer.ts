/** D11: a NAT instance or gateway of the peer is not reached for what is beyond the peer (X7). */
import { INTERNET_HOST, ping, scenario } from './scenario.ts'

export default scenario(
  'D11',
  'a NAT instance or gateway of the peer is not reached for what is beyond the peer (X7)',
  async (s) => {
    const a = s.vpc('10.1.0.0/16', { gateway: true })
    const b = s.vpc('10.2.0.0/16')
    const groups = [s.group(a, ['all 0.0.0.0/0'])]
    const subnet = s.subnet(a, '10.1.0.0/20', { table: true })
    const nat = await s.instance(subnet, { groups, elasticIp: true, sourceDestCheck: false })
    const inB = await s.instance(s.subnet(b, '10.2.0.0/20'))
    const pcx = s.peer(a, b)
    s.route(b.mainTable, '0.0.0.0/0', pcx)
    s.route(a.mainTable, '0.0.0.0/0', nat.id)
    const refused = { resource: pcx, code: 'PCX_REQUIRES_ADDRESS_IN_VPC_CIDR' }
    await s.silent(inB, INTERNET_HOST, ping, refused)
    s.bench.call('ReplaceRoute', {
      RouteTableId: a.mainTable,
      DestinationCidrBlock: '0.0.0.0/0',
      NatGatewayId: s.natGateway(subnet).id,
    })
    await s.silent(inB, INTERNET_HOST, ping, refused)
  },
)
