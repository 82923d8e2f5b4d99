/** The NAT gateways of "VPC and more": one, or one in each zone, and the default routes of private subnets to them. */
import { ANYWHERE } from '../ip/prefix.ts'
import { type PlannedCall, planned, reference } from './planned-call.ts'

/** A subnet of the plan: its zone, and what names of calls and resources end with. */
interface Subnet {
  readonly label: string
  readonly zone: string
}

/** In which public subnets gateways are: the first of all, or of each zone. */
export function natSubnets<S extends Subnet>(publicSubnets: readonly S[], wish: 'none' | 'in-1-az' | 'per-az'): S[] {
  if (wish === 'none') return []
  const perZone = publicSubnets.filter((subnet, i) => publicSubnets.findIndex((s) => s.zone === subnet.zone) === i)
  return wish === 'per-az' ? perZone : perZone.slice(0, 1)
}

const tagged = (ResourceType: 'elastic-ip' | 'natgateway', Value: string) => ({
  TagSpecifications: [{ ResourceType, Tags: [{ Key: 'Name', Value }] }],
})
const gateway = ({ label }: Subnet) => `nat-${label}`

/** An Elastic IP and a gateway with it. */
export function natCalls(name: string, subnet: Subnet): PlannedCall[] {
  const { zone, label } = subnet
  const elasticIp = { name: `eip-${zone}`, id: ['AllocationId'] }
  const made = { name: gateway(subnet), id: ['NatGateway', 'NatGatewayId'] }
  return [
    planned('Allocate elastic IP', 'AllocateAddress', tagged('elastic-ip', `${name}-eip-${zone}`), elasticIp),
    planned(
      'Create NAT gateway',
      'CreateNatGateway',
      {
        SubnetId: reference(`subnet-${label}`),
        AllocationId: reference(elasticIp.name),
        ...tagged('natgateway', `${name}-nat-${label}`),
      },
      made,
    ),
  ]
}

/** The way out of a private subnet: by the gateway of its zone, else by the only one. It works once that is made. */
export function natRoute(table: string, { zone }: Subnet, gateways: readonly Subnet[]): PlannedCall[] {
  const at = gateways.find((subnet) => subnet.zone === zone) ?? gateways[0]
  if (!at) return []
  const input = {
    RouteTableId: reference(table),
    DestinationCidrBlock: ANYWHERE,
    NatGatewayId: reference(gateway(at)),
  }
  return [planned('Create route', 'CreateRoute', input)]
}
