/** D16: a tracked flow outlives its rule, an untracked one does not (S10, S11). */
import { scenario, tcp } from './scenario.ts'

export default scenario('D16', 'a tracked flow outlives its rule, an untracked one does not (S10, S11)', async (s) => {
  const a = s.vpc('10.1.0.0/16')
  const subnet = s.subnet(a, '10.1.0.0/20')
  const one = await s.instance(subnet)
  const group = s.group(a, [`tcp 22 ${one.ip}/32`, 'tcp 80 0.0.0.0/0'])
  const two = await s.instance(subnet, { groups: [group] })
  await s.answered(one, two, tcp(22, 40_022), { session: 'tracked' })
  await s.answered(one, two, tcp(80, 40_080), { session: 'untracked' })
  s.revoke(group, `tcp 22 ${one.ip}/32`)
  s.revoke(group, 'tcp 80 0.0.0.0/0')
  await s.answered(one, two, tcp(22, 40_022), { session: 'tracked' })
  await s.silent(one, two, tcp(80, 40_080), { resource: group, rule: 'ingress' }, { session: 'untracked' })
  await s.silent(one, two, tcp(22, 40_023), { resource: group, rule: 'ingress' })
})
