/** D29: a rule for SSH lets no ping in; an echo request rule does, an echo reply rule does not (S3). */
import { ping, scenario, tcp } from './scenario.ts'

export default scenario(
  'D29',
  'a rule for SSH lets no ping in; an echo request rule does, an echo reply rule does not (S3)',
  async (s) => {
    const a = s.vpc('10.1.0.0/16')
    const subnet = s.subnet(a, '10.1.0.0/20')
    const one = await s.instance(subnet)
    const group = s.group(a, ['tcp 22 0.0.0.0/0'])
    const two = await s.instance(subnet, { groups: [group] })
    await s.answered(one, two, tcp(22))
    await s.silent(one, two, ping, { resource: group, rule: 'ingress', code: 'ENI_SG_RULES_MISMATCH' })
    s.allow(group, 'icmp 0 0.0.0.0/0')
    await s.silent(one, two, ping, { resource: group, rule: 'ingress' })
    s.allow(group, 'icmp 8 0.0.0.0/0')
    await s.answered(one, two, ping)
  },
)
