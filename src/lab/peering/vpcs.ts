/** Step 1: two VPCs, made with "VPC and more". */
import { firstZones } from '../../cli/create.ts'
import { drawMap } from '../../cli/draw-map.ts'
import { type Inventory, inventory } from '../../cli/inventory.ts'
import { carryOut } from '../../wizard/planned-call.ts'
import { defaults, vpcAndMore } from '../../wizard/vpc-and-more.ts'
import { expect } from '../narrator.ts'
import { errorText, refused, type Stage } from '../stage.ts'

/** One of the lab's two VPCs and what of it the lab needs. */
export interface Side {
  readonly name: string
  readonly cidr: string
  readonly subnetCidr: string
  readonly vpcId: string
  readonly subnetId: string
  /** The route table of its public subnet. */
  readonly tableId: string
  /** Its default security group. */
  readonly groupId: string
}
export type Sides = readonly [one: Side, two: Side]

const plans = [
  { name: 'NextWork-1', cidr: '10.1.0.0/16', subnetCidr: '10.1.0.0/20' },
  { name: 'NextWork-2', cidr: '10.2.0.0/16', subnetCidr: '10.2.0.0/20' },
] as const

export async function buildVpcs(stage: Stage): Promise<Sides> {
  const { narrator } = stage
  narrator.step('1', 'Two VPCs')
  narrator.say(
    'A VPC is a network of one\'s own. We make two with the wizard "VPC and more": one availability zone, ' +
      'one public subnet, nothing else. Their blocks must not overlap, or they could never be connected.',
  )
  const one = await build(stage, plans[0])
  const two = await build(stage, plans[1])
  const seen = ofOurs(await inventory(stage.client), [one.vpcId, two.vpcId])
  await narrator.check('A1', async () => {
    for (const side of [one, two]) await exactParts(stage, seen, side)
    return 'subnet, route tables, gateway, default group and default network ACL of each, and no more'
  })
  narrator.say('This is what we have now. The second route table of each VPC is its main one, which came by itself:')
  const drawing = drawMap(seen, { all: true })
  narrator.show(drawing)
  await narrator.check('A2', () => mapShows(drawing, [one, two]))
  await narrator.check('A3', () => sizesAreChecked(stage))
  return [one, two]
}

async function build({ client, narrator, remember }: Stage, plan: (typeof plans)[number]): Promise<Side> {
  const { name, cidr } = plan
  narrator.show(`$ isthmus create vpc ${name} ${cidr}`)
  const zones = await firstZones(client, 1)
  const calls = vpcAndMore({ ...defaults, name, cidr, zones, publicSubnets: 1, privateSubnets: 0 })
  const made = await carryOut(client, calls, ({ step }) => narrator.show(step))
  const id = (part: string) => made.get(part) ?? ''
  const vpcId = id('vpc')
  remember(vpcId)
  const filters = [
    { Name: 'vpc-id', Values: [vpcId] },
    { Name: 'group-name', Values: ['default'] },
  ]
  const { SecurityGroups: [group] = [] } = await client.call('DescribeSecurityGroups', { Filters: filters })
  const subnetId = id(`subnet-public1-${zones[0]}`)
  return { ...plan, vpcId, subnetId, tableId: id('rtb-public'), groupId: group?.GroupId ?? '' }
}

/** The inventory without what the lab has not made. */
export function ofOurs(all: Inventory, vpcIds: readonly string[]): Inventory {
  const ours = ({ vpcId }: { readonly vpcId: string }) => vpcIds.includes(vpcId)
  return {
    region: all.region,
    vpcs: all.vpcs.filter(({ id }) => vpcIds.includes(id)),
    subnets: all.subnets.filter(ours),
    routeTables: all.routeTables.filter(ours),
    gateways: all.gateways.filter(ours),
    instances: all.instances.filter(ours),
    peerings: all.peerings.filter(({ requester, accepter }) => vpcIds.includes(requester) || vpcIds.includes(accepter)),
  }
}

/** Throws NotSeen where a part is missing, called otherwise or one too many. */
async function exactParts({ client }: Stage, seen: Inventory, { vpcId, name, cidr, subnetCidr }: Side): Promise<void> {
  const ofVpc = <T extends { vpcId: string }>(things: readonly T[]) => things.filter((thing) => thing.vpcId === vpcId)
  const zone = ofVpc(seen.subnets)[0]?.zone
  const { SecurityGroups = [] } = await client.call('DescribeSecurityGroups', inVpc(vpcId))
  const { NetworkAcls = [] } = await client.call('DescribeNetworkAcls', inVpc(vpcId))
  const found = [
    ...seen.vpcs.filter(({ id }) => id === vpcId).map((vpc) => `${vpc.name} ${vpc.cidrs.join()}`),
    ...ofVpc(seen.subnets).map((subnet) => `${subnet.name} ${subnet.cidr}`),
    ...ofVpc(seen.routeTables)
      .map((table) => (table.main ? `main ${table.name}` : table.name))
      .sort(),
    ...ofVpc(seen.gateways).map((gateway) => gateway.name),
    ...SecurityGroups.map(({ GroupName }) => `group ${GroupName}`),
    ...NetworkAcls.map(({ IsDefault }) => `ACL ${IsDefault}`),
  ]
  const wanted = [
    `${name}-vpc ${cidr}`,
    `${name}-subnet-public1-${zone} ${subnetCidr}`,
    `${name}-rtb-public`,
    'main ',
    `${name}-igw`,
    'group default',
    'ACL true',
  ]
  expect(found.toSorted().join() === wanted.toSorted().join(), `found ${found.join('; ')}`)
}

const inVpc = (vpcId: string) => ({ Filters: [{ Name: 'vpc-id', Values: [vpcId] }] })

function mapShows(drawing: string, sides: readonly Side[]): string {
  for (const { name, cidr, subnetId, tableId } of sides) {
    for (const part of [`${name}-vpc`, cidr, subnetId, tableId, `${name}-igw`]) {
      expect(drawing.includes(part), `the map lacks ${part}`)
    }
  }
  return 'VPCs, subnets, route tables and gateways with names and ids'
}

/** /15 and /29 are refused, /28 is taken. */
async function sizesAreChecked({ client, narrator, remember }: Stage): Promise<string> {
  for (const cidr of ['10.8.0.0/15', '10.8.0.0/29']) {
    const error = await refused(/Range$/, () => client.call('CreateVpc', { CidrBlock: cidr }))
    narrator.show(`A VPC of ${cidr}?  ${errorText(error)}`)
  }
  const { Vpc } = await client.call('CreateVpc', { CidrBlock: '10.8.0.0/28' })
  const vpcId = Vpc?.VpcId ?? ''
  remember(vpcId)
  await client.call('DeleteVpc', { VpcId: vpcId })
  return '/15 and /29 refused, /28 taken (and deleted again)'
}
