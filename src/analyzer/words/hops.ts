/** A sentence fragment for every decision on a way that lets the packet go on, or stops it. */
import type { State } from '../../ec2/state.ts'
import { BLOCKED } from '../../ec2/vpc-block-public-access.ts'
import type { Stage } from '../../network/flow.ts'
import type { Network } from '../../network/network.ts'
import type { Direction } from '../../network/rules.ts'
import type { Hop } from '../answer.ts'
import { hostName, label, the, theAll } from './names.ts'
import { targetOf } from './routes.ts'
import { ruleText } from './rules.ts'

type Words = (state: State, network: Network, hop: Hop) => string

/** A group's rule, or that the flow is known already. */
const groupRule =
  (direction: Direction): Words =>
  (state, network, { origin, at, outcome }) => {
    const where = `${direction === 'ingress' ? 'into' : 'out of'} ${hostName(state, network, at)}`
    if (origin.rule === 'tracked') return `${where}: no rule is needed, as the group remembers the request`
    const groups = theAll(state, origin.resource.split(','))
    if (outcome === 'stop') return `${where}: ${groups} has no rule for it`
    return `${where}: ${groups} lets ${ruleText(state, network, origin.resource, origin.rule ?? '')} pass`
  }

const aclRule: Words = (state, network, { origin, at }) => {
  if (origin.code === BLOCKED)
    return `at the internet gateway: VPC Block Public Access is in force for ${the(state, origin.resource)}`
  const subnet = network.interfaces.get(at)?.segment ?? at
  const says = ruleText(state, network, origin.resource, origin.rule ?? '')
  return `at the edge of ${the(state, subnet)}: ${the(state, origin.resource)}, ${says}`
}

const routed: Words = (state, _, { origin: { resource, rule } }) => {
  if (resource.startsWith('pcx-') || resource.startsWith('igw-'))
    return `through ${the(state, resource)}, which delivers to ${rule ?? 'nobody'}`
  if (rule === undefined) return `${the(state, resource)}: no route`
  const target = targetOf(state, resource, rule)
  const place = target === 'local' ? 'the VPC itself (`local`)' : target && label(state, target)
  return `${the(state, resource)}: the route ${rule}${place ? ` leads to ${place}` : ''}`
}

const STAGES: Readonly<Record<Stage, Words>> = {
  'source-check': (state, _, { origin }) => `${the(state, origin.resource)}: the source/destination check`,
  service: (state, _, { origin }) => `a service of ${the(state, origin.resource)} itself answers`,
  'egress-rules': groupRule('egress'),
  'segment-egress': aclRule,
  route: routed,
  mtu: (state, _, { origin }) => `the largest packet of ${the(state, origin.resource)}`,
  'translate-source': (_, __, { before, after }) => `the internet gateway makes ${after.source} of ${before.source}`,
  'translate-port': (state, _, { node, before, after }) =>
    `${the(state, node)} makes ${after.source} of ${before.source}, with a port of its own`,
  internet: () => 'the internet',
  'translate-destination': (_, __, { before, after }) =>
    `the internet gateway makes ${after.destination} of ${before.destination}`,
  'segment-ingress': aclRule,
  neighbor: (_, __, { before }) => `delivery to ${before.destination}`,
  'ingress-rules': groupRule('ingress'),
  'destination-check': (state, _, { origin }) => `${the(state, origin.resource)}: the source/destination check`,
  deliver: (state, network, { at, before }) => `${hostName(state, network, at)} takes it at ${before.destination}`,
}

/** What a stage decided, as a fragment: `` into `db`: the security group ..., all ICMP from 10.1.0.0/16 ``. */
export const hopWords: Words = (state, network, hop) => STAGES[hop.stage](state, network, hop)
