/** D26: a NAT gateway leads out where its own subnet does, and nowhere else (A1, A2, A4, A5, A6). */
import assert from 'node:assert/strict'
import { ip } from '../src/ip/address.ts'
import type { NatGateway, Subnet, Vpc } from './builder.ts'
import { INTERNET_HOST, ping, scenario, type Stage, tcp, udp } from './scenario.ts'

/** The two ends of each gateway's story: where it is, and who is led to it. */
interface Place {
  readonly vpc: Vpc
  readonly out: Subnet
  readonly inside: Subnet
}

export default scenario(
  'D26',
  'a NAT gateway leads out where its own subnet does, and nowhere else (A1, A2, A4, A5, A6)',
  async (s) => {
    const vpc = s.vpc('10.1.0.0/16', { gateway: true })
    const place = {
      vpc,
      out: s.subnet(vpc, '10.1.0.0/20', { table: true }),
      inside: s.subnet(vpc, '10.1.16.0/20', { table: true }),
    }
    s.bench.call('DeleteRoute', { RouteTableId: place.inside.table, DestinationCidrBlock: '0.0.0.0/0' })
    const nat = s.natGateway(place.out)
    s.route(place.inside.table, '0.0.0.0/0', nat.id)
    await leadsOut(s, place, nat)
    await serves(s, place, nat)
    await leadsNowhere(s, place)
    await fails(s)
    await ends(s, place, nat)
  },
)

async function leadsOut(s: Stage, { inside, out }: Place, nat: NatGateway): Promise<void> {
  const one = await s.instance(inside)
  for (const traffic of [ping, tcp(80), udp(53), udp(123, 123)]) await s.answered(one, INTERNET_HOST, traffic)
  const unasked = { resource: nat.id, code: 'ISTHMUS_NGW_UNASKED' }
  await s.silent(one, nat.ip, ping, unasked)
  await s.silent(INTERNET_HOST, nat.publicIp ?? nat.ip, tcp(443), unasked)
  // What answers sees the gateway's address and no other.
  const group = s.group(out.vpc, [`tcp 80 ${nat.publicIp}/32`])
  const web = await s.instance(out, { groups: [group], elasticIp: true })
  await s.answered(one, web.publicIp ?? web.ip, tcp(80))
}

async function serves(s: Stage, { inside }: Place, nat: NatGateway): Promise<void> {
  const spoofing = await s.instance(inside, { sourceDestCheck: false })
  const foreign = { resource: nat.id, code: 'NGW_REQUIRES_SOURCE_IN_VPC' }
  await s.silent(spoofing, INTERNET_HOST, ping, foreign, { source: ip('172.16.5.5') })
  const esp = { protocol: 50 }
  await s.silent(spoofing, INTERNET_HOST, esp, { resource: nat.id, code: 'ISTHMUS_NGW_PROTOCOL' })
}

/** No way out of its own subnet, a way back to itself, no public address, and each other. */
async function leadsNowhere(s: Stage, { vpc }: Place): Promise<void> {
  const lead = async (block: number, options?: { private?: boolean }) => {
    const out = s.subnet(vpc, `10.1.${block}.0/24`, { table: true })
    const inside = s.subnet(vpc, `10.1.${block + 1}.0/24`, { table: true })
    const one = await s.instance(inside)
    const nat = s.natGateway(out, options)
    turn(s, inside.table, nat.id)
    return { out, nat, one }
  }
  const [closed, private_] = [await lead(64), await lead(66, { private: true })]
  await s.silent(private_.one, INTERNET_HOST, ping, {
    resource: vpc.gateway ?? '',
    code: 'IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS',
  })
  turn(s, closed.out.table, closed.nat.id)
  await s.silent(closed.one, INTERNET_HOST, ping, { resource: closed.nat.id, rule: 'loop', code: 'ISTHMUS_NGW_LOOP' })
  turn(s, closed.out.table, private_.nat.id)
  turn(s, private_.out.table, closed.nat.id)
  await s.silent(closed.one, INTERNET_HOST, ping, { resource: vpc.id, rule: 'nat-loop', code: 'ISTHMUS_NGW_LOOP' })
  turn(s, closed.out.table)
  await s.silent(closed.one, INTERNET_HOST, ping, { resource: closed.out.table, code: 'NO_ROUTE_TO_DESTINATION' })
}

/** Makes a table's default route lead somewhere else, or nowhere. */
function turn(s: Stage, table: string, target?: string): void {
  if (s.routeState(table, '0.0.0.0/0'))
    s.bench.call('DeleteRoute', { RouteTableId: table, DestinationCidrBlock: '0.0.0.0/0' })
  if (target) s.route(table, '0.0.0.0/0', target)
}

async function fails(s: Stage): Promise<void> {
  const vpc = s.vpc('10.2.0.0/16')
  const { AllocationId } = s.bench.call('AllocateAddress', { Domain: 'vpc' })
  const SubnetId = s.subnet(vpc, '10.2.0.0/20').id
  const made = s.bench.call('CreateNatGateway', { SubnetId, AllocationId }).NatGateway
  s.bench.clock.now += 1000
  const [seen] = s.bench.call('DescribeNatGateways', { NatGatewayIds: [made?.NatGatewayId ?? ''] }).NatGateways ?? []
  assert.deepEqual([seen?.State, seen?.FailureCode], ['failed', 'Gateway.NotAttached'])
  assert.deepEqual(seen?.FailureMessage, `Network ${vpc.id} has no Internet gateway attached`)
}

async function ends(s: Stage, { inside }: Place, nat: NatGateway): Promise<void> {
  const one = await s.instance(inside)
  await s.answered(one, INTERNET_HOST, ping)
  s.bench.call('DeleteNatGateway', { NatGatewayId: nat.id })
  await s.silent(one, INTERNET_HOST, ping, { resource: inside.table, rule: '0.0.0.0/0', code: 'BAD_STATE_ROUTE' })
  assert.deepEqual(s.routeState(inside.table, '0.0.0.0/0'), 'blackhole')
  const { Addresses = [] } = s.bench.call('DescribeAddresses', { PublicIps: [nat.publicIp ?? ''] })
  assert.deepEqual(
    Addresses.map((a) => a.AssociationId),
    [undefined],
  )
}
