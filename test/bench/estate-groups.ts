/** The security groups of an estate: bastion, monitoring, and three tiers for each team, with their rules. */
import type { SecurityGroup } from '../../src/ec2/security-group.ts'
import type { Vpc } from '../../src/ec2/vpc.ts'
import type { VpcPeeringConnection } from '../../src/ec2/vpc-peering-connection.ts'
import { ANYWHERE, type Prefix, prefix } from '../../src/ip/prefix.ts'
import type { Random } from '../differential/random.ts'
import type { RecordMaker } from './estate-records.ts'

/** The groups of one VPC. */
export interface VpcGroups {
  readonly vpc: Vpc
  readonly bastion: SecurityGroup
  readonly monitoring: SecurityGroup
  readonly teams: readonly Team[]
}

export interface Team {
  readonly web: SecurityGroup
  readonly app: SecurityGroup
  readonly db: SecurityGroup
}

const INSTANCES_A_TEAM = 11
/** AWS's limit for one direction of a group (S9). */
const RULES_A_GROUP = 60

export function makeGroups(make: RecordMaker, vpc: Vpc, instances: number): VpcGroups {
  make.group(vpc.id, 'default')
  const teams = Array.from({ length: Math.max(1, Math.round(instances / INSTANCES_A_TEAM)) }, (_, i) => ({
    web: make.group(vpc.id, `team${i}-web`),
    app: make.group(vpc.id, `team${i}-app`),
    db: make.group(vpc.id, `team${i}-db`),
  }))
  return { vpc, bastion: make.group(vpc.id, 'bastion'), monitoring: make.group(vpc.id, 'monitoring'), teams }
}

/** The other VPC's groups, as a rule on this side of a peering can name them. */
export interface PeerGroups {
  readonly groups: VpcGroups
  readonly peering: VpcPeeringConnection
}

/** Who may use a tier: protocol, port, and who is let in. */
type Permission = readonly [protocol: string, port: number, remote: Remote]
type Remote = Prefix | SecurityGroup | { readonly peer: PeerGroups; readonly group: SecurityGroup }

const OFFICES = Array.from({ length: 40 }, (_, i) => prefix(`198.51.${100 + (i % 4)}.${(i >> 2) * 16}/28`))

export function makeRules(make: RecordMaker, random: Random, own: VpcGroups, peers: readonly PeerGroups[]): void {
  const { bastion, monitoring, teams } = own
  const allow = (group: SecurityGroup, permissions: readonly Permission[], ports: readonly number[]) =>
    ingress(make, group, filledUp(random, permissions, ports, peers))
  for (const group of [bastion, monitoring, ...teams.flatMap((t) => [t.web, t.app, t.db])]) openEgress(make, group)
  allow(bastion, [['tcp', 22, random.pick(OFFICES)]], [22, 3389])
  allow(monitoring, [['tcp', 443, bastion]], [443, 3000, 9090])
  const watched: Permission[] = [
    ['tcp', 22, bastion],
    ['tcp', 9100, monitoring],
    ['icmp', -1, monitoring],
    ...peers.slice(0, 3).map((peer): Permission => ['tcp', 9100, { peer, group: peer.groups.monitoring }]),
  ]
  for (const { web, app, db } of teams) {
    allow(web, [...watched, ['tcp', 80, ANYWHERE], ['tcp', 443, ANYWHERE]], [80, 443, 8443])
    allow(app, [...watched, ['tcp', 8080, web]], [8080, 8443, 9000])
    allow(db, [...watched, ['tcp', 5432, app], ['tcp', 5432, db]], [5432, 3306, 6379])
  }
}

/** With CIDR rules of offices and of the VPCs around, up to a number that differs from group to group. */
function filledUp(
  random: Random,
  core: readonly Permission[],
  ports: readonly number[],
  peers: readonly PeerGroups[],
): Permission[] {
  const wanted = core.length + random.below(RULES_A_GROUP - core.length + 1)
  const all = new Map(core.map((p) => [keyOf(p), p]))
  const blocks = peers.flatMap(({ groups }) => groups.vpc.cidrBlocks.map((b) => b.cidrBlock))
  for (let tries = 0; all.size < wanted && tries < 200; tries++) {
    const remote = blocks.length > 0 && random.chance(0.4) ? part(random, random.pick(blocks)) : random.pick(OFFICES)
    const one: Permission = [random.chance(0.9) ? 'tcp' : 'udp', random.pick(ports), remote]
    all.set(keyOf(one), one)
  }
  return [...all.values()]
}

const keyOf = ([protocol, port, remote]: Permission): string =>
  `${protocol} ${port} ${typeof remote === 'string' ? remote : 'id' in remote ? remote.id : remote.group.id}`

/** The whole block of a VPC, or one of its subnets' worth. */
const part = (random: Random, block: Prefix): Prefix =>
  random.chance(0.3) ? block : prefix(block.replace(/\.0\.0\/16$/, `.${random.below(6) * 16}.0/20`))

function ingress(make: RecordMaker, { id: groupId, account, vpcId }: SecurityGroup, permissions: Permission[]): void {
  for (const [protocol, port, remote] of permissions) {
    const traffic = { groupId, egress: false, protocol, fromPort: port, toPort: protocol === 'icmp' ? -1 : port }
    if (typeof remote === 'string') make.rule({ ...traffic, cidrIpv4: remote })
    else if ('id' in remote) make.rule({ ...traffic, referencedGroupId: remote.id, referenced: { account, vpcId } })
    else
      make.rule({
        ...traffic,
        referencedGroupId: remote.group.id,
        referenced: { account, vpcId: remote.group.vpcId, peeringId: remote.peer.peering.id },
      })
  }
}

const openEgress = (make: RecordMaker, { id }: SecurityGroup) =>
  make.rule({ groupId: id, egress: true, protocol: '-1', cidrIpv4: ANYWHERE })
