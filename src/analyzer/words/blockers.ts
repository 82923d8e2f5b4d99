/** A sentence for every setting that can be in the way, by its code. */
import { blockModeOf } from '../../ec2/vpc-block-public-access.ts'
import { TCP, UDP } from '../../network/match.ts'
import { rulesOf } from '../../network/rules.ts'
import { requestBetween, the, theAll } from './names.ts'
import { allowed, ruleText } from './rules.ts'
import { aclText, routeBefore, type Situation, subnetOf, vpcOf } from './situation.ts'
import { brokenTarget, routedBy } from './routes.ts'

type Words = (situation: Situation) => string

const isIngress = ({ rule, blocker: { stage } }: Situation): boolean =>
  rule.startsWith('ingress') || stage === 'ingress-rules' || stage === 'segment-ingress'

/** `in from 10.1.7.162` or `out to 10.2.11.172`. */
const past = (s: Situation): string => (isIngress(s) ? `in from ${s.source}` : `out to ${s.destination}`)

const groups = ({ resource }: Situation): string[] => resource.split(',')
const lets = (s: Situation): string => (groups(s).length === 1 ? 'lets' : 'let')

/** The security groups of an interface, united, have no rule for the packet. */
function groupsMismatch(s: Situation): string {
  const own = groups(s).filter((id) => id.startsWith('sg-'))
  if (own.length === 0) return `${s.host} has no security group, so nothing gets ${isIngress(s) ? 'in' : 'out'}.`
  const known = allowed(s.state, s.network, own, isIngress(s) ? 'ingress' : 'egress')
  return `${theAll(s.state, own)} of ${s.host} ${lets(s)} no ${s.what} ${past(s)}.${known}`
}

const groupsEmpty: Words = (s) => {
  const own = groups(s).filter((id) => id.startsWith('sg-'))
  if (own.length === 0) return groupsMismatch(s)
  const [has, it] = own.length === 1 ? ['has', 'it lets'] : ['have', 'they let']
  const which = isIngress(s) ? 'inbound' : 'outbound'
  return `${theAll(s.state, own)} of ${s.host} ${has} no ${which} rules, so ${it} no ${s.what} ${past(s)}.`
}

/** A route that covers everything, the default one as a rule, takes what no other route knows. */
const toPrivate =
  (kind: string): Words =>
  (s) => {
    const { remedy } = s.blocker
    const gateway = `${the(s.state, s.resource)}, which passes nothing on to ${kind} addresses`
    if (remedy.kind !== 'route' || remedy.replaces === undefined)
      return `Nobody here has the address ${s.destination}: what is for it goes to ${gateway}.`
    const table = the(s.state, remedy.table)
    return `${table} has no route of its own for ${s.destination}: ${remedy.replaces} leads to ${gateway}.`
  }

const fromPrivate =
  (kind: string): Words =>
  (s) =>
    `${the(s.state, s.resource)} lets nothing in that comes from ${kind} addresses, such as ${s.source}.`

const own = (s: Situation): string => `${the(s.state, s.resource)} of ${s.host}`

const sourceDestCheck: Words = (s) =>
  s.blocker.stage === 'source-check'
    ? `${own(s)} may send from its own addresses only (source/destination check), not from ${s.source}.`
    : `${own(s)} takes what is for its own addresses only (source/destination check), not for ${s.destination}.`

const nobodyThere: Words = (s) =>
  s.blocker.node === 'internet'
    ? `Nobody on the internet has the address ${s.destination}.`
    : `Nobody in ${vpcOf(s)} has the address ${s.destination}: no instance that runs.`

const peersOnly: Words = (s) =>
  [
    `${the(s.state, s.resource)} carries only what is for an address of ${vpcOf(s)}, and ${s.destination} is none.`,
    'A peering leads to a neighbor, never through it.',
  ].join(' ')

const noPeering: Words = (s) => {
  const { remedy } = s.blocker
  const [a, b] = remedy.kind === 'peering' ? remedy.between : [s.blocker.node, s.resource]
  const asked = requestBetween(s.state, a, b)
  const why = asked
    ? `${the(s.state, asked)} is not accepted yet`
    : 'there is no active peering connection between them'
  return `${theAll(s.state, [a, b])} are not connected: ${why}.`
}

const notRunning: Words = (s) => {
  const id = s.blocker.remedy.kind === 'start' ? s.blocker.remedy.instance : s.resource
  const state = s.state.get('instance', id)?.state ?? 'not running'
  return `${the(s.state, id)} is ${state}: only a running instance sends and gets packets.`
}

const noPublicAddress: Words = (s) => {
  const { remedy } = s.blocker
  const who = remedy.kind === 'public-address' ? remedy.inside : s.resource
  const host = s.host === who ? who : `${s.host} (${who})`
  return `${host} has no public address, so nobody on the internet can send it anything.`
}

const noGateway: Words = (s) => {
  const { remedy } = s.blocker
  const vpc = remedy.kind === 'internet-gateway' ? the(s.state, remedy.vpc) : vpcOf(s)
  return `${vpc} has no internet gateway, so nothing gets from it to the internet or back.`
}

const tooBig: Words = (s) => {
  const { flow, remedy } = s.blocker
  const most = remedy.kind === 'smaller' ? ` takes at most ${remedy.mtu} bytes` : ' takes less'
  const packet = `a packet of ${flow.length ?? 'so many'} bytes that may not be fragmented`
  return `${the(s.state, s.resource)}${most}, and this is ${packet}.`
}

const deciding = ({ state, network, resource, rule }: Situation): string => ruleText(state, network, resource, rule)

const wrongVpc: Words = (s) => {
  const led = `${routeBefore(s) ?? 'a route'} leads it into ${vpcOf(s)}`
  return `the reply goes astray: ${led}, where ${s.host} has the same address as the sender.`
}

/** The mode is the account's own; an exclusion may have eased it for the subnet. */
const publicAccessBlocked: Words = (s) => {
  const subnet = s.state.get('subnet', s.resource)
  if (!subnet) return `VPC Block Public Access lets no internet traffic into ${s.resource}, and none out of it.`
  const what = blockModeOf(s.state, subnet) === 'block-ingress' ? 'ingress-only' : 'bidirectional'
  const whose = `VPC Block Public Access (${what}) of account ${subnet.account} in ${subnet.region}`
  const nat = what === 'ingress-only' ? ' except by NAT gateways' : ''
  const way = isIngress(s) ? 'into' : 'out of'
  return `${whose} lets no internet traffic ${way} ${the(s.state, subnet.id)}${nat}.`
}

/** Code → its sentence, for all codes of `CODES` that stop a packet, and some that only facts have. */
export const BLOCKERS: Readonly<Record<string, Words>> = {
  BAD_STATE: notRunning,
  BAD_STATE_ROUTE: brokenTarget,
  DISCONNECTED_VPCS: noPeering,
  ENI_ADDRESS_RESTRICTION: (s) => `${s.source} is no address of ${s.host}, so it can not send from it.`,
  ENI_SG_RULES_MISMATCH: groupsMismatch,
  ENI_SOURCE_DEST_CHECK_RESTRICTION: sourceDestCheck,
  GATEWAY_REJECTS_SPOOFED_TRAFFIC: (s) =>
    `${the(s.state, s.resource)} passes only what comes from the sender's own address, and ${s.source} is another's.`,
  IGW_DESTINATION_ADDRESS_IN_VPC_CIDRS: (s) =>
    `${the(s.state, s.resource)} lets in only what is for an address of ${vpcOf(s)}, and ${s.destination} is none.`,
  IGW_DESTINATION_ADDRESS_NOT_IN_RFC1918_EGRESS: toPrivate('private'),
  IGW_DESTINATION_ADDRESS_NOT_IN_RFC6598_EGRESS: toPrivate('shared (100.64.0.0/10)'),
  IGW_PRIVATE_IP_ASSOCIATION_FOR_INGRESS: (s) =>
    s.blocker.remedy.kind === 'public-address'
      ? noPublicAddress(s)
      : `${the(s.state, s.resource)} knows no instance with the public address ${s.destination}.`,
  IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS: (s) =>
    `${s.source} has no public address, and without one ${the(s.state, s.resource)} lets nothing out.`,
  IGW_SOURCE_ADDRESS_NOT_IN_RFC1918_INGRESS: fromPrivate('private'),
  IGW_SOURCE_ADDRESS_NOT_IN_RFC6598_INGRESS: fromPrivate('shared (100.64.0.0/10)'),
  NGW_REQUIRES_SOURCE_IN_VPC: (s) =>
    `${the(s.state, s.resource)} serves its own VPC only, and ${s.source} is not in it.`,
  NO_PATH: (s) => `no way leads on from ${the(s.state, s.resource)} to ${s.destination}.`,
  NO_POSSIBLE_DESTINATION: nobodyThere,
  NO_ROUTE_TO_DESTINATION: (s) => `${routedBy(s)} has no route to ${s.destination}.`,
  PCX_REQUIRES_ADDRESS_IN_VPC_CIDR: peersOnly,
  SG_HAS_NO_RULES: groupsEmpty,
  SUBNET_ACL_RESTRICTION: (s) => `${aclText(s)} of ${subnetOf(s)} lets no ${s.what} ${past(s)}: ${deciding(s)}.`,
  UNASSOCIATED_COMPONENT: (s) => `${the(s.state, s.resource)} is attached to nothing, so no packet passes it.`,
  VPC_BLOCK_PUBLIC_ACCESS_ENABLED: publicAccessBlocked,
  VPC_LOCAL_ROUTE_CIDR_RESTRICTION: (s) =>
    `the \`local\` route of ${the(s.state, s.resource)} leads within the VPC only, and ${s.destination} is outside.`,
  ISTHMUS_DELIVERED_TO_ANOTHER: (s) =>
    `What is for ${s.destination} is delivered to ${s.host}, another host than the one that was asked about.`,
  ISTHMUS_LINK_LOCAL: (s) => `${s.destination} is an address of AWS's own services, to which no route leads.`,
  ISTHMUS_MTU: tooBig,
  ISTHMUS_NGW_LOOP: (s) =>
    `${the(s.state, s.resource)} gets its own packets back: a route leads from its subnet to itself.`,
  ISTHMUS_NGW_PROTOCOL: (s) => `${the(s.state, s.resource)} passes TCP, UDP and pings on, and no ${s.what}.`,
  ISTHMUS_NGW_UNASKED: (s) =>
    `${the(s.state, s.resource)} lets in only what answers a request from inside, and nobody asked for this.`,
  ISTHMUS_NOT_FORWARDED: (s) =>
    `${s.host} gets packets for ${s.destination}, which is not its address, and does not pass them on.`,
  ISTHMUS_NOT_RUNNING: notRunning,
  ISTHMUS_NO_INTERNET_GATEWAY: noGateway,
  ISTHMUS_NO_PUBLIC_ADDRESS: noPublicAddress,
  ISTHMUS_REPLY_TO_WRONG_VPC: wrongVpc,
  ISTHMUS_SERVICE_PORT: (s) => `At ${s.destination} the VPC's own service answers, and on no other port than its own.`,
  ISTHMUS_SERVICE_SOURCE: (s) =>
    `The VPC's own services answer only addresses of the interface that asks, and ${s.source} is none.`,
}

/** Whether a rule there is for TCP or UDP: people take it for one that lets everything pass. */
const hasPortRules = (s: Situation): boolean =>
  groups(s).some((id) =>
    rulesOf(s.network, id, isIngress(s) ? 'ingress' : 'egress').some(
      ({ action, match: { protocol } }) => action === 'allow' && (protocol === TCP || protocol === UDP),
    ),
  )

/** Code → what it adds to the sentence of a blocker; empty where it adds nothing. */
export const ADDITIONS: Readonly<Record<string, Words>> = {
  ISTHMUS_RETURN_BLOCKED: () => 'This is in the way of the reply.',
  ISTHMUS_ICMP_BLOCKED: (s) =>
    hasPortRules(s) ? 'Ping is ICMP and needs a rule of its own: one for TCP or UDP does not let it pass.' : '',
  ISTHMUS_INSTANCE_CONNECT_NO_PUBLIC_IPV4: (s) =>
    `EC2 Instance Connect in the console refuses ${s.host} for that, before any packet is sent.`,
  ISTHMUS_STALE_GROUP_REFERENCE: (s) =>
    `A rule of ${theAll(s.state, groups(s))} is stale and admits nobody: its group's VPC is no longer peered.`,
}

/** Of a code that has no sentence: where, and which fact. */
const unknown: Words = (s) =>
  `${the(s.state, s.resource)}${s.rule && ` (${s.rule})`} stops it at ${s.host}: ${s.blocker.disposition}.`

/** What is in the way, in words: one sentence or two. */
export const blockerWords = (situation: Situation): string => (BLOCKERS[situation.blocker.code] ?? unknown)(situation)

/** What else there is to know of it. */
export const additions = (situation: Situation): string[] =>
  situation.blocker.also.flatMap((code) => ADDITIONS[code]?.(situation) || [])
