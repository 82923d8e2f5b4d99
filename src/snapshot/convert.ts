/** The JSON of `aws ec2 describe-*` → records: each kind's reader in order, and what is not read, said. */
import { addressAttributes, addresses, settleAssociations } from './addresses.ts'
import { isOfAws } from '../ec2/prefix-list-aws.ts'
import { Draft, Records } from '../ec2/state.ts'
import type { Building, Home, Reader } from './building.ts'
import { checkNetwork } from './check.ts'
import { complete } from './complete.ts'
import { dhcpOptions } from './dhcp-options.ts'
import type { Document } from './document.ts'
import { egressOnlyInternetGateways } from './egress-only-internet-gateways.ts'
import { homesOf } from './homes.ts'
import { instanceConnectEndpoints } from './instance-connect-endpoints.ts'
import { instances, instancesWithoutInterface } from './instances.ts'
import { internetGateways } from './internet-gateways.ts'
import { Item, wordFor } from './item.ts'
import { natGateways, natGatewaysWithoutInterface } from './nat-gateways.ts'
import { networkAcls } from './network-acls.ts'
import { networkInterfacePermissions } from './network-interface-permissions.ts'
import { instanceInterfaces, networkInterfaces } from './network-interfaces.ts'
import { MEANINGLESS, NOT_EMULATED } from './not-emulated.ts'
import { PREFIX_LIST_ENTRIES, prefixListEntries, prefixLists } from './prefix-lists.ts'
import { type Contents, Notes, type Report } from './report.ts'
import { routeTables } from './route-tables.ts'
import { permissions, securityGroupRules } from './security-group-rules.ts'
import { securityGroups, undescribedGroups } from './security-groups.ts'
import { securityGroupVpcAssociations } from './security-group-vpc-associations.ts'
import { SnapshotError } from './snapshot-error.ts'
import { ipv4CidrReservations, ipv6CidrReservations } from './subnet-cidr-reservations.ts'
import { subnets } from './subnets.ts'
import { vpcBlockPublicAccessExclusions, vpcBlockPublicAccessOptions } from './vpc-block-public-access.ts'
import { VPC_ATTRIBUTE, vpcAttributes, vpcs } from './vpcs.ts'
import { vpcPeeringConnections } from './vpc-peering-connections.ts'

/** What a kind's reader looks for is read before it. */
const READERS: readonly Reader[] = [
  vpcs,
  vpcAttributes,
  dhcpOptions,
  vpcPeeringConnections,
  prefixLists,
  prefixListEntries,
  securityGroups,
  undescribedGroups,
  securityGroupRules,
  permissions,
  securityGroupVpcAssociations,
  subnets,
  ipv4CidrReservations,
  ipv6CidrReservations,
  internetGateways,
  egressOnlyInternetGateways,
  instances,
  instanceConnectEndpoints,
  natGateways,
  networkInterfaces,
  instanceInterfaces,
  natGatewaysWithoutInterface,
  instancesWithoutInterface,
  networkInterfacePermissions,
  addresses,
  addressAttributes,
  routeTables,
  networkAcls,
  vpcBlockPublicAccessOptions,
  vpcBlockPublicAccessExclusions,
]
const READ: ReadonlySet<string> = new Set(READERS.map(({ key }) => key))
/** Keys that hold one object and no list. */
const SINGLE: ReadonlySet<string> = new Set(READERS.flatMap(({ key, single }) => (single ? key : [])))

export interface Clock {
  /** Milliseconds since the epoch. */
  readonly now: number
  /** A fresh number for the kernel. */
  newNumber(): number
}

export interface Conversion {
  /** The records of the snapshot, and nothing else. */
  readonly state: Draft
  readonly report: Report
}

/** Throws SnapshotError where the snapshot contradicts itself, or is not in the form of AWS's answers. */
export function convert(documents: readonly Document[], strangers: readonly string[], clock: Clock): Conversion {
  const notes = new Notes()
  const building: Building = {
    ...{ state: new Draft(new Records()), notes, now: clock.now, newNumber: clock.newNumber },
    ...{ prefixLists: new Set(), subnets: new Map(), rules: new Set(), associations: [], taken: new Map() },
    attached: new Set(),
    reservations: new Map(),
    nodes: new Map(),
    attributes: new Set(),
  }
  for (const name of strangers) notes.add('unknown', 'files', 'they have no place in a snapshot', name)
  const homes = homesOf(documents, notes)
  const found = itemsByKey(documents, homes, notes)
  for (const reader of READERS) read(reader, found.get(reader.key) ?? [], building)
  settleAssociations(building)
  complete(building)
  for (const items of found.values()) noteUnread(items, notes)
  checkNetwork(building.state)
  return {
    state: building.state,
    report: { files: documents.length, contents: contentsOf(building.state), notes: notes.list() },
  }
}

/** Answers that are about one VPC, or one prefix list, and no list of things. */
const ABOUT_ONE = [VPC_ATTRIBUTE, PREFIX_LIST_ENTRIES]

interface Found {
  readonly item: Item
  readonly home: Home
}

function itemsByKey(
  documents: readonly Document[],
  homes: ReadonlyMap<Document, Home>,
  notes: Notes,
): ReadonlyMap<string, Found[]> {
  const found = new Map<string, Found[]>([...READ].map((key) => [key, []]))
  for (const document of documents) {
    const { file, contents } = document
    const home = homes.get(document) as Home
    const about = ABOUT_ONE.find((key) => typeof contents.get(key) === 'string')
    if (about) found.get(about)?.push({ home, item: new Item(Object.fromEntries(contents), { file, at: '$' }) })
    for (const [key, value] of about ? [] : contents) {
      if (!READ.has(key)) noteKey(key, value, file, notes)
      else for (const item of listOf(key, value, file)) found.get(key)?.push({ item, home })
    }
  }
  return found
}

function listOf(key: string, value: unknown, file: string): Item[] {
  if (SINGLE.has(key)) return [new Item(value, { file, at: key })]
  if (!Array.isArray(value)) throw new SnapshotError(`${file}: ${key} must be a list, and is ${wordFor(value)}.`)
  return value.map((each: unknown, i) => new Item(each, { file, at: `${key}[${i}]` }))
}

function noteKey(key: string, value: unknown, file: string, notes: Notes): void {
  if (MEANINGLESS.has(key)) return
  const known = Object.hasOwn(NOT_EMULATED, key) ? NOT_EMULATED[key] : undefined
  const effect =
    key === 'Entries' ? 'they do not say of which prefix list: see docs/snapshots.md' : 'what it holds is not read'
  if (!known) return void notes.add('unknown', `the key ${JSON.stringify(key)}`, effect, file)
  for (const each of Array.isArray(value) ? (value as unknown[]) : []) {
    const id: unknown =
      typeof each === 'object' && each !== null ? (each as Record<string, unknown>)[known.id] : undefined
    notes.add('not-emulated', known.what, known.effect, typeof id === 'string' ? id : undefined)
  }
}

function read(reader: Reader, found: readonly Found[], building: Building): void {
  const { within } = reader
  const inner = within
    ? found.flatMap(({ item, home }) => item.list(within).map((one) => ({ item: one, home })))
    : found
  for (const { item, home } of reader.id ? once(reader, reader.id, inner) : inner) reader.read(item, home, building)
}

/**
 * What is described twice is read once: in one home it must be the same; of several homes that of its owner counts, as
 * others see a shared VPC with tags of their own.
 */
function once({ twoSided }: Reader, idKey: string, found: readonly Found[]): Found[] {
  const kept = new Map<string, Found>()
  for (const each of found) {
    const { item, home } = each
    const id = item.textIf(idKey)
    const key = twoSided ? `${id} ${home.account} ${home.region}` : (id ?? item.place())
    const other = kept.get(key)
    if (!other || (isOwn(each) && !isOwn(other))) kept.set(key, each)
    else if (other.home.account === home.account && other.home.region === home.region && !isSame(other.item, item))
      throw new SnapshotError(
        `${item.place()} describes ${id} otherwise than ${other.item.place()}: one of them is old.`,
      )
    if (other) (kept.get(key) === other ? item : other.item).known()
  }
  return [...kept.values()]
}

const isOwn = ({ item, home }: Found): boolean => item.textIf('OwnerId') === home.account
const isSame = (a: Item, b: Item): boolean => a.fingerprint() === b.fingerprint()

function noteUnread(found: readonly Found[], notes: Notes): void {
  for (const { item } of found)
    for (const path of item.unread())
      notes.add('unknown', `the field ${path}`, 'what it says is not read', item.place())
}

function contentsOf(state: Draft): Contents[] {
  const counts = new Map<string, Map<string, number>>()
  for (const { type, record } of state.changes()) {
    if (!record || type === 'account-region' || isOfAws(record)) continue
    const { account, region } = record as Home
    const own = counts.get(`${account} ${region}`) ?? new Map<string, number>()
    counts.set(`${account} ${region}`, own.set(type, (own.get(type) ?? 0) + 1))
  }
  return [...counts].map(([key, own]) => {
    const [account = '', region = ''] = key.split(' ')
    return { account, region, counts: Object.fromEntries(own) }
  })
}
