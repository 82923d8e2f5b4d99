/** D32: a rule stands once, whether its protocol is written as a name or as a number (S4). */
import { scenario, tcp } from './scenario.ts'

export default scenario('D32', 'a rule stands once, by name or by number (S4)', async (s) => {
  const a = s.vpc('10.1.0.0/16')
  const subnet = s.subnet(a, '10.1.0.0/20')
  const GroupId = s.group(a, [])
  const one = await s.instance(subnet, { groups: [s.group(a, [])] })
  const two = await s.instance(subnet, { groups: [GroupId] })
  const add = (IpProtocol: string, Description?: string) => () =>
    s.bench.call('AuthorizeSecurityGroupIngress', {
      GroupId,
      IpPermissions: [
        {
          IpProtocol,
          FromPort: 22,
          ToPort: 22,
          IpRanges: [{ CidrIp: '10.1.0.0/16', ...(Description && { Description }) }],
        },
      ],
    })
  await s.silent(one, two, tcp(22), { resource: GroupId, code: 'SG_HAS_NO_RULES' })
  add('6')()
  await s.answered(one, two, tcp(22))
  s.refused('InvalidPermission.Duplicate', add('tcp'))
  // unverified: whether another description makes it another rule.
  s.refused('InvalidPermission.Duplicate', add('tcp', 'for the night shift'))
})
