/** D08: with two overlapping peers a reply may reach a host of the same address in the wrong VPC (X8). */
import assert from 'node:assert/strict'
import { ping, scenario } from './scenario.ts'

export default scenario(
  'D08',
  'with two overlapping peers a reply may reach a host of the same address in the wrong VPC (X8)',
  async (s) => {
    const a = s.vpc('172.16.0.0/16')
    const b = s.vpc('192.168.0.0/16')
    const c = s.vpc('192.168.0.0/16')
    const one = await s.instance(s.subnet(a, '172.16.0.0/24'), { groups: [s.group(a, ['all 0.0.0.0/0'])] })
    const groups = [s.group(b, ['all 0.0.0.0/0'])]
    const inB = await s.instance(s.subnet(b, '192.168.1.0/24'), { ip: '192.168.1.5', groups })
    const groupC = s.group(c, ['all 0.0.0.0/0'])
    const inC = await s.instance(s.subnet(c, '192.168.1.0/24'), { ip: '192.168.1.5', groups: [groupC] })
    const lonely = await s.instance(s.subnet(c, '192.168.3.0/24'), { groups: [groupC] })
    s.route(a.mainTable, '192.168.1.0/24', s.peer(a, b))
    s.route(c.mainTable, '172.16.0.0/16', s.peer(a, c))
    await s.silent(lonely, one, ping, { leg: 'reply', resource: a.mainTable, code: 'NO_ROUTE_TO_DESTINATION' })
    const trace = await s.probe(inC, one, ping)
    assert.equal(trace.reply?.disposition, 'accepted')
    assert.equal(trace.reply?.path.at(-1), inB.id)
  },
)
