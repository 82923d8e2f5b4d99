/** What fields let one choose from the estate. */
import { type Estate, labelOf } from '../estate/estate.ts'
import type { Option } from '../parts/fields.tsx'

export const vpcChoices = ({ vpcs }: Estate): Option[] =>
  vpcs.map((vpc) => [vpc.id, `${vpc.isDefault ? 'Default VPC' : labelOf(vpc)} (${vpc.cidrs.join(', ')})`])

export const subnetChoices = ({ subnets, vpcs }: Estate): Option[] => {
  const names = new Map(vpcs.map((vpc) => [vpc.id, vpc.isDefault ? 'Default VPC' : labelOf(vpc)]))
  // A person's own nets come before the default one.
  const order = (vpcId: string) => Number(vpcs.find(({ id }) => id === vpcId)?.isDefault ?? false)
  return subnets
    .toSorted((one, other) => order(one.vpcId) - order(other.vpcId))
    .map((subnet) => [subnet.id, `${labelOf(subnet)} (${subnet.cidr}) in ${names.get(subnet.vpcId)}`])
}

export const instanceChoices = ({ instances }: Estate): Option[] =>
  instances.map((instance) => [instance.id, `${labelOf(instance)} (${instance.privateIp})`])

export const groupChoices = ({ groups }: Estate, vpcId: string | undefined): Option[] =>
  groups.filter((group) => group.vpcId === vpcId).map(({ id, groupName }) => [id, `${groupName} (${id})`])

/** What a route of a VPC may lead to. */
export const targetChoices = ({ gateways, peerings, instances }: Estate, vpcId: string): Option[] => [
  ...gateways
    .filter((gateway) => gateway.vpcId === vpcId)
    .map((gateway): Option => [gateway.id, `${gateway.kind}: ${labelOf(gateway)}`]),
  ...peerings
    .filter(({ requester, accepter }) => [requester.vpcId, accepter.vpcId].includes(vpcId))
    .map((peering): Option => [peering.id, `peering connection: ${labelOf(peering)} (${peering.status})`]),
  ...instances
    .filter((instance) => instance.vpcId === vpcId)
    .map((instance): Option => [instance.id, `instance: ${labelOf(instance)}`]),
]
