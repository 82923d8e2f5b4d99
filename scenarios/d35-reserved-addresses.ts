/** D35: the first four addresses and the last of a subnet belong to nobody (C4). */
import assert from 'node:assert/strict'
import { ip } from '../src/ip/address.ts'
import { ping, scenario } from './scenario.ts'

export default scenario('D35', 'the first four addresses and the last of a subnet belong to nobody (C4)', async (s) => {
  const a = s.vpc('10.0.0.0/16')
  const subnet = s.subnet(a, '10.0.1.0/24')
  const create = (PrivateIpAddress: string) => () =>
    s.bench.call('CreateNetworkInterface', { SubnetId: subnet.id, PrivateIpAddress })
  for (const address of ['10.0.1.0', '10.0.1.1', '10.0.1.2', '10.0.1.3', '10.0.1.255']) {
    s.refused('InvalidParameterValue', create(address))
  }
  const one = await s.instance(subnet, { ip: '10.0.1.4', groups: [s.group(a, ['all 0.0.0.0/0'])] })
  assert.equal(one.ip, '10.0.1.4')
  for (const address of ['10.0.1.1', '10.0.1.255', '10.0.1.9']) {
    await s.silent(one, ip(address), ping, { resource: a.id, code: 'NO_POSSIBLE_DESTINATION' })
  }
})
