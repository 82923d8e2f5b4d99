/** D37: an associated Elastic IP of a nondefault VPC can not be released (G6). */
import { INTERNET_HOST, ping, scenario } from './scenario.ts'

export default scenario('D37', 'an associated Elastic IP of a nondefault VPC can not be released (G6)', async (s) => {
  const a = s.vpc('10.1.0.0/16', { gateway: true })
  const one = await s.instance(s.subnet(a, '10.1.0.0/20', { table: true }))
  const { allocation, association } = s.elasticIp(one)
  s.refused('InvalidIPAddress.InUse', () => s.bench.call('ReleaseAddress', { AllocationId: allocation }))
  await s.answered(one, INTERNET_HOST, ping)
  s.bench.call('DisassociateAddress', { AssociationId: association })
  s.bench.call('ReleaseAddress', { AllocationId: allocation })
  const bare = { resource: a.gateway as string, code: 'IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS' }
  await s.silent(one, INTERNET_HOST, ping, bare)
})
