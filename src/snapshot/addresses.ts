/** Addresses (Elastic IPs), and the public addresses that interfaces show beside them. */
import type { Address } from '../ec2/address.ts'
import { type Association, baseOf, type Building, derivedId, type Home, type Reader } from './building.ts'
import { isId } from './item.ts'

export const addresses: Reader = {
  key: 'Addresses',
  id: 'AllocationId',
  read(item, home, building) {
    const { state, notes, taken } = building
    const id = item.idIf('AllocationId', 'eipalloc')
    const publicIp = item.ip('PublicIp')
    const networkInterfaceId = item.idIf('NetworkInterfaceId', 'eni')
    const associationId = item.textIf('AssociationId')
    const privateIpAddress = item.ipIf('PrivateIpAddress')
    item.skip(...MEANINGLESS)
    if (id === undefined) return notes.add('left-out', 'Elastic IPs outside of VPCs', 'EC2-Classic is gone', publicIp)
    const other = taken.get(`public ${publicIp}`)
    if (other !== undefined) throw item.wrong(`is ${publicIp}, as that of ${other}.`, 'PublicIp')
    taken.set(`public ${publicIp}`, id)
    const base: Address = { ...baseOf(item, id, 'available', home, building), publicIp }
    const eni = networkInterfaceId === undefined ? undefined : state.get('network-interface', networkInterfaceId)
    if (networkInterfaceId !== undefined && !eni)
      notes.add('outside', `interface ${networkInterfaceId}`, 'its Elastic IP is associated with nothing here', id)
    if (!eni || !networkInterfaceId) return void state.put('elastic-ip', base)
    const inside = privateIpAddress ?? eni.privateIpAddresses[0]
    if (!inside || !eni.privateIpAddresses.includes(inside))
      throw item.wrong(`is ${privateIpAddress}, which ${eni.id} does not have.`, 'PrivateIpAddress')
    const association = { associationId: associationId ?? derivedId('eipassoc', id), networkInterfaceId }
    state.put('elastic-ip', { ...base, ...association, privateIpAddress: inside })
  },
}

/** What `describe-addresses-attribute` tells, under a key of its own: the answer's is that of the addresses. */
export const ADDRESS_ATTRIBUTES = 'AddressesAttribute'

export const addressAttributes: Reader = {
  key: ADDRESS_ATTRIBUTES,
  id: 'AllocationId',
  read(item, _, { state, notes }) {
    const id = item.id('AllocationId', 'eipalloc')
    const present = item.textIf('PtrRecord')
    const update = item.part('PtrRecordUpdate')
    const wanted = update?.textIf('Value') ?? present
    item.skip('PublicIp')
    update?.skip('Status', 'Reason')
    const address = state.get('elastic-ip', id)
    if (!address) return notes.add('outside', `Elastic IP ${id}`, 'its reverse DNS name is left out')
    if (wanted) state.put('elastic-ip', { ...address, ptrRecord: wanted })
  },
}

const MEANINGLESS = [
  ...['Domain', 'InstanceId', 'NetworkInterfaceOwnerId', 'NetworkBorderGroup', 'PublicIpv4Pool', 'ServiceManaged'],
  ...['CarrierIp', 'CustomerOwnedIp', 'CustomerOwnedIpv4Pool', 'SubnetId'],
]

/** What interfaces say: an address that AWS gave with a launch, or an Elastic IP that no file lists. */
export function settleAssociations(building: Building): void {
  for (const association of building.associations) settle(association, building)
}

function settle(association: Association, building: Building): void {
  const { item, interfaceId, privateIpAddress } = association
  const { state, taken } = building
  const publicIp = item.ipIf('PublicIp')
  const allocation = item.textIf('AllocationId') ?? ''
  const associationId = item.textIf('AssociationId') ?? derivedId('eipassoc', allocation)
  const owner = item.textIf('IpOwnerId') ?? ''
  item.skip('PublicDnsName', 'CarrierIp', 'CustomerOwnedIp')
  const eni = state.get('network-interface', interfaceId)
  if (!publicIp || !eni || taken.has(`public ${publicIp}`)) return
  taken.set(`public ${publicIp}`, interfaceId)
  if (isId(allocation, 'eipalloc')) {
    const place = { networkInterfaceId: eni.id, privateIpAddress, associationId }
    putAddress(building, association.home, { id: allocation, publicIp, ...place }, owner)
  } else if (privateIpAddress === eni.privateIpAddresses[0])
    state.put('network-interface', { ...eni, publicIp, wantsPublicIp: eni.attachment !== undefined })
}

type Shown = Omit<Address, 'account' | 'region' | 'tags' | 'state' | 'stateSince'>

function putAddress({ state, notes, now }: Building, { account, region }: Home, shown: Shown, owner: string): void {
  const base = { region, tags: {}, state: 'available' as const, stateSince: now }
  state.put('elastic-ip', { ...base, ...shown, account: /^\d{12}$/.test(owner) ? owner : account })
  notes.add('assumed', 'Elastic IPs that only interfaces show', 'they are taken from there', shown.id)
}
