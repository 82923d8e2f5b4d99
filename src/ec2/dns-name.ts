/** The names AWS's DNS gives to addresses: `ip-10-1-7-162.ec2.internal`, `ec2-198-51-100-1.compute-1.amazonaws.com`. */
import type { Ip } from '../ip/address.ts'

const dashed = (address: Ip): string => address.replaceAll('.', '-')

/** The name of a private address; us-east-1 keeps its old domain. */
export const privateName = (region: string, address: Ip): string =>
  `ip-${dashed(address)}.${region === 'us-east-1' ? 'ec2.internal' : `${region}.compute.internal`}`

/** The name of a public address; it exists where the VPC has enableDnsHostnames (G9). */
export const publicName = (region: string, address: Ip): string =>
  `ec2-${dashed(address)}.${region === 'us-east-1' ? 'compute-1' : `${region}.compute`}.amazonaws.com`
