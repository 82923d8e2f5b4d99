/** InternetGateways. */
import type { InternetGateway } from '../ec2/internet-gateway.ts'
import { baseOf, type Reader } from './building.ts'

export const internetGateways: Reader = {
  key: 'InternetGateways',
  id: 'InternetGatewayId',
  read(item, home, building) {
    const { state, notes, newNumber } = building
    const id = item.id('InternetGatewayId', 'igw')
    const attached = item.list('Attachments').flatMap((attachment) => {
      const over = ['detaching', 'detached'].includes(attachment.textIf('State') ?? 'attached')
      const vpcId = attachment.id('VpcId', 'vpc')
      return over ? [] : [vpcId]
    })
    const vpcId = attached.find((one) => state.get('vpc', one))
    for (const other of attached)
      if (other !== vpcId) notes.add('outside', `VPC ${other}`, 'its internet gateway is attached to nothing here', id)
    const base = baseOf(item, id, 'available' as const, home, building)
    state.put('internet-gateway', { ...base, ...(vpcId && { vpcId }), number: newNumber() } satisfies InternetGateway)
  },
}
