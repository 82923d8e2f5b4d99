/** D12: a /32 route leads to one host of one peer, the reply table must carry its own (X5). */
import { ping, scenario } from './scenario.ts'

export default scenario(
  'D12',
  'a /32 route leads to one host of one peer, the reply table must carry its own (X5)',
  async (s) => {
    const a = s.vpc('10.1.0.0/16')
    const b = s.vpc('10.2.0.0/16')
    const c = s.vpc('10.2.0.0/16')
    const open = ['all 0.0.0.0/0']
    const one = await s.instance(s.subnet(a, '10.1.0.0/20'), { groups: [s.group(a, open)] })
    const inB = await s.instance(s.subnet(b, '10.2.0.0/20'), { ip: '10.2.0.8', groups: [s.group(b, open)] })
    const inC = await s.instance(s.subnet(c, '10.2.0.0/20'), { ip: '10.2.0.7', groups: [s.group(c, open)] })
    const [ab, ac] = [s.peer(a, b), s.peer(a, c)]
    s.route(a.mainTable, '10.2.0.0/16', ab)
    s.route(a.mainTable, '10.2.0.7/32', ac)
    s.route(b.mainTable, '10.1.0.0/16', ab)
    await s.answered(one, inB, ping)
    await s.silent(one, inC, ping, { leg: 'reply', resource: c.mainTable, code: 'NO_ROUTE_TO_DESTINATION' })
    s.route(c.mainTable, `${one.ip}/32`, ac)
    await s.answered(one, inC, ping)
  },
)
