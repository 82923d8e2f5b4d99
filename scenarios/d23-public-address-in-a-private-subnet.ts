/** D23: without a route to the gateway the request arrives and the reply has no way (R12). */
import { INTERNET_HOST, scenario, tcp } from './scenario.ts'

export default scenario(
  'D23',
  'without a route to the gateway the request arrives and the reply has no way (R12)',
  async (s) => {
    const a = s.vpc('10.1.0.0/16', { gateway: true })
    const subnet = s.subnet(a, '10.1.0.0/20')
    const one = await s.instance(subnet, { groups: [s.group(a, ['tcp 22 0.0.0.0/0'])], elasticIp: true })
    const publicIp = one.publicIp as NonNullable<typeof one.publicIp>
    const lost = { leg: 'reply', resource: subnet.table, code: 'NO_ROUTE_TO_DESTINATION' } as const
    await s.silent(INTERNET_HOST, publicIp, tcp(22), lost)
    s.route(subnet.table, '0.0.0.0/0', a.gateway as string)
    await s.answered(INTERNET_HOST, publicIp, tcp(22))
  },
)
