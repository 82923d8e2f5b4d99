/**
 * A large network as records, for benchmarks: VPCs in hub-and-spoke families and some meshes, groups by team and tier,
 * Elastic IPs, ACLs, and the faults that a real account has. The same seed gives the same estate.
 */
import type { AclEntry } from '../../src/ec2/network-acl-entry.ts'
import { allowAll } from '../../src/ec2/network-acl-entry.ts'
import type { InternetGateway } from '../../src/ec2/internet-gateway.ts'
import type { NatGateway } from '../../src/ec2/nat-gateway.ts'
import type { Route } from '../../src/ec2/route.ts'
import { Records } from '../../src/ec2/state.ts'
import type { Subnet } from '../../src/ec2/subnet.ts'
import type { Vpc } from '../../src/ec2/vpc.ts'
import type { VpcPeeringConnection } from '../../src/ec2/vpc-peering-connection.ts'
import { ANYWHERE, addressAt, type Prefix, prefix } from '../../src/ip/prefix.ts'
import { type Random, random as randomOf } from '../differential/random.ts'
import { makeGroups, makeRules, type PeerGroups, type Team, type VpcGroups } from './estate-groups.ts'
import { type RecordMaker, recordMaker } from './estate-records.ts'

export interface EstateOptions {
  readonly instances: number
  readonly seed: number
}

/** One VPC while the estate is made. */
interface Site {
  readonly vpc: Vpc
  readonly instances: number
  readonly subnets: readonly Subnet[]
  readonly gateway: InternetGateway | undefined
  readonly nat: NatGateway | undefined
  readonly groups: VpcGroups
  /** Every peering it is part of, whatever its state, and the VPC at the other end. */
  readonly peers: { readonly peering: VpcPeeringConnection; readonly site: Site }[]
}

const MOST_VPCS = 250
const FAMILY = 16
/** Of the first subnet's addresses; instances come after it. */
const NAT_OFFSET = 4
const POOL = prefix('198.18.0.0/15')
/** Shares, of what a real account shows. */
const NATS = 0.6
const OWN_ACL = 0.15
const MISSING_ROUTE = 0.04
const DELETED_PEERING = 0.03
const PENDING_PEERING = 0.02
const SECOND_INTERFACE = 0.04
const ELASTIC = 0.06
const AUTO_PUBLIC = 0.2

export function estate({ instances, seed }: EstateOptions): Records {
  const random = randomOf(seed)
  const make = recordMaker()
  const sizes = vpcSizes(random, instances)
  const sites = sizes.map((size, i) => makeSite(make, random, i, size))
  makePeerings(make, random, sites)
  for (const site of sites) {
    makeTables(make, random, site)
    makeAcls(make, random, site)
    makeRules(make, random, site.groups, site.peers.map(peerGroups))
    makeInstances(make, random, site)
  }
  const records = new Records()
  records.accept(make.changes)
  return records
}

const peerGroups = ({ peering, site }: Site['peers'][number]): PeerGroups => ({ groups: site.groups, peering })

/** How many instances each VPC has: 40 to 110 in a large estate, and two VPCs at least. */
function vpcSizes(random: Random, instances: number): number[] {
  const count = Math.max(2, Math.min(MOST_VPCS, Math.round(instances / 75)))
  const weights = Array.from({ length: count }, () => 40 + random.below(71))
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  const sizes = weights.map((weight) => Math.floor((instances * weight) / total))
  const missing = instances - sizes.reduce((sum, size) => sum + size, 0)
  return sizes.map((size, i) => size + (i < missing ? 1 : 0))
}

function makeSite(make: RecordMaker, random: Random, index: number, instances: number): Site {
  const vpc = make.vpc(`vpc${index}`, prefix(`10.${index}.0.0/16`))
  const subnets = Array.from({ length: 3 + random.below(4) }, (_, i) =>
    make.subnet(`vpc${index}-${i}`, {
      vpcId: vpc.id,
      cidrBlock: prefix(`10.${index}.${i * 16}.0/20`),
      availabilityZone: `us-east-1${'abc'[i % 3]}`,
    }),
  )
  const gateway = index % 2 === 0 ? make.gateway(vpc.id) : undefined
  const [first] = subnets
  const nat = gateway && first && random.chance(NATS) ? makeNat(make, first) : undefined
  return { vpc, instances, subnets, gateway, nat, groups: makeGroups(make, vpc, instances), peers: [] }
}

/** With an interface and an Elastic IP of its own. */
function makeNat(make: RecordMaker, subnet: Subnet): NatGateway {
  const nat = make.nat(subnet)
  const eni = make.interface(subnet, {
    privateIpAddresses: [addressAt(subnet.cidrBlock, NAT_OFFSET)],
    groupIds: [],
    sourceDestCheck: false,
    requester: { interfaceType: 'nat_gateway', node: nat.id },
  })
  elasticIp(make, eni)
  return make.put('natgateway', { ...nat, networkInterfaceId: eni.id })
}

/** Families of VPCs around a hub; every fourth family begins with a mesh of five. */
function makePeerings(make: RecordMaker, random: Random, sites: readonly Site[]): void {
  for (let first = 0; first < sites.length; first += FAMILY) {
    const [hub, ...spokes] = sites.slice(first, first + FAMILY)
    if (!hub) continue
    for (const spoke of spokes) peer(make, random, spoke, hub)
    if ((first / FAMILY) % 4 !== 0) continue
    const mesh = spokes.slice(0, 4)
    for (const [i, a] of mesh.entries()) for (const b of mesh.slice(i + 1)) peer(make, random, a, b)
  }
}

function peer(make: RecordMaker, random: Random, a: Site, b: Site): void {
  const state = random.weighted([
    [1 - DELETED_PEERING - PENDING_PEERING, 'active'],
    [DELETED_PEERING, 'deleted'],
    [PENDING_PEERING, 'pending-acceptance'],
  ] as const)
  const peering = make.peering(a.vpc, b.vpc, state)
  a.peers.push({ peering, site: b })
  b.peers.push({ peering, site: a })
}

/** The first subnet is public where there is a gateway; the last has no association of its own. */
function makeTables(make: RecordMaker, random: Random, { vpc, subnets, gateway, nat, peers }: Site): void {
  const through = (): Route[] =>
    peers
      .filter(() => !random.chance(MISSING_ROUTE))
      .map(({ peering, site }) => route(blockOf(site.vpc), { type: 'vpc-peering-connection', id: peering.id }))
  const out = gateway ? [route(ANYWHERE, { type: 'internet-gateway', id: gateway.id })] : []
  const [first, ...rest] = subnets
  const associated = (some: readonly Subnet[]) =>
    some.map((s) => ({ associationId: make.id('rtbassoc'), subnetId: s.id, main: false }))
  const main = [{ associationId: make.id('rtbassoc'), main: true }]
  make.table({ vpcId: vpc.id, routes: through(), associations: main })
  make.table({ vpcId: vpc.id, routes: [...out, ...through()], associations: associated(first ? [first] : []) })
  const inOtherName = nat ? [route(ANYWHERE, { type: 'natgateway', id: nat.id })] : []
  make.table({ vpcId: vpc.id, routes: [...inOtherName, ...through()], associations: associated(rest.slice(0, -1)) })
}

const route = (destination: Prefix, target: Route['target']): Route => ({ destination, target, origin: 'CreateRoute' })
const blockOf = (vpc: Vpc): Prefix => vpc.cidrBlocks[0]?.cidrBlock ?? ANYWHERE

function makeAcls(make: RecordMaker, random: Random, { vpc, subnets }: Site): void {
  const own = subnets.filter(() => random.chance(OWN_ACL))
  const others = subnets.filter((s) => !own.includes(s))
  make.acl(
    vpc.id,
    true,
    [allowAll(true), allowAll(false)],
    others.map((s) => s.id),
  )
  for (const s of own) make.acl(vpc.id, false, aclEntries(random), [s.id])
}

/** A few denials, then what is let in; now and then the way back is forgotten. */
function aclEntries(random: Random): AclEntry[] {
  const entry = (number: number, allow: boolean, cidrBlock: string, from: number, to: number): AclEntry => ({
    number,
    egress: false,
    action: allow ? 'allow' : 'deny',
    protocol: '6',
    cidrBlock: prefix(cidrBlock),
    ports: { from, to },
  })
  const denials = Array.from({ length: random.below(8) }, (_, i) =>
    entry(10 + i, false, `192.0.2.${i * 16}/28`, 0, 65535),
  )
  return [
    ...denials,
    entry(100, true, '10.0.0.0/8', 0, 65535),
    entry(110, true, '0.0.0.0/0', 443, 443),
    ...(random.chance(0.9) ? [entry(120, true, '0.0.0.0/0', 1024, 65535)] : []),
    { number: 130, egress: false, action: 'allow', protocol: '1', cidrBlock: ANYWHERE, icmp: { type: -1, code: -1 } },
    allowAll(true),
  ]
}

function makeInstances(make: RecordMaker, random: Random, site: Site): void {
  const taken = new Map<string, number>()
  const address = (s: Subnet) => {
    const offset = (taken.get(s.id) ?? NAT_OFFSET) + 1
    taken.set(s.id, offset)
    return addressAt(s.cidrBlock, offset)
  }
  for (let i = 0; i < site.instances; i++) {
    const subnet = random.pick(site.subnets)
    const state = random.weighted([
      [94, 'running'],
      [5, 'stopped'],
      [1, 'pending'],
    ] as const)
    const instance = make.instance(`${site.vpc.tags.Name}-${i}`, subnet, state)
    const team = site.groups.teams[i % site.groups.teams.length] as Team
    const count = random.chance(SECOND_INTERFACE) ? 2 : 1
    for (let deviceIndex = 0; deviceIndex < count; deviceIndex++) {
      const isPublic = deviceIndex === 0 && subnet === site.subnets[0] && site.gateway && random.chance(AUTO_PUBLIC)
      const eni = make.interface(subnet, {
        privateIpAddresses: [address(subnet)],
        groupIds: groupsOf(random, site.groups, team, i),
        sourceDestCheck: !random.chance(0.02),
        attachment: {
          attachmentId: make.id('eni-attach'),
          instanceId: instance.id,
          deviceIndex,
          deleteOnTermination: true,
          attachTime: instance.launchTime,
        },
        ...(isPublic && state !== 'stopped' && { publicIp: publicAddress(make) }),
      })
      if (deviceIndex === 0 && !isPublic && site.gateway && random.chance(ELASTIC)) elasticIp(make, eni)
    }
  }
}

const publicAddress = (make: RecordMaker) => addressAt(POOL, 16 + make.number())

const elasticIp = (make: RecordMaker, { id, privateIpAddresses }: ReturnType<RecordMaker['interface']>) =>
  make.address({
    publicIp: publicAddress(make),
    associationId: make.id('eipassoc'),
    networkInterfaceId: id,
    ...(privateIpAddresses[0] && { privateIpAddress: privateIpAddresses[0] }),
  })

/** The first of a VPC is the bastion, the second the monitor; the others belong to a tier of their team, or to two. */
function groupsOf(random: Random, { bastion, monitoring }: VpcGroups, { web, app, db }: Team, index: number): string[] {
  if (index === 0) return [bastion.id]
  if (index === 1) return [monitoring.id]
  const tier = random.weighted([
    [3, web],
    [5, app],
    [2, db],
  ])
  return random.chance(0.1) ? [...new Set([tier.id, app.id])] : [tier.id]
}
