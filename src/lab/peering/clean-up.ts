/** Step 8: everything goes, and it is looked whether it has. */
import { setTimeout as sleep } from 'node:timers/promises'
import { deleteVpc, terminated } from '../../wizard/delete-vpc.ts'
import { vpcContents } from '../../wizard/vpc-contents.ts'
import { labPing } from '../lab-ping.ts'
import { type Footprint, footprint, remaining } from '../leftovers.ts'
import { expect } from '../narrator.ts'
import { errorText, refused, type Stage } from '../stage.ts'
import type { Machines } from './instances.ts'
import type { ElasticIp } from './login.ts'
import type { Sides } from './vpcs.ts'

export interface Built {
  readonly sides: Sides
  readonly peeringId: string
  readonly machines: Machines
  readonly elasticIp: ElasticIp
}

export async function cleanUp(stage: Stage, { sides, peeringId, machines, elasticIp }: Built): Promise<void> {
  const { client, narrator, engine } = stage
  narrator.step('8', 'Clean up')
  const before = engine === 'linux' ? await inUse(stage, sides, machines) : undefined
  narrator.say('What is in use does not let itself be deleted:')
  await narrator.check('A18', async () => {
    for (const { vpcId, name } of sides) {
      const error = await refused('DependencyViolation', () => client.call('DeleteVpc', { VpcId: vpcId }))
      narrator.show(`Delete ${name}-vpc?  ${errorText(error)}`)
    }
    return 'DependencyViolation for both'
  })
  narrator.say('So in order. First the peering; its routes stay, and lead nowhere:')
  await narrator.check('A17', () => routesAreBlackholes(stage, sides, peeringId))
  const ids = machines.map(({ id }) => id)
  narrator.say('Then the instances, the Elastic IP, and the VPCs with what is left in them.')
  await client.call('TerminateInstances', { InstanceIds: ids })
  await terminated(client, ids)
  await client.call('ReleaseAddress', { AllocationId: elasticIp.allocationId })
  for (const { vpcId } of sides) {
    await deleteVpc(client, await vpcContents(client, vpcId), (step) => narrator.show(step))
  }
  await stage.inForce()
  await narrator.check('A19', () => nothingIsLeft(stage, { sides, peeringId, machines, elasticIp }, before))
}

/** What the lab has on the machine, with a process left running that has to go with its instance. */
async function inUse(stage: Stage, [one]: Sides, [machine, other]: Machines): Promise<Footprint> {
  stage.narrator.say('One more ping is left running in instance 1: it has to go with it.')
  await labPing(stage, machine.id, other.privateIp)
  for (let look = 0; look < 50; look++) {
    const found = footprint(one.vpcId, stage.publicPool, stage.server)
    if (found.processes.length > 0) return found
    await sleep(100)
  }
  throw new Error('the ping in instance 1 was not found among the processes of its namespace')
}

async function routesAreBlackholes({ client, narrator }: Stage, sides: Sides, peeringId: string): Promise<string> {
  await client.call('DeleteVpcPeeringConnection', { VpcPeeringConnectionId: peeringId })
  const { RouteTables = [] } = await client.call('DescribeRouteTables', {
    RouteTableIds: sides.map(({ tableId }) => tableId),
  })
  const routes = RouteTables.flatMap(({ Routes = [] }) => Routes).filter(
    ({ VpcPeeringConnectionId }) => VpcPeeringConnectionId === peeringId,
  )
  for (const { DestinationCidrBlock, State } of routes) narrator.show(`${DestinationCidrBlock}  ${peeringId}  ${State}`)
  const states = routes.map(({ State }) => State)
  expect(states.join() === 'blackhole,blackhole', `the routes are ${states.join(' and ') || 'gone'}`)
  return 'both are blackhole'
}

async function nothingIsLeft(stage: Stage, built: Built, before: Footprint | undefined): Promise<string> {
  const { narrator } = stage
  const left = await resourcesLeft(stage, built)
  narrator.show(`Resources: ${left.length === 0 ? 'none left' : left.join(', ')}`)
  expect(left.length === 0, `still there: ${left.join(', ')}`)
  if (!before) {
    await stage.down?.()
    return 'no resource is left; the simulator has nothing on the machine'
  }
  const { namespaces, links, processes } = before
  const counts = `namespaces ${namespaces.length}, links to them ${links.length}, processes in them ${processes.length}`
  narrator.show(`The lab had on this machine: ${counts}`)
  expect(namespaces.length >= 4, 'the VPCs and instances were not found as namespaces')
  if (stage.down) return goneAfterDown(stage, before)
  const own = [...built.sides.map(({ vpcId }) => vpcId), ...built.machines.map(({ id }) => id)]
  const ours = { ...before, links: [], namespaces: namespaces.filter((name) => own.some((id) => name.endsWith(id))) }
  return gone(stage, { ...ours, processes: [], holders: [] }, "the lab's namespaces are gone; the server goes on")
}

async function goneAfterDown(stage: Stage, before: Footprint): Promise<string> {
  stage.narrator.show('$ isthmus down')
  await stage.down?.()
  return gone(stage, before, 'no resource, namespace, link or process is left')
}

async function gone({ narrator }: Stage, before: Footprint, seen: string): Promise<string> {
  for (let look = 0; look < 50 && remaining(before).length > 0; look++) await sleep(100)
  const left = remaining(before)
  narrator.show(`Namespaces, links, processes: ${left.length === 0 ? 'none left' : left.join(', ')}`)
  expect(left.length === 0, `still there: ${left.join(', ')}`)
  return seen
}

/** What of the lab the API still shows as alive. */
async function resourcesLeft(stage: Stage, { sides, peeringId, machines, elasticIp }: Built): Promise<string[]> {
  const { client } = stage
  const inOurs = { Filters: [{ Name: 'vpc-id', Values: sides.map(({ vpcId }) => vpcId) }] }
  const [vpcs, subnets, tables, groups, acls, interfaces, addresses, peerings, instances] = await Promise.all([
    client.call('DescribeVpcs', inOurs),
    client.call('DescribeSubnets', inOurs),
    client.call('DescribeRouteTables', inOurs),
    client.call('DescribeSecurityGroups', inOurs),
    client.call('DescribeNetworkAcls', inOurs),
    client.call('DescribeNetworkInterfaces', inOurs),
    client.call('DescribeAddresses', {}),
    client.call('DescribeVpcPeeringConnections', {}),
    client.call('DescribeInstances', {}),
  ])
  const ours = new Set(machines.map(({ id }) => id))
  return [
    ...(vpcs.Vpcs ?? []).map(({ VpcId }) => VpcId),
    ...(subnets.Subnets ?? []).map(({ SubnetId }) => SubnetId),
    ...(tables.RouteTables ?? []).map(({ RouteTableId }) => RouteTableId),
    ...(groups.SecurityGroups ?? []).map(({ GroupId }) => GroupId),
    ...(acls.NetworkAcls ?? []).map(({ NetworkAclId }) => NetworkAclId),
    ...(interfaces.NetworkInterfaces ?? []).map(({ NetworkInterfaceId }) => NetworkInterfaceId),
    ...(addresses.Addresses ?? [])
      .map(({ AllocationId }) => AllocationId)
      .filter((id) => id === elasticIp.allocationId),
    ...(peerings.VpcPeeringConnections ?? [])
      .filter(({ VpcPeeringConnectionId: id, Status }) => id === peeringId && Status?.Code !== 'deleted')
      .map(({ VpcPeeringConnectionId }) => VpcPeeringConnectionId),
    ...(instances.Reservations ?? [])
      .flatMap(({ Instances = [] }) => Instances)
      .filter(({ InstanceId = '', State }) => ours.has(InstanceId) && State?.Name !== 'terminated')
      .map(({ InstanceId }) => InstanceId),
  ].filter((id) => id !== undefined)
}
