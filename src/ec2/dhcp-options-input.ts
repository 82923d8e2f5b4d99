/** What a call may put into a set of DHCP options: the keys there are, and the values each of them takes. */
import { familyOf, parseIp } from '../ip/address.ts'
import type { Input } from '../protocol/types.ts'
import type { DhcpOption } from './dhcp-options.ts'
import { invalidParameter, invalidValue, missingParameter } from './errors.ts'

/** Amazon's own name servers, where an address may stand as well. */
export const AMAZON_DNS = 'AmazonProvidedDNS'

interface Rule {
  readonly accepts: (value: string) => boolean
  /** How many values there may be; of `ntp-servers` as many of each family. */
  readonly most: number
  readonly perFamily?: true
}

const isAddress = (text: string): boolean => parseIp(text) !== undefined
const isIpv4 = (text: string): boolean => isAddress(text) && familyOf(text) === 4
/** One name, or several with a space between them, as some systems take them. */
const isDomainName = (text: string): boolean => text.length <= 255 && /^[\w-][\w.-]*( [\w-][\w.-]*)*$/.test(text)
const isLeaseTime = (text: string): boolean => /^\d{3,10}$/.test(text) && Number(text) >= 140 && Number(text) < 2 ** 31

const rules: Readonly<Record<string, Rule>> = {
  'domain-name': { accepts: isDomainName, most: 1 },
  'domain-name-servers': { accepts: (text) => text === AMAZON_DNS || isAddress(text), most: 4 },
  'ntp-servers': { accepts: isAddress, most: 4, perFamily: true },
  'netbios-name-servers': { accepts: isIpv4, most: 4 },
  'netbios-node-type': { accepts: (text) => ['1', '2', '4', '8'].includes(text), most: 1 },
  'ipv6-address-preferred-lease-time': { accepts: isLeaseTime, most: 1 },
}

/** The options that a call asks for, each checked. unverified: the codes and words of all refusals. */
export function dhcpOptionsFrom(asked: Input<'CreateDhcpOptions'>['DhcpConfigurations'] | undefined): DhcpOption[] {
  if (!asked?.length) throw missingParameter('dhcpConfiguration')
  const options = asked.map(({ Key = '', Values = [] }) => checkedOption(Key, Values))
  const twice = options.find(({ key }, i) => options.findIndex((other) => other.key === key) !== i)
  if (twice) throw invalidValue(`The DHCP option '${twice.key}' was specified more than once.`)
  return options
}

/** Several servers may stand in one value, with commas between them. */
function checkedOption(key: string, asked: readonly string[]): DhcpOption {
  const rule = Object.hasOwn(rules, key) ? rules[key] : undefined
  if (!rule) throw invalidParameter(key, 'key', 'Unknown DHCP option.')
  const values = asked.flatMap((value) => value.split(',')).map((value) => value.trim())
  if (values.length === 0) throw missingParameter('dhcpConfiguration.value')
  const wrong = values.find((value) => !rule.accepts(value))
  if (wrong !== undefined) throw invalidParameter(wrong, 'value', `It is no value for the DHCP option ${key}.`)
  if (!isWithin(rule, values)) throw invalidValue(`Too many values for the DHCP option '${key}'.`)
  return { key, values }
}

const isWithin = ({ most, perFamily }: Rule, values: readonly string[]): boolean =>
  perFamily
    ? [4, 6].every((family) => values.filter((value) => familyOf(value) === family).length <= most)
    : values.length <= most
