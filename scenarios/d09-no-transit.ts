/** D09: peering is not transitive: what is for a third VPC is dropped at the peering (X6, X7). */
import { ping, scenario } from './scenario.ts'

export default scenario(
  'D09',
  'peering is not transitive: what is for a third VPC is dropped at the peering (X6, X7)',
  async (s) => {
    const [a, b, c] = [s.vpc('10.1.0.0/16'), s.vpc('10.2.0.0/16'), s.vpc('10.3.0.0/16')]
    const open = ['all 0.0.0.0/0']
    const one = await s.instance(s.subnet(a, '10.1.0.0/20'), { groups: [s.group(a, open)] })
    const three = await s.instance(s.subnet(c, '10.3.0.0/20'), { groups: [s.group(c, open)] })
    const [ab, bc] = [s.peer(a, b), s.peer(b, c)]
    s.route(a.mainTable, '10.2.0.0/16', ab)
    s.route(a.mainTable, '10.3.0.0/16', ab)
    s.route(b.mainTable, '10.1.0.0/16', ab)
    s.route(b.mainTable, '10.3.0.0/16', bc)
    s.route(c.mainTable, '10.1.0.0/16', bc)
    await s.silent(one, three, ping, { resource: ab, code: 'PCX_REQUIRES_ADDRESS_IN_VPC_CIDR' })
    await s.silent(three, one, ping, { resource: bc, code: 'PCX_REQUIRES_ADDRESS_IN_VPC_CIDR' })
  },
)
