/**
 * D16: a tracked flow outlives its rule, an untracked one does not (S10, S11).
 * In UDP: a TCP flow that a closed port has reset is over, for a kernel as for AWS.
 */
import { scenario, udp } from './scenario.ts'

export default scenario('D16', 'a tracked flow outlives its rule, an untracked one does not (S10, S11)', async (s) => {
  const a = s.vpc('10.1.0.0/16')
  const subnet = s.subnet(a, '10.1.0.0/20')
  const one = await s.instance(subnet)
  const group = s.group(a, [`udp 22 ${one.ip}/32`, 'udp 80 0.0.0.0/0'])
  const two = await s.instance(subnet, { groups: [group] })
  await s.answered(one, two, udp(22, 40_022), { session: 'tracked' })
  await s.answered(one, two, udp(80, 40_080), { session: 'untracked' })
  s.revoke(group, `udp 22 ${one.ip}/32`)
  s.revoke(group, 'udp 80 0.0.0.0/0')
  await s.answered(one, two, udp(22, 40_022), { session: 'tracked' })
  await s.silent(one, two, udp(80, 40_080), { resource: group, rule: 'ingress' }, { session: 'untracked' })
  await s.silent(one, two, udp(22, 40_023), { resource: group, rule: 'ingress' })
})
