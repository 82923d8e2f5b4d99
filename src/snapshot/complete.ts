/** What each VPC and subnet of AWS has, and a snapshot may lack: its main table, default ACL and group, an ACL. */
import { allowAll } from '../ec2/network-acl-entry.ts'
import type { NetworkAcl } from '../ec2/network-acl.ts'
import { isMain } from '../ec2/route-table.ts'
import { isDefault } from '../ec2/security-group.ts'
import type { Vpc } from '../ec2/vpc.ts'
import { type Building, derivedId } from './building.ts'
import { addDhcpOptions } from './dhcp-options.ts'
import { SnapshotError } from './snapshot-error.ts'

export function complete(building: Building): void {
  const { state } = building
  const mains = countBy([...state.all('route-table')].filter(isMain), (t) => t.vpcId)
  const groups = countBy([...state.all('security-group')].filter(isDefault), (g) => g.vpcId)
  const acls = new Map([...state.all('network-acl')].filter((a) => a.isDefault).map((a) => [a.vpcId, a]))
  for (const vpc of state.all('vpc')) {
    const tables = mains.get(vpc.id) ?? 0
    if (tables > 1) throw new SnapshotError(`${vpc.id} has ${tables} main route tables.`)
    if (tables === 0) addMainTable(building, vpc)
    noteAttributes(building, vpc)
    addDhcpOptions(building, vpc)
    if (!groups.has(vpc.id)) addDefaultGroup(building, vpc)
    if (!acls.has(vpc.id)) acls.set(vpc.id, addDefaultAcl(building, vpc))
  }
  checkTables(building)
  guardSubnets(building, acls)
  knowPlaces(building)
}

/** `describe-vpcs` does not tell them; each needs a call of its own. */
function noteAttributes({ notes, attributes }: Building, { id, isDefault: dns }: Vpc): void {
  const missing = ['EnableDnsSupport', 'EnableDnsHostnames'].filter((key) => !attributes.has(`${id} ${key}`))
  for (const key of missing)
    notes.add('assumed', key, `it is ${key === 'EnableDnsSupport' || dns}, as in a new VPC`, id)
}

function countBy<T>(items: readonly T[], key: (item: T) => string): Map<string, number> {
  return new Map([...Map.groupBy(items, key)].map(([name, some]) => [name, some.length]))
}

const fields = ({ account, region }: Vpc, { now }: Building) => ({
  account,
  region,
  tags: {},
  state: 'available' as const,
  stateSince: now,
})

function addMainTable(building: Building, vpc: Vpc): void {
  const id = derivedId('rtb', `${vpc.id} main`)
  const associations = [{ associationId: derivedId('rtbassoc', id), main: true }]
  const number = building.newNumber()
  building.state.put('route-table', { ...fields(vpc, building), id, vpcId: vpc.id, associations, routes: [], number })
  building.notes.add('assumed', 'main route tables', 'they have the local routes alone', vpc.id)
}

function addDefaultGroup(building: Building, vpc: Vpc): void {
  const id = derivedId('sg', `${vpc.id} default`)
  const text = { groupName: 'default', description: 'default VPC security group' }
  building.state.put('security-group', { ...fields(vpc, building), id, vpcId: vpc.id, ...text })
  building.notes.add('assumed', 'default security groups', 'they have no rules', vpc.id)
}

function addDefaultAcl(building: Building, vpc: Vpc): NetworkAcl {
  const id = derivedId('acl', `${vpc.id} default`)
  building.notes.add('assumed', 'default network ACLs', 'they let everything pass', vpc.id)
  const entries = [allowAll(true), allowAll(false)]
  const acl = { ...fields(vpc, building), id, vpcId: vpc.id, isDefault: true, entries, associations: [] }
  return building.state.put('network-acl', acl)
}

/** R1: one table serves a subnet, and it is of the same VPC. */
function checkTables({ state }: Building): void {
  const served = new Map<string, string>()
  for (const table of state.all('route-table')) {
    for (const { subnetId } of table.associations) {
      if (subnetId === undefined) continue
      const other = served.get(subnetId)
      if (other !== undefined)
        throw new SnapshotError(`${subnetId} is associated with two route tables: ${other}, ${table.id}.`)
      if (state.get('subnet', subnetId)?.vpcId !== table.vpcId)
        throw new SnapshotError(`${subnetId} is associated with ${table.id}, which is of another VPC.`)
      served.set(subnetId, table.id)
    }
  }
}

/** N2: each subnet has exactly one ACL, of its VPC. */
function guardSubnets(building: Building, defaults: ReadonlyMap<string, NetworkAcl>): void {
  const { state, notes } = building
  const guarded = new Map<string, string>()
  for (const acl of state.all('network-acl')) {
    for (const { subnetId } of acl.associations) {
      const other = guarded.get(subnetId)
      if (other !== undefined) throw new SnapshotError(`${subnetId} has two network ACLs: ${other}, ${acl.id}.`)
      if (state.get('subnet', subnetId)?.vpcId !== acl.vpcId)
        throw new SnapshotError(`${subnetId} has the network ACL ${acl.id}, which is of another VPC.`)
      guarded.set(subnetId, acl.id)
    }
  }
  for (const { id, vpcId } of state.all('subnet')) {
    const acl = guarded.has(id) ? undefined : state.get('network-acl', defaults.get(vpcId)?.id ?? '')
    if (!acl) continue
    const association = { associationId: derivedId('aclassoc', id), subnetId: id }
    state.put('network-acl', { ...acl, associations: [...acl.associations, association] })
    notes.add('assumed', 'the ACLs of subnets', 'they have the default ACL of their VPC', id)
  }
}

/** Who has something in a Region has been there: nothing is made for him of itself. */
function knowPlaces({ state, now }: Building): void {
  for (const { account, region } of state.all('vpc')) {
    const id = `${account}/${region}`
    state.put('account-region', { id, account, region, tags: {}, state: 'known', stateSince: now })
  }
}
