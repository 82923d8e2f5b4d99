/**
 * The names a VPC's DNS knows, and what they lead to, read off the records.
 *
 * Private names, and the reverse names of private addresses, are made from the address: they are there for all of the
 * VPC's own blocks, used or not, while it has enableDnsHostnames. A peer's private names are not known (X12 is about
 * public ones). There is no internet behind this DNS: names of other owners do not exist.
 */
import { interfaceOf, publicAddressesOf, reverseNameOf } from '../../ec2/address.ts'
import { privateDomain, privateName, publicDomain, publicName, resourceName } from '../../ec2/dns-name.ts'
import { type NetworkInterface, interfacesOfInstance, primaryAddress } from '../../ec2/network-interface.ts'
import type { State } from '../../ec2/state.ts'
import { activeBlocks, type Vpc } from '../../ec2/vpc.ts'
import { isActive, peeringsBetween, sidesOf } from '../../ec2/vpc-peering-connection.ts'
import { type Ip, ip, parseIp } from '../../ip/address.ts'
import { contains } from '../../ip/prefix.ts'

/** What a name has. A name that is there only because others end in it has nothing. */
export interface Found {
  readonly address?: Ip
  readonly pointer?: string
}

const METADATA = ip('169.254.169.254')
const METADATA_HOST = 'instance-data'
const REVERSE = 'in-addr.arpa'
const PUBLIC_ZONE = /(?:^|\.)((?:compute-1|[a-z0-9-]+\.compute)\.amazonaws\.com)$/

/** What `name` (lower case, no dot at its end) is to the hosts of a VPC; undefined where there is no such name. */
export function lookUp(state: State, vpc: Vpc, name: string): Found | undefined {
  for (const look of looks) {
    const found = look(state, vpc, name)
    if (found) return found
  }
  return undefined
}

/** The zone that answers for a name; empty for the root, to which belongs what nobody here answers for. */
export function zoneOf(vpc: Vpc, name: string): string {
  const own = [privateDomain(vpc.region), REVERSE].find((zone) => isWithin(name, zone))
  return own ?? PUBLIC_ZONE.exec(name)?.[1] ?? ''
}

const isWithin = (name: string, zone: string): boolean => name === zone || name.endsWith(`.${zone}`)

type Look = (state: State, vpc: Vpc, name: string) => Found | undefined

const looks: readonly Look[] = [domain, metadataHost, privateHost, resourceHost, publicHost, reverseName]

/** Domains above the names, and the root. */
function domain(_: State, vpc: Vpc, name: string): Found | undefined {
  const zones = [privateDomain(vpc.region), publicDomain(vpc.region), REVERSE]
  const isThere = name === '' || /^(\d{1,3}\.){1,3}in-addr\.arpa$/.test(name) || zones.some((z) => isWithin(z, name))
  return isThere ? {} : undefined
}

function metadataHost(_: State, { region }: Vpc, name: string): Found | undefined {
  return name === `${METADATA_HOST}.${privateDomain(region)}` ? { address: METADATA } : undefined
}

/** `ip-10-1-7-162.ec2.internal`: an address of the VPC's blocks. Both DNS attributes must be on. */
function privateHost(_: State, vpc: Vpc, name: string): Found | undefined {
  const address = addressIn(name, 'ip-')
  const isOwn = address !== undefined && name === privateName(vpc.region, address) && holds(vpc, address)
  return isOwn && vpc.enableDnsHostnames ? { address } : undefined
}

/** `i-0123456789abcdef0.ec2.internal`: an instance of the VPC that was launched with an A record of that name. */
function resourceHost(state: State, vpc: Vpc, name: string): Found | undefined {
  const instance = state.get('instance', name.slice(0, name.indexOf('.')))
  if (!instance?.resourceNameDnsARecord || instance.vpcId !== vpc.id || !vpc.enableDnsHostnames) return undefined
  const [primary] = interfacesOfInstance(state, instance.id)
  if (!primary || name !== resourceName(instance.region, instance.id)) return undefined
  return { address: primaryAddress(primary) }
}

/** G9: the private address within its own VPC and where X12 says so, the public one elsewhere. */
function publicHost(state: State, vpc: Vpc, name: string): Found | undefined {
  const address = addressIn(name, 'ec2-')
  const held = address && holderOf(state, address)
  if (!held || name !== publicName(held.eni.region, address)) return undefined
  return { address: seesPrivate(state, vpc, held.eni.vpcId) ? held.inside : address }
}

/** `162.7.1.10.in-addr.arpa`: an address of the VPC, or a public one that has a name, be it of its owner's choice. */
function reverseName(state: State, vpc: Vpc, name: string): Found | undefined {
  if (!isWithin(name, REVERSE)) return undefined
  const labels = name.slice(0, -REVERSE.length - 1).split('.')
  const address = parseIp(labels.reverse().join('.'))
  if (!address) return undefined
  if (address === METADATA) return { pointer: `${METADATA_HOST}.${privateDomain(vpc.region)}` }
  if (holds(vpc, address)) return vpc.enableDnsHostnames ? { pointer: privateName(vpc.region, address) } : undefined
  const [elastic] = state.where('elastic-ip', 'publicIp', address)
  const own = elastic && reverseNameOf(elastic)
  if (own) return { pointer: own.slice(0, -'.'.length) }
  const held = holderOf(state, address)
  return held && { pointer: publicName(held.eni.region, address) }
}

const holds = (vpc: Vpc, address: Ip): boolean => activeBlocks(vpc).some((block) => contains(block, address))

/** The address that a name such as `ip-10-1-7-162.` begins with. */
function addressIn(name: string, prefix: string): Ip | undefined {
  const label = name.slice(0, name.indexOf('.'))
  return label.startsWith(prefix) ? parseIp(label.slice(prefix.length).replaceAll('-', '.')) : undefined
}

/** The interface that has a public address, where its VPC gives public names (enableDnsHostnames). */
function holderOf(state: State, address: Ip): { readonly eni: NetworkInterface; readonly inside: Ip } | undefined {
  const [elastic] = state.where('elastic-ip', 'publicIp', address)
  const [assigned] = state.where('network-interface', 'publicIp', address)
  const eni = elastic ? interfaceOf(state, elastic) : assigned
  const held = eni && publicAddressesOf(state, eni).find((a) => a.publicIp === address)
  return held && givesPublicNames(state, eni.vpcId) ? { eni, inside: held.privateIpAddress } : undefined
}

const givesPublicNames = (state: State, vpcId: string): boolean => state.get('vpc', vpcId)?.enableDnsHostnames ?? false

/** X12: an active peering, whose other side allows it, between two VPCs with both DNS attributes. */
function seesPrivate(state: State, vpc: Vpc, ownerId: string): boolean {
  if (vpc.id === ownerId) return true
  const owner = state.get('vpc', ownerId)
  if (![vpc, owner].every((v) => v?.enableDnsSupport && v.enableDnsHostnames)) return false
  return peeringsBetween(state, vpc.id, ownerId)
    .filter(isActive)
    .some((pcx) => sidesOf(pcx).some((side) => side.vpcId === ownerId && side.allowDnsResolution))
}
