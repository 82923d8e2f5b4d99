/** D24: an Elastic IP needs an attached gateway, and keeps it attached (G3, G4). */
import { INTERNET_HOST, ping, scenario } from './scenario.ts'

export default scenario('D24', 'an Elastic IP needs an attached gateway, and keeps it attached (G3, G4)', async (s) => {
  const a = s.vpc('10.1.0.0/16')
  const groups = [s.group(a, ['icmp 0.0.0.0/0'])]
  const one = await s.instance(s.subnet(a, '10.1.0.0/20'), { groups })
  s.refused('Gateway.NotAttached', () => s.elasticIp(one), `Network ${a.id} is not attached to any internet gateway`)
  const igw = s.bench.call('CreateInternetGateway', {}).InternetGateway?.InternetGatewayId as string
  s.bench.call('AttachInternetGateway', { VpcId: a.id, InternetGatewayId: igw })
  const { ip, association } = s.elasticIp(one)
  const detach = () => s.bench.call('DetachInternetGateway', { VpcId: a.id, InternetGatewayId: igw })
  s.refused(
    'DependencyViolation',
    detach,
    `Network ${a.id} has some mapped public address(es). ` +
      'Please unmap those public address(es) before detaching the gateway.',
  )
  s.route(a.mainTable, '0.0.0.0/0', igw)
  await s.answered(INTERNET_HOST, ip, ping)
  s.bench.call('DisassociateAddress', { AssociationId: association })
  await s.silent(INTERNET_HOST, ip, ping, { resource: 'internet' })
  detach()
  await s.silent(one, INTERNET_HOST, ping, { resource: a.mainTable, rule: '0.0.0.0/0', code: 'BAD_STATE_ROUTE' })
})
