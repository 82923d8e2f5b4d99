/** EgressOnlyInternetGateways: each is for one VPC, all its life. */
import type { EgressOnlyInternetGateway } from '../ec2/egress-only-internet-gateway.ts'
import { baseOf, type Reader } from './building.ts'

export const egressOnlyInternetGateways: Reader = {
  key: 'EgressOnlyInternetGateways',
  id: 'EgressOnlyInternetGatewayId',
  read(item, home, building) {
    const { state, notes } = building
    const id = item.id('EgressOnlyInternetGatewayId', 'eigw')
    const [vpcId] = item.list('Attachments').map((attachment) => {
      attachment.skip('State')
      return attachment.id('VpcId', 'vpc')
    })
    const base = baseOf(item, id, 'available' as const, home, building)
    if (vpcId === undefined || !state.get('vpc', vpcId))
      return notes.add('outside', `VPC ${vpcId ?? '(none)'}`, 'its egress-only internet gateway is left out', id)
    state.put('egress-only-internet-gateway', { ...base, vpcId } satisfies EgressOnlyInternetGateway)
  },
}
