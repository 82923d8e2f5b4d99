/** Clients that call at once until the server is gone, and write down what they were told. */
import { type Ec2, Ec2CallError, UnreachableError } from '../../src/client/ec2-client.ts'
import type { ResourceType, ResourceTypes } from '../../src/ec2/resource.ts'
import type { Change } from '../../src/ec2/state.ts'
import { countOf, MAKES, namedBy, type Planned, type Planner } from './calls.ts'
import type { Effect, Facts, Ledger } from './ledger.ts'
import { locks } from './ledger.ts'
import { meaning } from './meaning.ts'
import { CALL } from './seen.ts'

/** What became of every call that makes something, by its number. */
export interface Journal {
  readonly ledger: Ledger
  readonly outcome: Map<number, 'refused' | { readonly unanswered: Planned }>
  readonly counts: { acknowledged: number; refused: number; unanswered: number }
  readonly problems: string[]
  /** Acknowledged calls by action. */
  readonly actions: Map<string, number>
}

export const journal = (ledger: Ledger): Journal => ({
  ledger,
  outcome: new Map(),
  counts: { acknowledged: 0, refused: 0, unanswered: 0 },
  problems: [],
  actions: new Map(),
})

/** Some clients at once, each with one call under way at a time; `isOver` ends them after their call. */
export async function clients(
  count: number,
  ec2: Ec2,
  planner: Planner,
  into: Journal,
  isOver: () => boolean,
): Promise<void> {
  const held = locks()
  const one = async () => {
    while (!isOver()) {
      const planned = planner.next()
      const { changed, shared } = namedBy(planned)
      const release = held.take(changed, shared)
      if (!release) await new Promise(setImmediate)
      else if (await make(ec2, planned, planner, into)) release()
      // Whoever got no answer does not give back what it worked on: what became of that is open.
      else return
    }
  }
  await Promise.all(Array.from({ length: count }, one))
}

/** Makes a call and writes down what came of it; false where nobody answered. */
export async function make(ec2: Ec2, planned: Planned, planner: Planner, into: Journal): Promise<boolean> {
  const { action, input } = planned
  const { ledger, outcome, counts } = into
  try {
    const answer = (await ec2.call(action as 'CreateVpc', input as never)) as object
    const effects = meaning(action, input, answer, ledger.facts)
    ledger.acknowledge(effects)
    outcome.delete(planned.number)
    counts.acknowledged++
    into.actions.set(action, (into.actions.get(action) ?? 0) + 1)
    planner.learn(effects.flatMap((effect) => stubOf(effect, planned)))
    return true
  } catch (error) {
    if (error instanceof UnreachableError) {
      counts.unanswered++
      ledger.doubt(nameOf(planned), meaning(action, input, undefined, ledger.facts))
      outcome.set(planned.number, { unanswered: planned })
      return false
    }
    if (!(error instanceof Ec2CallError)) throw error
    if (error.status >= 500)
      into.problems.push(`${nameOf(planned)} met ${error.status} ${error.code}: ${error.message}`)
    counts.refused++
    outcome.set(planned.number, 'refused')
    return true
  }
}

const nameOf = ({ action, input }: Planned): string => `${action} ${JSON.stringify(input)}`

const TYPES: Readonly<Record<string, ResourceType>> = {
  vpc: 'vpc',
  subnet: 'subnet',
  igw: 'internet-gateway',
  pcx: 'vpc-peering-connection',
  rtb: 'route-table',
  sg: 'security-group',
  sgr: 'security-group-rule',
  acl: 'network-acl',
  pl: 'prefix-list',
  eni: 'network-interface',
  eipalloc: 'elastic-ip',
  i: 'instance',
  nat: 'natgateway',
}

/** What random calls look at in a record, of one that was just made. */
function stubOf(effect: Effect, { action, input }: Planned): Change[] {
  const [, prefix = ''] = /^([a-z]+)-[0-9a-f]{17}$/.exec(effect.to === 'set' ? effect.fact.key : '') ?? []
  const type = TYPES[prefix]
  if (effect.to !== 'set' || type === undefined || MAKES[action] === undefined) return []
  const record = {
    ...{ id: effect.fact.key, tags: {}, state: 'available', egress: action.endsWith('Egress') },
    ...{ vpcId: input.VpcId, subnetId: input.SubnetId, groupId: input.GroupId },
    ...{ requesterVpcId: input.VpcId, accepterVpcId: input.PeerVpcId },
    ...{ routes: [], associations: [], entries: [], cidrBlocks: [], privateIpAddresses: [], versions: [] },
  }
  return [{ type, id: record.id, record: record as unknown as ResourceTypes[ResourceType] }]
}

/**
 * Whether each call that makes something has made all of it, or nothing: nothing where it was refused, either where it
 * had no answer. All that is seen carries its call's number.
 */
export function unwhole({ outcome }: Journal, seen: Facts): string[] {
  const made = new Map<number, number>()
  for (const { key, value, owners } of seen.values()) {
    const isCall = key.startsWith('tag ') && key.endsWith(` ${CALL}`)
    if (isCall && owners.every((owner) => seen.has(owner))) made.set(Number(value), (made.get(Number(value)) ?? 0) + 1)
  }
  return [...made].flatMap(([number, count]) => {
    const was = outcome.get(number)
    if (was === undefined) return []
    if (was === 'refused') return [`call ${number} was refused and has made ${count} things`]
    const whole = countOf(was.unanswered)
    return count === whole ? [] : [`${nameOf(was.unanswered)} has made ${count} of ${whole} things`]
  })
}

/** Calls with a client token that had no answer: made again, they must give what they began, and no second one. */
export const unansweredWithToken = ({ outcome }: Journal): Planned[] =>
  [...outcome.values()].flatMap((was) =>
    was !== 'refused' && was.unanswered.input.ClientToken !== undefined ? [was.unanswered] : [],
  )

/** After what is seen has been judged, everything that is there is known. */
export function close({ outcome }: Journal): void {
  for (const [number, was] of outcome) if (was !== 'refused') outcome.delete(number)
}
