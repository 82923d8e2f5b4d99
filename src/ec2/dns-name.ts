/** The names AWS's DNS gives to addresses: `ip-10-1-7-162.ec2.internal`, `ec2-198-51-100-1.compute-1.amazonaws.com`. */
import type { Ip } from '../ip/address.ts'
import type { Instance } from './instance.ts'

const dashed = (address: Ip): string => address.replaceAll('.', '-')

/** The domain of a Region's private names; us-east-1 keeps its old one. */
export const privateDomain = (region: string): string =>
  region === 'us-east-1' ? 'ec2.internal' : `${region}.compute.internal`

/** The domain of a Region's public names. */
export const publicDomain = (region: string): string =>
  `${region === 'us-east-1' ? 'compute-1' : `${region}.compute`}.amazonaws.com`

/** The name of a private address. */
export const privateName = (region: string, address: Ip): string => `ip-${dashed(address)}.${privateDomain(region)}`

/** The name of an instance whose host name type is `resource-name`: its id. */
export const resourceName = (region: string, instanceId: string): string => `${instanceId}.${privateDomain(region)}`

/** The name by which an instance knows itself: of its primary private address, or of its id. */
export const hostNameOf = ({ hostnameType, region, id }: Instance, primary: Ip): string =>
  hostnameType === 'resource-name' ? resourceName(region, id) : privateName(region, primary)

/** The name of a public address; it exists where the VPC has enableDnsHostnames (G9). */
export const publicName = (region: string, address: Ip): string => `ec2-${dashed(address)}.${publicDomain(region)}`
