/** D27: the ACL of a NAT gateway's subnet judges both its sides: clients and the internet (A3, N4). */
import { INTERNET_HOST, scenario, tcp } from './scenario.ts'

export default scenario(
  'D27',
  "the ACL of a NAT gateway's subnet judges both its sides: clients and the internet (A3, N4)",
  async (s) => {
    const vpc = s.vpc('10.1.0.0/16', { gateway: true })
    const out = s.subnet(vpc, '10.1.0.0/20', { table: true })
    const inside = s.subnet(vpc, '10.1.16.0/20')
    const one = await s.instance(inside)
    const nat = s.natGateway(out)
    s.route(inside.table, '0.0.0.0/0', nat.id)
    await s.answered(one, INTERNET_HOST, tcp(80))
    const acl = s.acl(out, ['out 100 allow all 0.0.0.0/0'])
    const closed = { resource: acl, code: 'SUBNET_ACL_RESTRICTION', rule: 'ingress:*' }
    await s.silent(one, INTERNET_HOST, tcp(80), closed)
    s.entry(acl, 'in 100 allow tcp 80 10.1.0.0/16')
    await s.silent(one, INTERNET_HOST, tcp(80), { leg: 'reply', ...closed })
    s.entry(acl, 'in 110 allow tcp 32768-65535 0.0.0.0/0')
    await s.answered(one, INTERNET_HOST, tcp(80))
    // A gateway uses all ports from 1024 on, whatever the client's system does.
    await s.silent(one, INTERNET_HOST, tcp(80, 2000), { leg: 'reply', ...closed })
    await s.silent(one, INTERNET_HOST, tcp(80, 1000), { leg: 'reply', ...closed })
    s.entry(acl, 'in 120 allow tcp 1024-65535 0.0.0.0/0')
    await s.answered(one, INTERNET_HOST, tcp(80, 2000))
    await s.answered(one, INTERNET_HOST, tcp(80, 1000))
    // The clients' own subnet sees them come back to the port that they have.
    s.acl(inside, ['out 100 allow all 0.0.0.0/0', 'in 100 allow tcp 1024-65535 0.0.0.0/0'])
    await s.answered(one, INTERNET_HOST, tcp(80, 2000))
    await s.silent(one, INTERNET_HOST, tcp(80, 1000), {
      leg: 'reply',
      rule: 'ingress:*',
      code: 'SUBNET_ACL_RESTRICTION',
    })
  },
)
