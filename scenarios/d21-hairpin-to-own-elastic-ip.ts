/** D21: an instance reaches its own Elastic IP through the gateway if its group lets its public address in (G8). */
import { ping, scenario } from './scenario.ts'

export default scenario(
  'D21',
  'an instance reaches its own Elastic IP through the gateway if its group lets its public address in (G8)',
  async (s) => {
    const a = s.vpc('10.1.0.0/16', { gateway: true })
    const group = s.group(a, [])
    const one = await s.instance(s.subnet(a, '10.1.0.0/20', { table: true }), { groups: [group], elasticIp: true })
    const own = one.publicIp as NonNullable<typeof one.publicIp>
    await s.silent(one, own, ping, { resource: group, rule: 'ingress' })
    s.allow(group, `icmp ${own}/32`)
    await s.answered(one, own, ping)
  },
)
