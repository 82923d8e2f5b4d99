/** Deletes a VPC with all that hangs on it, in the order in which AWS lets things go. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Ec2 } from '../client/ec2-client.ts'
import { carryOut, type PlannedCall, planned } from './planned-call.ts'
import type { VpcContents } from './vpc-contents.ts'

/** What goes, as a person knows it; the VPC itself is not in it. */
export function listContents(contents: VpcContents): string[] {
  const { instances, natGateways, addresses, peerings, interfaces, gateways, subnets } = contents
  const { routeTables, groups, networkAcls } = contents
  const inside = [instances, natGateways, addresses, peerings, interfaces, gateways, subnets]
  return [...inside, routeTables, groups, networkAcls].flatMap((some) => some.map(({ what }) => what))
}

/** What can be called at once, and what only when the instances and NAT gateways are gone. */
export function deletionOf(contents: VpcContents): { first: readonly PlannedCall[]; rest: readonly PlannedCall[] } {
  const { vpcId, instances, natGateways, addresses, peerings, interfaces, gateways, subnets } = contents
  const ids = instances.map(({ id }) => id)
  return {
    first: [
      ...(ids.length > 0 ? [planned(`Terminate ${ids.join(', ')}`, 'TerminateInstances', { InstanceIds: ids })] : []),
      ...natGateways.map(({ id, what }) => planned(`Delete ${what}`, 'DeleteNatGateway', { NatGatewayId: id })),
    ],
    rest: [
      ...peerings.map(({ id, what }) =>
        planned(`Delete ${what}`, 'DeleteVpcPeeringConnection', { VpcPeeringConnectionId: id }),
      ),
      ...addresses.map(({ id, what }) => planned(`Release ${what}`, 'ReleaseAddress', { AllocationId: id })),
      ...interfaces.map(({ id, what }) =>
        planned(`Delete ${what}`, 'DeleteNetworkInterface', { NetworkInterfaceId: id }),
      ),
      ...gateways.flatMap(({ id, what }) => [
        planned(`Detach ${what}`, 'DetachInternetGateway', { InternetGatewayId: id, VpcId: vpcId }),
        planned(`Delete ${what}`, 'DeleteInternetGateway', { InternetGatewayId: id }),
      ]),
      ...subnets.map(({ id, what }) => planned(`Delete ${what}`, 'DeleteSubnet', { SubnetId: id })),
      ...tableCalls(contents),
      ...filterCalls(contents),
      planned(`Delete VPC ${vpcId}`, 'DeleteVpc', { VpcId: vpcId }),
    ],
  }
}

// A subnet's associations go with it, so tables come after subnets and have none left.
const tableCalls = ({ routeTables }: VpcContents): PlannedCall[] =>
  routeTables.map(({ id, what }) => planned(`Delete ${what}`, 'DeleteRouteTable', { RouteTableId: id }))

const filterCalls = ({ references, groups, networkAcls }: VpcContents): PlannedCall[] => [
  ...references.map(({ groupId, ruleId, egress }) => {
    const input = { GroupId: groupId, SecurityGroupRuleIds: [ruleId] }
    return egress
      ? planned(`Revoke ${ruleId}`, 'RevokeSecurityGroupEgress', input)
      : planned(`Revoke ${ruleId}`, 'RevokeSecurityGroupIngress', input)
  }),
  ...groups.map(({ id, what }) => planned(`Delete ${what}`, 'DeleteSecurityGroup', { GroupId: id })),
  ...networkAcls.map(({ id, what }) => planned(`Delete ${what}`, 'DeleteNetworkAcl', { NetworkAclId: id })),
]

/** Deletes it all; `before` is told each step. Errors: Ec2CallError; what was deleted until then is gone. */
export async function deleteVpc(
  client: Ec2,
  contents: VpcContents,
  before: (step: string) => void = () => {},
): Promise<void> {
  const { first, rest } = deletionOf(contents)
  const tell = ({ step }: PlannedCall) => before(step)
  await carryOut(client, first, tell)
  if (contents.instances.length > 0)
    await terminated(
      client,
      contents.instances.map(({ id }) => id),
    )
  for (const { id } of contents.natGateways) await natGatewayDeleted(client, id)
  await carryOut(client, rest, tell)
}

async function natGatewayDeleted(client: Ec2, id: string): Promise<void> {
  for (;;) {
    const { NatGateways = [] } = await client.call('DescribeNatGateways', { NatGatewayIds: [id] })
    if (NatGateways.every(({ State }) => State === 'deleted')) return
    await sleep(200)
  }
}

/** Resolves once all of them are terminated. */
export async function terminated(client: Ec2, instanceIds: readonly string[]): Promise<void> {
  for (;;) {
    const { Reservations = [] } = await client.call('DescribeInstances', { InstanceIds: [...instanceIds] })
    const instances = Reservations.flatMap(({ Instances = [] }) => Instances)
    if (instances.every(({ State }) => State?.Name === 'terminated')) return
    await sleep(200)
  }
}
