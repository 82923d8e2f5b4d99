/** Everything outside: one node with a few hosts of its own that answer. */
import { INSTANCE_CONNECT_HOSTS } from '../ec2/instance-connect-range.ts'
import { ip } from '../ip/address.ts'
import type { Fact } from '../network/network.ts'

export const INTERNET = 'internet'

/** Who answers out there: documentation addresses (RFC 5737), and two that everybody pings. The first is `internet`. */
export const INTERNET_HOSTS = ['203.0.113.10', '203.0.113.20', '1.1.1.1', '8.8.8.8'].map(ip)

const origin = { resource: INTERNET }

export const internet = (): Fact[] => [
  { node: { id: INTERNET, kind: 'internet', origin } },
  { segment: { id: INTERNET, kind: 'uplink', mtu: 1500, origin } },
  {
    interface: {
      id: `${INTERNET}/hosts`,
      node: INTERNET,
      segment: INTERNET,
      addresses: [...INTERNET_HOSTS, ...INSTANCE_CONNECT_HOSTS],
      sourceDestCheck: false,
      placement: 'local',
      origin,
    },
  },
]
