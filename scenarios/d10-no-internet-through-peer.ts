/** D10: a default route to a peering does not lead to the internet of the peer (X7). */
import { INTERNET_HOST, ping, scenario } from './scenario.ts'

export default scenario(
  'D10',
  'a default route to a peering does not lead to the internet of the peer (X7)',
  async (s) => {
    const a = s.vpc('10.1.0.0/16', { gateway: true })
    const b = s.vpc('10.2.0.0/16')
    const inA = await s.instance(s.subnet(a, '10.1.0.0/20', { table: true }), { elasticIp: true })
    const inB = await s.instance(s.subnet(b, '10.2.0.0/20'))
    const pcx = s.peer(a, b)
    s.route(b.mainTable, '0.0.0.0/0', pcx)
    await s.answered(inA, INTERNET_HOST, ping)
    await s.silent(inB, INTERNET_HOST, ping, { resource: pcx, code: 'PCX_REQUIRES_ADDRESS_IN_VPC_CIDR' })
  },
)
