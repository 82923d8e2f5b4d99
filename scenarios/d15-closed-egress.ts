/** D15: without egress rules nothing is initiated, replies still leave (S2), and services are reached (P5). */
import { ip } from '../src/ip/address.ts'
import { ping, scenario, tcp, udp } from './scenario.ts'

const TITLE = 'without egress rules nothing is initiated, replies still leave (S2), and services are reached (P5)'
const METADATA = ip('169.254.169.254')
const DNS = [ip('169.254.169.253'), ip('10.1.0.2')]

export default scenario('D15', TITLE, async (s) => {
  const a = s.vpc('10.1.0.0/16')
  const subnet = s.subnet(a, '10.1.0.0/20')
  const one = await s.instance(subnet, { groups: [s.group(a, ['all 0.0.0.0/0'])] })
  const group = s.group(a, ['icmp 0.0.0.0/0', 'tcp 22 0.0.0.0/0'], [])
  const closed = await s.instance(subnet, { groups: [group] })
  await s.answered(one, closed, ping)
  await s.answered(one, closed, tcp(22))
  await s.silent(closed, one, ping, { resource: group, rule: 'egress', code: 'SG_HAS_NO_RULES' })

  // An ACL without entries denies all, in both directions.
  s.acl(subnet, [])
  await s.answered(closed, METADATA, tcp(80))
  for (const address of DNS) {
    await s.answered(closed, address, udp(53))
    await s.answered(closed, address, tcp(53))
  }
  const elsewhere = { leg: 'request', resource: a.id, rule: 'service-port' } as const
  await s.silent(closed, METADATA, ping, elsewhere)
  await s.silent(closed, METADATA, tcp(443), elsewhere)
  await s.silent(closed, METADATA, tcp(80), { resource: closed.interface, rule: 'source-check' }, { source: one.ip })
})
