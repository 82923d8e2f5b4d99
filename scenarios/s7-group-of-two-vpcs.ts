/** S7: a group that two VPCs of the same blocks use takes no address of the one for that of the other. */
import { scenario, tcp } from './scenario.ts'

export default scenario(
  'S7',
  'a group that two VPCs of the same blocks use takes no address of the one for that of the other',
  async (s) => {
    const [home, further] = [s.vpc('10.1.0.0/16'), s.vpc('10.1.0.0/16')]
    const [there, here] = [s.subnet(home, '10.1.0.0/20'), s.subnet(further, '10.1.0.0/20')]
    const group = s.group(home, [])
    s.allow(group, `tcp 22 ${group}`)
    s.bench.call('AssociateSecurityGroupVpc', { GroupId: group, VpcId: further.id })
    const target = await s.instance(here, { groups: [group] })
    const member = await s.instance(here, { groups: [group] })
    const stranger = await s.instance(here, { ip: '10.1.0.100' })
    // Who has the stranger's address in the other VPC is a member.
    const namesake = await s.instance(there, { groups: [group], ip: '10.1.0.100' })
    const neighbor = await s.instance(there, { groups: [group] })
    await s.answered(member, target, tcp(22))
    await s.answered(namesake, neighbor, tcp(22))
    await s.silent(member, target, tcp(23), { resource: group, rule: 'ingress', code: 'ENI_SG_RULES_MISMATCH' })
    await s.silent(stranger, target, tcp(22), { resource: group, rule: 'ingress', code: 'ENI_SG_RULES_MISMATCH' })
  },
)
