/** D31: any-protocol rules ignore the ports that come with them (S3). */
import assert from 'node:assert/strict'
import { ping, scenario, tcp } from './scenario.ts'

export default scenario('D31', 'any-protocol rules ignore the ports that come with them (S3)', async (s) => {
  const a = s.vpc('10.1.0.0/16')
  const subnet = s.subnet(a, '10.1.0.0/20')
  const one = await s.instance(subnet)
  const group = s.group(a, [])
  const two = await s.instance(subnet, { groups: [group] })
  const authorize = (IpProtocol: string) =>
    s.bench.call('AuthorizeSecurityGroupIngress', {
      GroupId: group,
      IpPermissions: [{ IpProtocol, FromPort: 22, ToPort: 22, IpRanges: [{ CidrIp: '0.0.0.0/0' }] }],
    })
  authorize('50')
  const rule = s.bench.call('DescribeSecurityGroups', { GroupIds: [group] }).SecurityGroups?.[0]?.IpPermissions?.[0]
  assert.deepEqual([rule?.IpProtocol, rule?.FromPort, rule?.ToPort], ['50', undefined, undefined])
  await s.silent(one, two, tcp(80), { resource: group, rule: 'ingress' })
  authorize('-1')
  await s.answered(one, two, tcp(80))
  await s.answered(one, two, ping)
})
