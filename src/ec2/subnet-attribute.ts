/** What can be changed of a subnet after its creation, one attribute in a call. */
import type { Input } from '../protocol/types.ts'
import { invalidCombination, missingParameter, unsupported } from './errors.ts'
import type { Subnet } from './subnet.ts'

type Wish = Omit<Input<'ModifySubnetAttribute'>, 'SubnetId'>
type Attribute = keyof Wish

const NO_IPV6 = 'IPv6 addresses are not supported yet.'
const NO_OUTPOSTS = 'Outposts are not supported.'

/** Attribute → the subnet with it. A false where the attribute can only be false changes nothing. */
const attributes = {
  MapPublicIpOnLaunch: (s, { MapPublicIpOnLaunch }) => ({
    ...s,
    mapPublicIpOnLaunch: MapPublicIpOnLaunch?.Value ?? false,
  }),
  EnableDns64: (s, { EnableDns64 }) => ({ ...s, enableDns64: EnableDns64?.Value ?? false }),
  PrivateDnsHostnameTypeOnLaunch: (s, { PrivateDnsHostnameTypeOnLaunch: type = 'ip-name' }) => ({
    ...s,
    privateDnsHostnameType: type,
  }),
  EnableResourceNameDnsARecordOnLaunch: (s, { EnableResourceNameDnsARecordOnLaunch: a }) => ({
    ...s,
    enableResourceNameDnsARecord: a?.Value ?? false,
  }),
  EnableResourceNameDnsAAAARecordOnLaunch: (s, { EnableResourceNameDnsAAAARecordOnLaunch: a }) => ({
    ...s,
    enableResourceNameDnsAaaaRecord: a?.Value ?? false,
  }),
  AssignIpv6AddressOnCreation: (s, { AssignIpv6AddressOnCreation: a }) => onlyFalse(s, a?.Value, NO_IPV6),
  MapCustomerOwnedIpOnLaunch: (s, { MapCustomerOwnedIpOnLaunch: a }) => onlyFalse(s, a?.Value, NO_OUTPOSTS),
  CustomerOwnedIpv4Pool: (s) => onlyFalse(s, true, NO_OUTPOSTS),
  EnableLniAtDeviceIndex: (s) => onlyFalse(s, true, NO_OUTPOSTS),
  DisableLniAtDeviceIndex: (s, { DisableLniAtDeviceIndex: a }) => onlyFalse(s, a?.Value === false, NO_OUTPOSTS),
} satisfies { [A in Attribute]-?: (s: Subnet, wish: Wish) => Subnet }

function onlyFalse(s: Subnet, value: boolean | undefined, why: string): Subnet {
  if (value) throw unsupported(why)
  return s
}

/** A structure without its value says nothing. */
const isGiven = (asked: Wish[Attribute]): boolean => (typeof asked === 'object' ? asked.Value : asked) !== undefined

/** The subnet with the one attribute the call names. Throws InvalidParameterCombination for several. */
export function modifySubnet(s: Subnet, wish: Wish): Subnet {
  const given = (Object.keys(attributes) as Attribute[]).filter((name) => isGiven(wish[name]))
  // A pool of the customer's and what it is for are one attribute.
  const named = wish.CustomerOwnedIpv4Pool ? given.filter((name) => name !== 'MapCustomerOwnedIpOnLaunch') : given
  const [name, ...more] = named
  if (!name) throw missingParameter('subnetAttribute')
  if (more.length > 0) throw invalidCombination('Fields for multiple attribute types specified')
  return attributes[name](s, wish)
}
