/** D30: the ports of an ICMP rule are a type and a code, not a range (S3). */
import { ping, scenario } from './scenario.ts'

export default scenario('D30', 'the ports of an ICMP rule are a type and a code, not a range (S3)', async (s) => {
  const a = s.vpc('10.1.0.0/16')
  const subnet = s.subnet(a, '10.1.0.0/20')
  const one = await s.instance(subnet)
  const group = s.group(a, ['icmp 0/8 0.0.0.0/0', 'icmp 8/1 0.0.0.0/0'])
  const two = await s.instance(subnet, { groups: [group] })
  await s.silent(one, two, ping, { resource: group, rule: 'ingress' })
  const anyTypeOneCode = { IpProtocol: 'icmp', FromPort: -1, ToPort: 5, IpRanges: [{ CidrIp: '0.0.0.0/0' }] }
  const authorize = () =>
    s.bench.call('AuthorizeSecurityGroupIngress', { GroupId: group, IpPermissions: [anyTypeOneCode] })
  s.refused('InvalidParameterValue', authorize)
  s.allow(group, 'icmp 8/0 0.0.0.0/0')
  await s.answered(one, two, ping)
})
