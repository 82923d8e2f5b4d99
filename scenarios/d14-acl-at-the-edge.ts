/** D14: an ACL judges what crosses the edge of its subnet, each packet alone (P4, N3, N4). */
import { ping, scenario, tcp } from './scenario.ts'

export default scenario(
  'D14',
  'an ACL judges what crosses the edge of its subnet, each packet alone (P4, N3, N4)',
  async (s) => {
    const a = s.vpc('10.1.0.0/16')
    const first = s.subnet(a, '10.1.0.0/20')
    const second = s.subnet(a, '10.1.16.0/20')
    const groups = [s.group(a, ['all 0.0.0.0/0'])]
    const [one, neighbor] = [await s.instance(first, { groups }), await s.instance(first, { groups })]
    const two = await s.instance(second, { groups })
    const acl = s.acl(second, ['in 100 allow tcp 22 0.0.0.0/0', 'out 100 allow tcp 22 0.0.0.0/0'])
    const denied = { resource: acl, code: 'SUBNET_ACL_RESTRICTION' }
    await s.silent(one, two, tcp(22), { leg: 'reply', rule: 'egress:*', ...denied })
    await s.silent(one, two, tcp(80), { rule: 'ingress:*', ...denied })
    s.entry(acl, 'out 200 allow tcp 32768-65535 0.0.0.0/0')
    await s.answered(one, two, tcp(22, 40_000))
    await s.silent(one, two, tcp(22, 2_000), { leg: 'reply', rule: 'egress:*', ...denied })
    s.acl(first, ['in 100 deny all 0.0.0.0/0', 'out 100 deny all 0.0.0.0/0'])
    await s.answered(one, neighbor, ping)
    await s.silent(one, two, tcp(22), { rule: 'egress:100', code: 'SUBNET_ACL_RESTRICTION' })
  },
)
