/** D17: an ACL deny stops a running flow at once (S11). */
import { ping, scenario } from './scenario.ts'

export default scenario('D17', 'an ACL deny stops a running flow at once (S11)', async (s) => {
  const a = s.vpc('10.1.0.0/16')
  const one = await s.instance(s.subnet(a, '10.1.0.0/20'))
  const second = s.subnet(a, '10.1.16.0/20')
  const two = await s.instance(second, { groups: [s.group(a, [`icmp ${one.ip}/32`])] })
  const acl = s.acl(second, ['in 100 allow all 0.0.0.0/0', 'out 100 allow all 0.0.0.0/0'])
  await s.answered(one, two, ping, { session: 'running' })
  s.entry(acl, `in 50 deny all ${one.ip}/32`)
  const denied = { resource: acl, rule: 'ingress:50', code: 'SUBNET_ACL_RESTRICTION' }
  await s.silent(one, two, ping, denied, { session: 'running' })
})
