/** The records of a state whose server is gone, and what must hold between them. */
import { DatabaseSync } from 'node:sqlite'
import { type AnyKind, allKinds } from '../../src/ec2/kinds.ts'
import '../../src/ec2/registry.ts'
import type { Reference, Resource, ResourceType } from '../../src/ec2/resource.ts'
import { Records } from '../../src/ec2/state.ts'
import { readContent } from '../../src/store/content.ts'

interface Kept {
  readonly records: Records
  readonly meta: Readonly<Record<string, string>>
  readonly lastNumber: number
}

/** Reads a state's file, and changes nothing about it. */
export function recordsIn(file: string): Kept {
  const db = new DatabaseSync(file, { readOnly: true })
  try {
    const { records: all, meta, lastNumber } = readContent(db)
    const records = new Records()
    records.accept(all)
    return { records, meta, lastNumber }
  } finally {
    db.close()
  }
}

/** What does not hold, as sentences. */
export function contradictions({ records, lastNumber }: Kept): string[] {
  return [
    ...unresolved(records),
    ...vpcs(records),
    ...instances(records),
    ...addresses(records),
    ...elastic(records),
    ...numbers(records, lastNumber),
  ]
}

/** A field that names another record names one that is there, unless it is one that may outlive it. */
function unresolved(records: Records): string[] {
  return allKinds().flatMap((kind) =>
    [...records.all(kind.type)].flatMap((record) =>
      idsNamed(kind, record, records)
        .filter(([type, id]) => records.get(type, id) === undefined)
        .map(([type, id]) => `${kind.type} ${record.id} names the ${type} ${id}, which is not there`),
    ),
  )
}

function idsNamed(kind: AnyKind, record: Resource, records: Records): [ResourceType, string][] {
  const references = Object.entries(kind.references) as [string, Reference<Resource>][]
  return references.flatMap(([field, { type, strength }]) => {
    const value: unknown = record[field as keyof Resource]
    if (strength(record, records) === 'weak') return []
    return textsIn(value).map((id): [ResourceType, string] => [type, id])
  })
}

const textsIn = (value: unknown): string[] => (typeof value === 'string' ? [value] : Array.isArray(value) ? value : [])

/** What comes with every VPC and subnet. */
function vpcs(records: Records): string[] {
  const problems: string[] = []
  for (const { id } of records.all('vpc')) {
    const counts = {
      'main route tables': records.where('route-table', 'vpcId', id).filter((t) => t.associations.some((a) => a.main)),
      'default groups': records.where('security-group', 'vpcId', id).filter((g) => g.groupName === 'default'),
      'default ACLs': records.where('network-acl', 'vpcId', id).filter((acl) => acl.isDefault),
    }
    for (const [what, { length }] of Object.entries(counts))
      if (length !== 1) problems.push(`${id} has ${length} ${what}`)
  }
  for (const { id, vpcId } of records.all('subnet')) {
    const acls = records.where('network-acl', 'vpcId', vpcId)
    const of = acls.flatMap((acl) => acl.associations).filter((a) => a.subnetId === id)
    const tables = records.where('route-table', 'vpcId', vpcId)
    const own = tables.flatMap((t) => t.associations).filter((a) => a.subnetId === id)
    if (of.length !== 1) problems.push(`${id} has ${of.length} ACLs`)
    if (own.length > 1) problems.push(`${id} has ${own.length} route tables of its own`)
  }
  return problems
}

/** Each has its primary interface, and a disk, for as long as it is not terminated. */
function instances(records: Records): string[] {
  return [...records.all('instance')].flatMap(({ id, state }) => {
    const enis = records.where('network-interface', 'attachment.instanceId', id)
    const primary = enis.filter((eni) => eni.attachment?.deviceIndex === 0)
    const indexes = new Set(enis.map((eni) => eni.attachment?.deviceIndex))
    const volumes = records.where('volume', 'instanceId', id)
    if (state === 'terminated')
      return enis.length + volumes.length > 0 ? [`${id} is terminated and has interfaces or volumes`] : []
    return [
      ...(primary.length === 1 ? [] : [`${id} (${state}) has ${primary.length} primary interfaces`]),
      ...(indexes.size === enis.length ? [] : [`${id} has two interfaces with one device index`]),
      ...(volumes.length === 1 ? [] : [`${id} (${state}) has ${volumes.length} root volumes`]),
    ]
  })
}

/** No address twice in a subnet, none twice in public. */
function addresses(records: Records): string[] {
  const enis = [...records.all('network-interface')]
  const inside = enis.flatMap((eni) => eni.privateIpAddresses.map((address) => `${eni.subnetId} ${address}`))
  const outside = [...[...records.all('elastic-ip')].map((a) => a.publicIp), ...enis.flatMap((e) => e.publicIp ?? [])]
  return [...twice(inside), ...twice(outside)].map((address) => `${address} is given out twice`)
}

function elastic(records: Records): string[] {
  return [...records.all('elastic-ip')].flatMap(({ id, associationId, networkInterfaceId = '', privateIpAddress }) => {
    if (associationId === undefined) return networkInterfaceId ? [`${id} is on an interface, with no association`] : []
    const eni = records.get('network-interface', networkInterfaceId)
    return eni?.privateIpAddresses.some((address) => address === privateIpAddress)
      ? []
      : [`${id} is on ${networkInterfaceId} ${privateIpAddress}, which is not there`]
  })
}

/** Numbers that the kernel sees are each somebody's, and none is beyond the last that was given out. */
function numbers(records: Records, last: number): string[] {
  const all = [
    ...[...records.all('route-table')].map(({ number }) => number),
    ...[...records.all('internet-gateway')].map(({ number }) => number),
    ...[...records.all('vpc-peering-connection')].flatMap((pcx) => [pcx.requester.number, pcx.accepter.number]),
  ]
  return [
    ...twice(all.map(String)).map((number) => `the kernel's number ${number} is given out twice`),
    ...all.filter((number) => number > last).map((number) => `the kernel's number ${number} is to be given out again`),
  ]
}

const twice = (values: readonly string[]): string[] => values.filter((value, i) => values.indexOf(value) !== i)
