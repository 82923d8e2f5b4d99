/** Steps 2 and 3: the peering connection, and a route on each side. */
import { expect } from '../narrator.ts'
import { errorText, refused, type Stage } from '../stage.ts'
import type { Side, Sides } from './vpcs.ts'

/** Requests and accepts the peering; resolves to its id. */
export async function peer(stage: Stage, [one, two]: Sides): Promise<string> {
  const { client, narrator } = stage
  narrator.step('2', 'A peering connection')
  narrator.say("VPC 1 asks, VPC 2 accepts. Until then the request shows nothing of the other side's addresses.")
  const { VpcPeeringConnection: asked } = await client.call('CreateVpcPeeringConnection', {
    VpcId: one.vpcId,
    PeerVpcId: two.vpcId,
    TagSpecifications: [{ ResourceType: 'vpc-peering-connection', Tags: [{ Key: 'Name', Value: 'VPC 1 <> VPC 2' }] }],
  })
  const id = asked?.VpcPeeringConnectionId ?? ''
  await narrator.check('A4', async () => {
    const pending = await shown(stage, id)
    narrator.show(`${id}  ${pending.Status?.Code}  expires ${pending.ExpirationTime?.toISOString()}`)
    expect(pending.Status?.Code === 'pending-acceptance', `it is ${pending.Status?.Code}`)
    const { CidrBlock, CidrBlockSet = [] } = pending.AccepterVpcInfo ?? {}
    expect(!CidrBlock && CidrBlockSet.length === 0, `the accepter's block is shown: ${CidrBlock}`)
    await client.call('AcceptVpcPeeringConnection', { VpcPeeringConnectionId: id })
    const accepted = await shown(stage, id)
    narrator.show(`${id}  ${accepted.Status?.Code}`)
    expect(accepted.Status?.Code === 'active', `after accepting it is ${accepted.Status?.Code}`)
    expect(accepted.AccepterVpcInfo?.CidrBlock === two.cidr, "the accepter's block is not shown")
    return 'pending-acceptance, then active'
  })
  await narrator.check('A5', () => overlapFails(stage, one))
  return id
}

async function shown({ client }: Stage, id: string) {
  const input = { VpcPeeringConnectionIds: [id] }
  const { VpcPeeringConnections: [peering] = [] } = await client.call('DescribeVpcPeeringConnections', input)
  expect(peering !== undefined, `${id} is not there`)
  return peering
}

/** A third VPC with the same block as VPC 1, for the time of a request. */
async function overlapFails(stage: Stage, one: Side): Promise<string> {
  const { client, narrator, remember } = stage
  narrator.say('And if the blocks overlapped? We try it with a third VPC that has the same block as VPC 1.')
  const { Vpc } = await client.call('CreateVpc', { CidrBlock: one.cidr })
  const vpcId = Vpc?.VpcId ?? ''
  remember(vpcId)
  const { VpcPeeringConnection: asked } = await client.call('CreateVpcPeeringConnection', {
    VpcId: one.vpcId,
    PeerVpcId: vpcId,
  })
  const { Status } = await shown(stage, asked?.VpcPeeringConnectionId ?? '')
  narrator.show(`${Status?.Code}: ${Status?.Message}`)
  await client.call('DeleteVpc', { VpcId: vpcId })
  expect(Status?.Code === 'failed', `it is ${Status?.Code}`)
  return `failed: ${Status?.Message}`
}

/** AWS's words (PG26; the lab's step 3). */
const refusal = (cidr: string): string =>
  `The destination CIDR block ${cidr} is equal to or more specific than one of this VPC's CIDR blocks. ` +
  'This route can target only an interface or an instance.'

export async function addRoutes(stage: Stage, [one, two]: Sides, peeringId: string): Promise<void> {
  const { client, narrator } = stage
  narrator.step('3', 'Routes')
  narrator.say(
    'A peering connection carries nothing until a route on each side sends packets to it. ' +
      "The first mistake is made easily: VPC 1's own block as the destination.",
  )
  await narrator.check('A6', async () => {
    const error = await refused('InvalidParameterValue', () => addRoute(stage, one, one.cidr, peeringId))
    narrator.show(errorText(error))
    expect(error.message === refusal(one.cidr), `the words differ: ${error.message}`)
    return error.message
  })
  narrator.say("The destination is the other side's block, and the other side needs the way back:")
  await addRoute(stage, one, two.cidr, peeringId)
  await addRoute(stage, two, one.cidr, peeringId)
  await stage.inForce()
  for (const side of [one, two]) {
    const { RouteTables: [table] = [] } = await client.call('DescribeRouteTables', { RouteTableIds: [side.tableId] })
    narrator.show(`${side.name}-rtb-public`)
    for (const { DestinationCidrBlock: to = '', GatewayId, VpcPeeringConnectionId, State } of table?.Routes ?? []) {
      narrator.show(`  ${to.padEnd(14)} ${(GatewayId ?? VpcPeeringConnectionId ?? '').padEnd(24)} ${State}`)
    }
  }
}

/** From a side's public subnet to `cidr` over the peering. */
export const addRoute = ({ client }: Stage, { tableId }: Side, cidr: string, peeringId: string) =>
  client.call('CreateRoute', {
    RouteTableId: tableId,
    DestinationCidrBlock: cidr,
    VpcPeeringConnectionId: peeringId,
  })

export const removeRoute = ({ client }: Stage, { tableId }: Side, cidr: string) =>
  client.call('DeleteRoute', { RouteTableId: tableId, DestinationCidrBlock: cidr })
