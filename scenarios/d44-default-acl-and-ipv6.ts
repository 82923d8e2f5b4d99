/** D44: a default ACL that was modified gets no rule for a new IPv6 block in that direction (N8). */
import { ping, scenario, tcp } from './scenario.ts'

export default scenario(
  'D44',
  'a default ACL that was modified gets no rule for a new IPv6 block in that direction (N8)',
  async (s) => {
    const { call } = s.bench
    const [a, b] = [s.vpc('10.1.0.0/16'), s.vpc('10.2.0.0/16')]
    const groups = [s.group(a, ['all 0.0.0.0/0'])]
    const one = await s.instance(s.subnet(a, '10.1.0.0/20'), { groups })
    const two = await s.instance(s.subnet(a, '10.1.16.0/20'), { groups })
    const ipv6Entries = (acl: string) =>
      (call('DescribeNetworkAcls', { NetworkAclIds: [acl] }).NetworkAcls?.[0]?.Entries ?? [])
        .filter((e) => e.Ipv6CidrBlock)
        .map((e) => `${e.Egress ? 'out' : 'in'} ${e.RuleNumber} ${e.RuleAction} ${e.Ipv6CidrBlock}`)
    s.entry(a.defaultAcl, 'in 50 deny tcp 81 0.0.0.0/0')
    for (const { id } of [a, b]) call('AssociateVpcCidrBlock', { VpcId: id, AmazonProvidedIpv6CidrBlock: true })
    s.same(ipv6Entries(a.defaultAcl), ['out 101 allow ::/0', 'out 32768 deny ::/0', 'in 32768 deny ::/0'])
    const whole = ['out 101 allow ::/0', 'out 32768 deny ::/0', 'in 101 allow ::/0', 'in 32768 deny ::/0']
    s.same(ipv6Entries(b.defaultAcl), whole)
    // What the new entries say is of IPv6 alone.
    await s.answered(one, two, ping)
    await s.silent(one, two, tcp(81), { resource: a.defaultAcl, rule: 'ingress:50', code: 'SUBNET_ACL_RESTRICTION' })
  },
)
