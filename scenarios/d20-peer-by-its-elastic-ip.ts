/** D20: an Elastic IP of the peer is reached over the internet, seen from a public source (G8). */
import { ping, scenario } from './scenario.ts'

export default scenario(
  'D20',
  'an Elastic IP of the peer is reached over the internet, seen from a public source (G8)',
  async (s) => {
    const a = s.vpc('10.1.0.0/16', { gateway: true })
    const b = s.vpc('10.2.0.0/16', { gateway: true })
    const subnetA = s.subnet(a, '10.1.0.0/20', { table: true })
    const subnetB = s.subnet(b, '10.2.0.0/20', { table: true })
    const pcx = s.peer(a, b)
    s.route(subnetA.table, '10.2.0.0/16', pcx)
    s.route(subnetB.table, '10.1.0.0/16', pcx)
    const group = s.group(b, ['icmp 10.1.0.0/16'])
    const [one, bare] = [await s.instance(subnetA, { elasticIp: true }), await s.instance(subnetA)]
    const two = await s.instance(subnetB, { groups: [group], elasticIp: true })
    const publicIp = two.publicIp as NonNullable<typeof two.publicIp>
    await s.answered(one, two, ping)
    await s.silent(one, publicIp, ping, { resource: group, rule: 'ingress', code: 'ENI_SG_RULES_MISMATCH' })
    await s.silent(bare, publicIp, ping, {
      resource: a.gateway as string,
      code: 'IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS',
    })
    s.allow(group, `icmp ${one.publicIp}/32`)
    await s.answered(one, publicIp, ping)
  },
)
