/** NetworkInterfacePermissions: which other accounts may use an interface. */
import type { NetworkInterfacePermission } from '../ec2/network-interface-permission.ts'
import { baseOf, type Reader } from './building.ts'

export const networkInterfacePermissions: Reader = {
  key: 'NetworkInterfacePermissions',
  id: 'NetworkInterfacePermissionId',
  read(item, home, building) {
    const { state, notes } = building
    const id = item.id('NetworkInterfacePermissionId', 'eni-perm')
    const networkInterfaceId = item.id('NetworkInterfaceId', 'eni')
    const grantee = item.account('AwsAccountId')
    const permission = item.oneOf('Permission', ['INSTANCE-ATTACH', 'EIP-ASSOCIATE'] as const)
    const told = item.part('PermissionState')
    told?.skip('StatusMessage')
    // The model has it in small letters, AWS's own example in capitals.
    const is = told?.textIf('State')?.toLowerCase() ?? 'granted'
    item.skip('AwsService')
    if (is === 'revoking' || is === 'revoked') return
    if (grantee === undefined)
      return notes.add('not-emulated', 'permissions of services on interfaces', 'they are left out', id)
    const eni = state.get('network-interface', networkInterfaceId)
    if (!eni) return notes.add('outside', `interface ${networkInterfaceId}`, 'its permissions are left out', id)
    const base = { ...baseOf(item, id, 'granted' as const, home, building), account: eni.account }
    state.put('network-interface-permission', {
      ...base,
      ...{ networkInterfaceId, permission, grantee },
    } satisfies NetworkInterfacePermission)
  },
}
