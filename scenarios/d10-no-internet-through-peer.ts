/** D10: a default route to a peering does not lead to the internet of the peer (X7). */
import { INTERNET_HOST, ping, scenario } from './scenario.ts'

export default scenario(
  'D10',
  'a default route to a peering does not lead to the internet of the peer (X7)',
  async (s) => {
    const a = s.vpc('10.1.0.0/16', { gateway: true })
    const b = s.vpc('10.2.0.0/16')
    const out = s.subnet(a, '10.1.0.0/20', { table: true })
    const inA = await s.instance(out, { elasticIp: true })
    const privateInA = await s.instance(s.subnet(a, '10.1.16.0/20'))
    const inB = await s.instance(s.subnet(b, '10.2.0.0/20'))
    const pcx = s.peer(a, b)
    s.route(b.mainTable, '0.0.0.0/0', pcx)
    await s.answered(inA, INTERNET_HOST, ping)
    const refused = { resource: pcx, code: 'PCX_REQUIRES_ADDRESS_IN_VPC_CIDR' }
    await s.silent(inB, INTERNET_HOST, ping, refused)
    // Nor through its NAT gateway, which its own instances use.
    const nat = s.natGateway(out)
    s.route(a.mainTable, '0.0.0.0/0', nat.id)
    await s.answered(privateInA, INTERNET_HOST, ping)
    await s.silent(inB, INTERNET_HOST, ping, refused)
    // The gateway can be reached through the peering, and answers nobody.
    await s.silent(inB, nat.ip, ping, { resource: nat.id, code: 'ISTHMUS_NGW_UNASKED' })
  },
)
