/** D15: without egress rules nothing is initiated, and replies still leave (S2). */
import { ping, scenario, tcp } from './scenario.ts'

export default scenario('D15', 'without egress rules nothing is initiated, and replies still leave (S2)', async (s) => {
  const a = s.vpc('10.1.0.0/16')
  const subnet = s.subnet(a, '10.1.0.0/20')
  const one = await s.instance(subnet, { groups: [s.group(a, ['all 0.0.0.0/0'])] })
  const group = s.group(a, ['icmp 0.0.0.0/0', 'tcp 22 0.0.0.0/0'], [])
  const closed = await s.instance(subnet, { groups: [group] })
  await s.answered(one, closed, ping)
  await s.answered(one, closed, tcp(22))
  await s.silent(closed, one, ping, { resource: group, rule: 'egress', code: 'SG_HAS_NO_RULES' })
})
