/** Deletes a VPC with all that hangs on it, in the order in which AWS lets things go. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Ec2 } from '../client/ec2-client.ts'
import { carryOut, type PlannedCall, planned } from './planned-call.ts'
import type { VpcContents } from './vpc-contents.ts'

/** What goes, as a person knows it; the VPC itself is not in it. */
export function listContents(contents: VpcContents): string[] {
  const { instances, natGateways, endpoints, addresses, peerings, interfaces, gateways, egressOnlyGateways } = contents
  const { subnets, routeTables, groups, networkAcls } = contents
  const inside = [instances, natGateways, endpoints, addresses, peerings, interfaces, gateways, egressOnlyGateways]
  return [...inside, subnets, routeTables, groups, networkAcls].flatMap((some) => some.map(({ what }) => what))
}

/** What can be called at once, and what only when the instances and services are gone, and interfaces are detached. */
export function deletionOf(contents: VpcContents): { first: readonly PlannedCall[]; rest: readonly PlannedCall[] } {
  const { vpcId, instances, natGateways, endpoints, addresses, peerings, interfaces, subnets } = contents
  const ids = instances.map(({ id }) => id)
  return {
    first: [
      ...(ids.length > 0 ? [planned(`Terminate ${ids.join(', ')}`, 'TerminateInstances', { InstanceIds: ids })] : []),
      ...natGateways.map(({ id, what }) => planned(`Delete ${what}`, 'DeleteNatGateway', { NatGatewayId: id })),
      ...endpoints.flatMap(({ id, what, isGoing }) =>
        isGoing ? [] : planned(`Delete ${what}`, 'DeleteInstanceConnectEndpoint', { InstanceConnectEndpointId: id }),
      ),
      ...interfaces.flatMap(({ what, attachmentId }) =>
        attachmentId ? planned(`Detach ${what}`, 'DetachNetworkInterface', { AttachmentId: attachmentId }) : [],
      ),
    ],
    rest: [
      ...peerings.map(({ id, what }) =>
        planned(`Delete ${what}`, 'DeleteVpcPeeringConnection', { VpcPeeringConnectionId: id }),
      ),
      ...addresses.map(({ id, what }) => planned(`Release ${what}`, 'ReleaseAddress', { AllocationId: id })),
      ...interfaces.map(({ id, what }) =>
        planned(`Delete ${what}`, 'DeleteNetworkInterface', { NetworkInterfaceId: id }),
      ),
      ...gatewayCalls(contents),
      ...subnets.map(({ id, what }) => planned(`Delete ${what}`, 'DeleteSubnet', { SubnetId: id })),
      ...tableCalls(contents),
      ...filterCalls(contents),
      planned(`Delete VPC ${vpcId}`, 'DeleteVpc', { VpcId: vpcId }),
    ],
  }
}

const gatewayCalls = ({ vpcId, gateways, egressOnlyGateways }: VpcContents): PlannedCall[] => [
  ...gateways.flatMap(({ id, what }) => [
    planned(`Detach ${what}`, 'DetachInternetGateway', { InternetGatewayId: id, VpcId: vpcId }),
    planned(`Delete ${what}`, 'DeleteInternetGateway', { InternetGatewayId: id }),
  ]),
  ...egressOnlyGateways.map(({ id, what }) =>
    planned(`Delete ${what}`, 'DeleteEgressOnlyInternetGateway', { EgressOnlyInternetGatewayId: id }),
  ),
]

// A subnet's associations go with it, so tables come after subnets and have none left.
const tableCalls = ({ routeTables }: VpcContents): PlannedCall[] =>
  routeTables.map(({ id, what }) => planned(`Delete ${what}`, 'DeleteRouteTable', { RouteTableId: id }))

const filterCalls = ({ references, sharedGroups, groups, networkAcls }: VpcContents): PlannedCall[] => [
  ...sharedGroups.map(({ groupId, vpcId }) =>
    planned(`Take ${groupId} from ${vpcId}`, 'DisassociateSecurityGroupVpc', { GroupId: groupId, VpcId: vpcId }),
  ),
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
  for (const { id } of contents.endpoints) await endpointPast(client, id, ['create-in-progress', 'update-in-progress'])
  await carryOut(client, first, tell)
  if (contents.instances.length > 0)
    await terminated(
      client,
      contents.instances.map(({ id }) => id),
    )
  for (const { id } of contents.natGateways) await natGatewayDeleted(client, id)
  for (const { id } of contents.endpoints) await endpointPast(client, id, ['delete-in-progress'])
  for (const { id, attachmentId } of contents.interfaces) if (attachmentId) await detached(client, id)
  await carryOut(client, rest, tell)
}

async function natGatewayDeleted(client: Ec2, id: string): Promise<void> {
  for (;;) {
    const { NatGateways = [] } = await client.call('DescribeNatGateways', { NatGatewayIds: [id] })
    if (NatGateways.every(({ State }) => State === 'deleted')) return
    await sleep(200)
  }
}

/** Resolves once the endpoint is in none of these states, or gone: while it changes it refuses to be deleted. */
async function endpointPast(client: Ec2, id: string, states: readonly string[]): Promise<void> {
  const Filters = [{ Name: 'instance-connect-endpoint-id', Values: [id] }]
  for (;;) {
    const { InstanceConnectEndpoints = [] } = await client.call('DescribeInstanceConnectEndpoints', { Filters })
    if (!InstanceConnectEndpoints.some(({ State }) => State !== undefined && states.includes(State))) return
    await sleep(200)
  }
}

async function detached(client: Ec2, id: string): Promise<void> {
  for (;;) {
    const { NetworkInterfaces = [] } = await client.call('DescribeNetworkInterfaces', { NetworkInterfaceIds: [id] })
    if (NetworkInterfaces.every(({ Status }) => Status === 'available')) return
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
