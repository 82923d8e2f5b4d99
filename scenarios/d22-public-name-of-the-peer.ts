/** D22: the public name of a peer's instance leads over the internet, until the peer lets it lead to it (X12). */
import assert from 'node:assert/strict'
import { ping, scenario, type Stage } from './scenario.ts'

const TITLE =
  'the public name of a peer’s instance leads over the internet, until the peer lets it lead to it (G9, X12)'

export default scenario('D22', TITLE, async (s) => {
  const [a, b] = [namedVpc(s, '10.1.0.0/16'), namedVpc(s, '10.2.0.0/16')]
  const [subnetA, subnetB] = [s.subnet(a, '10.1.0.0/20', { table: true }), s.subnet(b, '10.2.0.0/20', { table: true })]
  const pcx = s.peer(a, b)
  s.route(subnetA.table, '10.2.0.0/16', pcx)
  s.route(subnetB.table, '10.1.0.0/16', pcx)
  const group = s.group(b, ['icmp 10.1.0.0/16'])
  const one = await s.instance(subnetA, { elasticIp: true })
  const two = await s.instance(subnetB, { groups: [group], elasticIp: true })
  const name = publicName(s, two.id)

  assert.equal(await s.resolve(two, name), two.ip)
  assert.equal(await s.resolve(one, name), two.publicIp)
  await s.silent(one, two.publicIp as typeof two.ip, ping, { resource: group, rule: 'ingress' })

  const allow = (value: boolean) =>
    s.bench.call('ModifyVpcPeeringConnectionOptions', {
      VpcPeeringConnectionId: pcx,
      AccepterPeeringConnectionOptions: { AllowDnsResolutionFromRemoteVpc: value },
    })
  allow(true)
  assert.equal(await s.resolve(one, name), two.ip)
  await s.answered(one, two, ping)
  // Each side says it of its own instances.
  assert.equal(await s.resolve(two, publicName(s, one.id)), one.publicIp)
  allow(false)
  assert.equal(await s.resolve(one, name), two.publicIp)
  assert.equal(await s.resolve(one, 'nobody.ec2.internal'), 'NXDOMAIN')
})

/** X12 wants both DNS attributes; a new VPC has but one. */
function namedVpc(s: Stage, cidr: string) {
  const vpc = s.vpc(cidr, { gateway: true })
  s.bench.call('ModifyVpcAttribute', { VpcId: vpc.id, EnableDnsHostnames: { Value: true } })
  return vpc
}

const publicName = (s: Stage, id: string): string =>
  s.bench.call('DescribeInstances', { InstanceIds: [id] }).Reservations?.[0]?.Instances?.[0]?.PublicDnsName ?? ''
