/** Where EC2 Instance Connect comes from when it logs in to an instance over the internet (I5). */
import type { Ip } from '../ip/address.ts'
import { addressAt, type Prefix, prefix, sizeOf } from '../ip/prefix.ts'

/** The service's ranges, by Region: service EC2_INSTANCE_CONNECT of AWS's ip-ranges.json. */
export const INSTANCE_CONNECT_RANGES: Readonly<Record<string, Prefix>> = {
  'us-east-1': prefix('18.206.107.24/29'),
  'us-east-2': prefix('3.16.146.0/29'),
  'us-west-2': prefix('18.237.140.160/29'),
  'eu-west-1': prefix('18.202.216.48/29'),
  'ap-northeast-1': prefix('3.112.23.0/29'),
}
const OTHERWISE = 'us-east-1'

/** The range of a Region. `borrowed`: the Region's own is not known here, so it is that of us-east-1. */
export function instanceConnectRange(region: string): { readonly range: Prefix; readonly borrowed: boolean } {
  const known = Object.hasOwn(INSTANCE_CONNECT_RANGES, region) ? INSTANCE_CONNECT_RANGES[region] : undefined
  return { range: known ?? (INSTANCE_CONNECT_RANGES[OTHERWISE] as Prefix), borrowed: !known }
}

/** The addresses of a range that hosts can have: all but the first and the last. */
export const hostsOf = (range: Prefix): Ip[] =>
  Array.from({ length: Number(sizeOf(range)) - 2 }, (_, i) => addressAt(range, i + 1))

/** All addresses that the service connects from. The internet has them. */
export const INSTANCE_CONNECT_HOSTS: readonly Ip[] = Object.values(INSTANCE_CONNECT_RANGES).flatMap(hostsOf)
