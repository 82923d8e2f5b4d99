/**
 * The cheapest complete way of one packet and its answer: each setting in the way costs one. The stages of `forward`
 * say where a packet stops; `beyond.ts` says where it would go on.
 */
import { BLOCKED } from '../ec2/vpc-block-public-access.ts'
import { advance, answers, type Ending, type Position } from '../forward/forward.ts'
import type { World } from '../forward/walk.ts'
import type { Flow, Step } from '../network/flow.ts'
import type { NextHop } from '../network/network.ts'
import { originKey } from '../network/origin.ts'
import type { Blocker, Hop, Remedy, Way } from './answer.ts'
import { behind, type Detour, isRouting, turns } from './beyond.ts'
import { alsoOf, OWN } from './codes.ts'
import { hopsOf } from './hops.ts'
import type { Suppose } from './suppose.ts'

/** A packet, and where it is to go. */
export interface Errand {
  readonly world: World<Flow>
  /** What could be there. */
  readonly suppose: Suppose
  readonly from: Position<Flow>
  /** The node that the request is for, and that the reply is for; any that takes it, if absent. */
  readonly to?: string
  readonly back?: string
  /** Whether a request that ended so is where it should be. */
  readonly arrived: (ending: Ending<Flow>) => boolean
  readonly returned: (ending: Ending<Flow>) => boolean
  /** Whether no answer is asked for. */
  readonly oneWay: boolean
  /** What is in the way before the packet leaves. */
  readonly before: readonly Blocker[]
}

/** A packet under way, with what it has met. */
interface Trail {
  readonly world: World<Flow>
  readonly position: Position<Flow>
  readonly hops: readonly Hop[]
  readonly blockers: readonly Blocker[]
  /** What the blockers cost, each remedy once. */
  readonly keys: ReadonlySet<string>
  /** Places where a router could have led this leg elsewhere. */
  readonly forks: readonly Fork[]
}

interface Fork {
  readonly trail: Trail
  readonly now: { readonly nextHop?: NextHop; readonly replaces?: string }
}

/** As many ways of the lowest cost are looked for. */
const WAYS = 4
/** Trails that are looked at before the search gives up: far more than any network of this model needs. */
const LIMIT = 20_000

/** The cheapest ways, complete ones only; or else the way that comes furthest, to what nothing can mend. */
export function search(errand: Errand): readonly [Way, ...Way[]] {
  const found: Way[] = []
  let dead: Way | undefined
  const queue = new Queue()
  queue.push({
    ...NEW,
    world: errand.world,
    position: errand.from,
    blockers: errand.before,
    keys: keysOf(errand.before),
  })
  for (let looked = 0; looked < LIMIT && found.length < WAYS; looked++) {
    const trail = queue.pop()
    if (!trail || isDearer(trail, found[0])) break
    for (const next of follow(errand, trail)) {
      if (next.kind === 'trail') queue.push(next.trail)
      else if (next.way.complete) addNew(found, next.way)
      else dead = further(next.way, dead)
    }
  }
  const [first, ...others] = found
  if (first) return [first, ...others]
  if (!dead) throw new Error('a packet came to no end')
  return [dead]
}

/** Whether a trail has met more than the best way, or as much where there was nothing to meet. */
function isDearer({ keys }: Trail, best: Way | undefined): boolean {
  if (!best) return false
  const least = keysOf(best.blockers).size
  return least === 0 || keys.size > least
}

/** Of ways that nothing can complete, the one that comes furthest shows what can not be mended. */
const further = (a: Way, b: Way | undefined): Way => (b && b.hops.length >= a.hops.length ? b : a)

function addNew(found: Way[], way: Way): void {
  if (!found.some((known) => sameRemedies(known, way))) found.push(way)
}

const NEW = { hops: [], blockers: [], keys: new Set<string>(), forks: [] } as const

type Next = { readonly kind: 'trail'; readonly trail: Trail } | { readonly kind: 'way'; readonly way: Way }

/** One stage further, with every way on from there. */
function follow(errand: Errand, trail: Trail): Next[] {
  const { world, position } = trail
  return advance(world, position).flatMap((progress): Next[] => {
    if (progress.kind === 'at') {
      const { packet } = progress.position
      const hops = [...trail.hops, ...hopsOf(position, packet)]
      const forks = isRouting(position) ? [...trail.forks, forkAt(trail, packet.steps.at(-1))] : trail.forks
      return [{ kind: 'trail', trail: { ...trail, position: progress.position, hops, forks } }]
    }
    return ended(errand, trail, progress.ending)
  })
}

/** The place, and the route that decided there. */
function forkAt(trail: Trail, step: Step | undefined): Fork {
  const { topology } = trail.world
  const { table = '' } = trail.position.packet.at
  const replaces = step?.stage === 'route' ? step.origin.rule : undefined
  const route = topology.routesOf.get(table)?.find((r) => r.origin.rule === replaces)
  return { trail, now: { ...(route && { nextHop: route.nextHop }), ...(replaces !== undefined && { replaces }) } }
}

function ended(errand: Errand, trail: Trail, ending: Ending<Flow>): Next[] {
  const { packet, disposition } = ending
  const isRequest = packet.leg === 'request'
  const hops = [...trail.hops, ...hopsOf(trail.position, packet)]
  if (isRequest ? errand.arrived(ending) : errand.returned(ending)) {
    if (!isRequest || errand.oneWay) return [{ kind: 'way', way: { hops, blockers: trail.blockers, complete: true } }]
    return [{ kind: 'trail', trail: answering({ ...trail, hops }, ending) }]
  }
  const misled = disposition === 'accepted'
  const forks = isRouting(trail.position) ? [...trail.forks, forkAt(trail, packet.steps.at(-1))] : trail.forks
  const goal = isRequest ? errand.to : errand.back
  const ways = [
    ...(misled ? [] : behind(trail.world, trail.position, ending).map((detour) => ({ detour, from: trail }))),
    ...forks.flatMap(({ trail: from, now }) =>
      turns(from.world, errand.suppose, from.position, goal, now).map((detour) => ({ detour, from })),
    ),
  ]
  const blocked = (remedy: Remedy) => blockerOf(trail.position, ending, misled, remedy)
  const stopHop = misled
    ? hops.map((hop, i) => (i === hops.length - 1 ? { ...hop, outcome: 'stop' as const } : hop))
    : hops
  return [
    ...ways.map(
      ({ detour, from }): Next => ({ kind: 'trail', trail: past(from, detour, blocked(detour.remedy), stopHop) }),
    ),
    { kind: 'way', way: { hops: stopHop, blockers: [...trail.blockers, blocked({ kind: 'none' })], complete: false } },
  ]
}

/** The answer of the host that took the request. */
function answering(trail: Trail, { packet }: Ending<Flow>): Trail {
  const [position] = answers(trail.world, packet)
  if (!position) throw new Error(`${packet.at.node} sends no answer`)
  return { ...trail, forks: [], position }
}

/** Past what is in the way. Where another turn is taken, what happened after it did not happen. */
function past(
  from: Trail,
  { world, position, remedy, needs }: Detour,
  blocker: Blocker,
  stopped: readonly Hop[],
): Trail {
  const missing: Blocker[] = needs ? [{ ...blocker, code: codeOfNeed(needs), also: [], remedy: needs }] : []
  const blockers = [...from.blockers, blocker, ...missing]
  const turned = remedy.kind === 'route'
  return {
    world,
    position,
    blockers,
    keys: keysOf(blockers),
    hops: turned ? [...from.hops, ...stopped.slice(from.hops.length).slice(0, 1).map(stop)] : stopped,
    forks: turned ? [] : from.forks,
  }
}

/** Where another turn would have to be taken, the route that decides is what stops the packet. */
const stop = (hop: Hop): Hop => ({ ...hop, outcome: 'stop' })

const codeOfNeed = (need: Remedy): string => (need.kind === 'peering' ? 'DISCONNECTED_VPCS' : OWN.noInternetGateway)

/** What distinguishes remedies: the same one is needed, and counted, once. */
export function remedyKey({ remedy, origin, at, leg, stage, code }: Blocker): string {
  switch (remedy.kind) {
    case 'allow':
      // G10: an interface is kept from an uplink either way by one mode, and one exclusion lets it pass.
      return code === BLOCKED ? `public access ${originKey(origin)}` : `rule ${leg} ${stage} ${originKey(origin)}`
    case 'peering':
      return `peering ${remedy.between.toSorted().join(' ')}`
    case 'internet-gateway':
      return `gateway ${remedy.vpc}`
    case 'public-address':
      return `address ${remedy.inside} ${remedy.interface}`
    case 'no-check':
      return `check ${at}`
    case 'route':
      return `route ${remedy.table} ${remedy.replaces ?? ''} ${JSON.stringify(remedy.to)}`
    case 'start':
      return `start ${remedy.instance}`
    default:
      return `${remedy.kind} ${leg} ${stage} ${originKey(origin)}`
  }
}

/** The settings in the way, each once, as it is first met. */
export function distinct(blockers: readonly Blocker[]): Blocker[] {
  const first = new Map<string, Blocker>()
  for (const blocker of blockers) if (!first.has(remedyKey(blocker))) first.set(remedyKey(blocker), blocker)
  return [...first.values()]
}

const keysOf = (blockers: readonly Blocker[]): ReadonlySet<string> => new Set(blockers.map(remedyKey))

function sameRemedies(a: Way, b: Way): boolean {
  const [one, other] = [keysOf(a.blockers), keysOf(b.blockers)]
  return one.size === other.size && [...one].every((key) => other.has(key))
}

function blockerOf(
  { packet: at }: Position<Flow>,
  { packet, disposition }: Ending<Flow>,
  misled: boolean,
  remedy: Remedy,
): Blocker {
  const step = packet.steps.at(-1)
  if (!step) throw new Error(`a packet ended at ${packet.at.id} without a reason`)
  const code = step.origin.code ?? 'NO_PATH'
  const wrong = packet.leg === 'reply' ? OWN.replyToWrongVpc : OWN.deliveredToAnother
  return {
    leg: packet.leg,
    stage: step.stage,
    node: step.node,
    at: packet.at.id,
    origin: step.origin,
    disposition,
    code: misled ? wrong : code,
    also: alsoOf(packet.leg, step.stage, code, packet.headers.protocol),
    flow: at.headers,
    remedy,
  }
}

/** The cheapest first; of equal ones the one that has been longest in the queue. */
class Queue {
  readonly #byCost: Trail[][] = []

  push(trail: Trail): void {
    const cost = trail.keys.size
    const bucket = this.#byCost[cost]
    if (bucket) bucket.push(trail)
    else {
      while (this.#byCost.length < cost) this.#byCost.push([])
      this.#byCost[cost] = [trail]
    }
  }

  pop(): Trail | undefined {
    return this.#byCost.find((bucket) => bucket.length > 0)?.shift()
  }
}
