/** How the console divides a VPC's block among subnets: sixteenths, public from the start, private from the middle. */
import { addressAt, lengthOf, type Prefix, prefix, sizeOf } from '../ip/prefix.ts'

/** No subnet is smaller (C1). */
const longest = 28

export interface SubnetBlocks {
  readonly publicBlocks: readonly Prefix[]
  readonly privateBlocks: readonly Prefix[]
}

/** Blocks for so many public and private subnets; undefined where the VPC's block is too small for them. */
export function subnetBlocks(vpc: Prefix, publicCount: number, privateCount: number): SubnetBlocks | undefined {
  const length = Math.max(lengthOf(vpc), Math.min(longest, lengthOf(vpc) + 4))
  const places = 2 ** (length - lengthOf(vpc))
  const middle = Math.floor(places / 2)
  const fits = privateCount === 0 ? publicCount <= places : publicCount <= middle && middle + privateCount <= places
  if (!fits) return undefined
  const size = sizeOf(prefix(`0.0.0.0/${length}`))
  const block = (place: number) => prefix(`${addressAt(vpc, BigInt(place) * size)}/${length}`)
  return {
    publicBlocks: Array.from({ length: publicCount }, (_, index) => block(index)),
    privateBlocks: Array.from({ length: privateCount }, (_, index) => block(middle + index)),
  }
}
