/** D41: what comes in by the second interface is answered by the first, whose check drops it (E1). */
import { ip } from '../src/ip/address.ts'
import { ping, scenario } from './scenario.ts'

export default scenario(
  'D41',
  'what comes in by the second interface is answered by the first, which drops it (E1)',
  async (s) => {
    const a = s.vpc('10.1.0.0/16')
    const group = s.group(a, ['all 0.0.0.0/0'])
    const [front, back] = [s.subnet(a, '10.1.0.0/20'), s.subnet(a, '10.1.16.0/20')]
    const one = await s.instance(s.subnet(a, '10.1.32.0/20'), { groups: [group] })
    const two = await s.instance(front, { groups: [group] })
    const { NetworkInterface } = s.bench.call('CreateNetworkInterface', { SubnetId: back.id, Groups: [group] })
    const NetworkInterfaceId = NetworkInterface?.NetworkInterfaceId as string
    const second = ip(NetworkInterface?.PrivateIpAddress as string)
    s.bench.call('AttachNetworkInterface', { NetworkInterfaceId, InstanceId: two.id, DeviceIndex: 1 })
    await s.answered(one, two, ping)
    const check = { leg: 'reply', resource: two.interface, rule: 'source-check' } as const
    await s.silent(one, second, ping, { ...check, explained: 'ENI_ADDRESS_RESTRICTION' })
    // A neighbour on the second subnet is answered on it.
    await s.answered(await s.instance(back, { groups: [group] }), second, ping)
    s.bench.call('ModifyNetworkInterfaceAttribute', {
      NetworkInterfaceId: two.interface,
      SourceDestCheck: { Value: false },
    })
    await s.answered(one, second, ping)
  },
)
