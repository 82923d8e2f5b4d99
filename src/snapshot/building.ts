/** What the readers of a snapshot's kinds share: the state that they build, and what they note. */
import { createHash } from 'node:crypto'
import { ApiError } from '../ec2/errors.ts'
import type { Requester } from '../ec2/network-interface.ts'
import type { Resource } from '../ec2/resource.ts'
import type { Draft } from '../ec2/state.ts'
import type { Subnet } from '../ec2/subnet.ts'
import type { SubnetCidrReservation } from '../ec2/subnet-cidr-reservation.ts'
import type { Ip } from '../ip/address.ts'
import type { Item } from './item.ts'
import type { Notes } from './report.ts'

/** Whose Describe answer an item stands in. */
export interface Home {
  readonly account: string
  readonly region: string
}

/** A public address as an interface shows it. */
export interface Association {
  readonly item: Item
  readonly home: Home
  readonly interfaceId: string
  readonly privateIpAddress: Ip
}

export interface Building {
  readonly state: Draft
  readonly notes: Notes
  /** Milliseconds since the epoch. */
  readonly now: number
  /** A fresh number for the kernel. */
  newNumber(): number
  /** The prefix lists whose blocks the snapshot tells. */
  readonly prefixLists: Set<string>
  /** The permissions that are there: `group egress key`. */
  readonly rules: Set<string>
  /** Interface → the gateway or endpoint that it is part of, and its type. */
  readonly nodes: Map<string, Requester>
  /** `VPC attribute` for each that is told. */
  readonly attributes: Set<string>
  /** What interfaces say of public addresses, for when the Elastic IPs are known. */
  readonly associations: Association[]
  /** VPC → its subnets so far. */
  readonly subnets: Map<string, Subnet[]>
  /** Subnet → its CIDR reservations so far. */
  readonly reservations: Map<string, SubnetCidrReservation[]>
  /** Instances that have an interface. */
  readonly attached: Set<string>
  /** `subnet address` → the interface that has it; `public address` → the Elastic IP. */
  readonly taken: Map<string, string>
}

/** Reads the items of one top-level key. Readers run one after another, each over all items of all files. */
export interface Reader {
  /** As `aws ec2 describe-...` has it: `Vpcs`. */
  readonly key: string
  /** The field with the id by which an item is known to be described twice; absent where that is no matter. */
  readonly id?: string
  /** Where the items that count are within those of the key. */
  readonly within?: string
  /** The key holds one object and no list. */
  readonly single?: true
  /** Both sides describe it, and each differently. */
  readonly twoSided?: true
  read(item: Item, home: Home, building: Building): void
}

/** The fields that all records have. */
export function baseOf<S extends string>(item: Item, id: string, state: S, home: Home, { now }: Building) {
  return {
    id,
    account: item.account('OwnerId') ?? home.account,
    region: home.region,
    tags: item.tags(),
    state,
    stateSince: now,
  } satisfies Resource
}

/** An id that the snapshot does not have: the same for the same text, always. */
export const derivedId = (prefix: string, text: string): string =>
  `${prefix}-0${createHash('sha256').update(text).digest('hex').slice(0, 16)}`

/** `work`'s answer; what EC2 would refuse is said of the item. */
export function asEc2<T>(item: Item, work: () => T): T {
  try {
    return work()
  } catch (error) {
    throw error instanceof ApiError ? item.wrong(`can not be: ${error.message}`) : error
  }
}

export const NO_IPV6 = 'they are records: nothing goes over IPv6 here'
