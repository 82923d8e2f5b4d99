/** D38: the addresses of the services next door are no route destination, a larger block is (P7). */
import assert from 'node:assert/strict'
import { scenario } from './scenario.ts'

export default scenario(
  'D38',
  'the addresses of the services next door are no route destination, a larger block is (P7)',
  async (s) => {
    const a = s.vpc('10.1.0.0/16', { gateway: true })
    const igw = a.gateway as string
    s.refused('InvalidParameterValue', () => s.route(a.mainTable, '169.254.168.0/24', igw))
    s.refused('InvalidParameterValue', () => s.route(a.mainTable, '169.254.168.0/22', igw))
    s.route(a.mainTable, '169.254.0.0/16', igw)
    assert.equal(s.routeState(a.mainTable, '169.254.0.0/16'), 'active')
  },
)
