/** D38: the addresses of the services next door are no route destination; a larger block is, and carries none (P7). */
import assert from 'node:assert/strict'
import { ip } from '../src/ip/address.ts'
import { scenario, tcp, udp } from './scenario.ts'

const TITLE =
  'the addresses of the services next door are no route destination; a larger block is, and carries none (P7)'

export default scenario('D38', TITLE, async (s) => {
  const a = s.vpc('10.1.0.0/16', { gateway: true })
  const igw = a.gateway as string
  const one = await s.instance(s.subnet(a, '10.1.0.0/20'), { elasticIp: true })
  s.refused('InvalidParameterValue', () => s.route(a.mainTable, '169.254.168.0/24', igw))
  s.refused('InvalidParameterValue', () => s.route(a.mainTable, '169.254.168.0/22', igw))
  s.route(a.mainTable, '169.254.0.0/16', igw)
  assert.equal(s.routeState(a.mainTable, '169.254.0.0/16'), 'active')
  await s.answered(one, ip('169.254.169.254'), tcp(80))
  await s.answered(one, ip('169.254.169.253'), udp(53))

  s.bench.call('ModifyVpcAttribute', { VpcId: a.id, EnableDnsSupport: { Value: false } })
  const kept = { resource: a.mainTable, rule: '169.254.168.0/22' }
  await s.silent(one, ip('169.254.169.253'), udp(53), kept)
  await s.silent(one, ip('10.1.0.2'), udp(53), { rule: 'no-host' })
  await s.answered(one, ip('169.254.169.254'), tcp(80))
})
