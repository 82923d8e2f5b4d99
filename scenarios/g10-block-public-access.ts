/** G10: VPC Block Public Access stops what passes an internet gateway, and nothing else; exclusions lift it. */
import { ip } from '../src/ip/address.ts'
import type { Instance, NatGateway, Subnet } from './builder.ts'
import { type End, INTERNET_HOST, ping, scenario, type Stage, tcp } from './scenario.ts'

const INSTANCE_CONNECT = ip('18.206.107.26')
const CODE = 'VPC_BLOCK_PUBLIC_ACCESS_ENABLED'

/** As in the user guide's example: two public subnets, the second with a NAT gateway, and a private one. */
interface Place {
  readonly a: Subnet
  readonly b: Subnet
  readonly one: Instance
  readonly two: Instance
  readonly hidden: Instance
  readonly nat: NatGateway
  /** In a VPC that is peered. */
  readonly peer: Instance
}

export default scenario(
  'G10',
  'Block Public Access stops what passes an internet gateway, and nothing else; exclusions lift it',
  async (s) => {
    const place = await places(s)
    await open(s, place)
    mode(s, 'block-bidirectional')
    await bidirectional(s, place)
    mode(s, 'block-ingress')
    await ingressOnly(s, place)
    const exclusion = exclude(s, place.a, 'allow-bidirectional')
    await excluded(s, place)
    s.bench.call('ModifyVpcBlockPublicAccessExclusion', {
      ExclusionId: exclusion,
      InternetGatewayExclusionMode: 'allow-egress',
    })
    await ingressOnly(s, place)
    mode(s, 'block-bidirectional')
    await bidirectional(s, place)
    exclude(s, place.b, 'allow-egress')
    await ingressOnly(s, place)
    await flowUnderWay(s, place)
    mode(s, 'off')
    await open(s, place)
  },
)

async function places(s: Stage): Promise<Place> {
  const vpc = s.vpc('10.1.0.0/16', { gateway: true })
  const [a, b] = [s.subnet(vpc, '10.1.0.0/20', { table: true }), s.subnet(vpc, '10.1.16.0/20', { table: true })]
  const inside = s.subnet(vpc, '10.1.32.0/20', { table: true })
  const groups = [s.group(vpc, ['all 0.0.0.0/0'])]
  const nat = s.natGateway(b)
  s.bench.call('DeleteRoute', { RouteTableId: inside.table, DestinationCidrBlock: '0.0.0.0/0' })
  s.route(inside.table, '0.0.0.0/0', nat.id)
  const other = s.vpc('10.2.0.0/16')
  const peering = s.peer(vpc, other)
  const far = s.subnet(other, '10.2.0.0/20')
  s.route(far.table, '10.1.0.0/16', peering)
  s.route(a.table, '10.2.0.0/16', peering)
  return {
    a,
    b,
    one: await s.instance(a, { groups, elasticIp: true }),
    two: await s.instance(b, { groups, elasticIp: true }),
    hidden: await s.instance(inside, { groups }),
    nat,
    peer: await s.instance(far, { groups: [s.group(other, ['all 0.0.0.0/0'])] }),
  }
}

function mode(s: Stage, InternetGatewayBlockMode: 'off' | 'block-bidirectional' | 'block-ingress'): void {
  s.bench.call('ModifyVpcBlockPublicAccessOptions', { InternetGatewayBlockMode })
}

function exclude(
  s: Stage,
  { id }: Subnet,
  InternetGatewayExclusionMode: 'allow-bidirectional' | 'allow-egress',
): string {
  const made = s.bench.call('CreateVpcBlockPublicAccessExclusion', { SubnetId: id, InternetGatewayExclusionMode })
  return made.VpcBlockPublicAccessExclusion?.ExclusionId as string
}

const publicOf = ({ publicIp, ip: own }: Instance): End => publicIp ?? own

async function open(s: Stage, { one, two, hidden }: Place): Promise<void> {
  for (const traffic of [ping, tcp(80)]) {
    await s.answered(INTERNET_HOST, publicOf(one), traffic)
    await s.answered(one, INTERNET_HOST, traffic)
    await s.answered(hidden, INTERNET_HOST, traffic)
  }
  await s.answered(one, publicOf(two), ping)
  await s.answered(INSTANCE_CONNECT, publicOf(one), tcp(22))
}

/** Nothing in and nothing out for the instance and its subnet. */
async function shut(s: Stage, instance: Instance): Promise<void> {
  const because = { resource: instance.subnet.id, rule: 'block-public-access', code: CODE }
  for (const traffic of [ping, tcp(80)]) {
    await s.silent(INTERNET_HOST, publicOf(instance), traffic, because)
    await s.silent(instance, INTERNET_HOST, traffic, because)
  }
  await s.silent(INSTANCE_CONNECT, publicOf(instance), tcp(22), because)
}

/** What stays within VPCs and over peerings, it does not concern. */
async function untouched(s: Stage, { one, two, hidden, peer }: Place): Promise<void> {
  await s.answered(one, two, tcp(80))
  await s.answered(hidden, one, ping)
  await s.answered(one, peer, ping)
  await s.answered(peer, one, tcp(22))
}

async function bidirectional(s: Stage, place: Place): Promise<void> {
  const { one, two, hidden, b, nat } = place
  await shut(s, one)
  await shut(s, two)
  await s.silent(one, publicOf(two), ping, { resource: one.subnet.id, code: CODE })
  // What a NAT gateway sends is its own subnet's.
  await s.silent(hidden, INTERNET_HOST, ping, { resource: b.id, code: CODE })
  await s.silent(INTERNET_HOST, nat.publicIp ?? nat.ip, tcp(443), { resource: b.id, code: CODE })
  await untouched(s, place)
}

async function ingressOnly(s: Stage, place: Place): Promise<void> {
  const { one, two, hidden, nat } = place
  await shut(s, one)
  await shut(s, two)
  for (const traffic of [ping, tcp(80)]) await s.answered(hidden, INTERNET_HOST, traffic)
  await s.silent(INTERNET_HOST, nat.publicIp ?? nat.ip, tcp(443), { resource: nat.id, code: 'ISTHMUS_NGW_UNASKED' })
  await untouched(s, place)
}

async function excluded(s: Stage, place: Place): Promise<void> {
  const { one, two, hidden } = place
  for (const traffic of [ping, tcp(80)]) {
    await s.answered(INTERNET_HOST, publicOf(one), traffic)
    await s.answered(one, INTERNET_HOST, traffic)
  }
  await shut(s, two)
  // Each end counts where its own packets meet the gateway.
  await s.silent(one, publicOf(two), ping, { resource: two.subnet.id, code: CODE })
  await s.silent(two, publicOf(one), ping, { resource: two.subnet.id, code: CODE })
  await s.answered(hidden, publicOf(one), tcp(80))
  await untouched(s, place)
}

/** A flow that was let through before ends with its next packet. */
async function flowUnderWay(s: Stage, { one }: Place): Promise<void> {
  mode(s, 'off')
  const session = 'under-way'
  await s.answered(INTERNET_HOST, publicOf(one), tcp(80, 41_000), { session })
  mode(s, 'block-bidirectional')
  await s.silent(INTERNET_HOST, publicOf(one), tcp(80, 41_000), { resource: one.subnet.id, code: CODE }, { session })
}
