/** Access scopes, answered completely: every path that one of the statements matches and none excludes (2.4). */
import type {
  PathComponent,
  ScopeAsked,
  ScopeFound,
  ScopePath,
  ScopeStatement,
} from '../../ec2/network-insights-analyst.ts'
import { answers, type Ending, moved } from '../../forward/forward.ts'
import { initialHeaders, type SymbolicHeaders, symbolic } from '../../forward/set-domain.ts'
import type { World } from '../../forward/walk.ts'
import { type Condition, where } from '../../headers/condition.ts'
import { type HeaderSet, intersect, isEmpty, NOTHING, subtract, union } from '../../headers/header-set.ts'
import { sample } from '../../headers/samples.ts'
import type { Prefix } from '../../ip/prefix.ts'
import { ICMP, TCP, UDP } from '../../network/match.ts'
import { componentsOf, type Site } from './components.ts'
import { NUMBERS } from './filters.ts'
import { setWorld, trackOf } from './passage.ts'
import { preimage } from './preimage.ts'
import { isMet, isNamed, leaving, mayBeNamed, namesLink, partiesOf, type Party, receiverOf } from './scope-party.ts'
import { traversed } from './traversed.ts'

/** More than a person reads, and than a record should hold: an analysis lists as many and says that it found some. */
const MOST_FINDINGS = 10_000

interface Hunt extends Site {
  readonly asked: ScopeAsked
  readonly parties: ReadonlyMap<string, Party>
  /** Per VPC, the internet gateway. */
  readonly uplinks: ReadonlyMap<string, string>
  readonly world: World<SymbolicHeaders>
}

export function scopeFound(site: Site, asked: ScopeAsked): ScopeFound {
  const parties = partiesOf(site, asked.region)
  const gateways = [...site.state.all('internet-gateway')].flatMap(({ id, vpcId }) =>
    vpcId ? [[vpcId, id] as const] : [],
  )
  const hunt: Hunt = {
    ...site,
    asked,
    parties: new Map(parties.map((party) => [party.id, party])),
    uplinks: new Map(gateways),
    world: setWorld(site.network, true),
  }
  const own = parties.filter((p) => p.account === asked.account && p.names.size > 1)
  return { findings: findings(hunt).take(MOST_FINDINGS).toArray(), analyzedInterfaces: own.length }
}

/** The paths in the order of their sources. */
function* findings(hunt: Hunt): Generator<readonly PathComponent[]> {
  for (const source of hunt.parties.values()) {
    for (const { to, headers } of reached(hunt, source).values()) yield* tracks(hunt, source, to, headers)
  }
}

interface Reached {
  readonly to: Party
  /** As they leave the source. */
  readonly headers: HeaderSet
}

/** Where a source's headers arrive that the scope is about, by destination and way. */
function reached(hunt: Hunt, source: Party): Map<string, Reached> {
  const found = new Map<string, Reached>()
  for (const path of hunt.asked.match) {
    if (!mayBeNamed(path.source, source)) continue
    const sent = intersect(intersect(source.sends, headersOf(path.source)), intersect(aimedAt(hunt, path), usual(path)))
    if (isEmpty(sent)) continue
    for (const request of moved(hunt.world, leaving(hunt.world, source, symbolic(sent)))) {
      const to = request.disposition === 'accepted' ? receiverOf(hunt.parties, request.packet, hunt.uplinks) : undefined
      if (!to || to === source || ![source, to].some(({ account }) => account === hunt.asked.account)) continue
      const left = remaining(hunt, path, source, to, request)
      if (isEmpty(left)) continue
      const key = `${to.id} ${request.packet.path.join(' ')}`
      found.set(key, { to, headers: union(found.get(key)?.headers ?? NOTHING, left) })
    }
  }
  return found
}

/** Without a protocol a scope is about TCP and UDP, which are all that AWS knows. */
function usual({ source, destination }: ScopePath): HeaderSet {
  const said = source?.protocols ?? destination?.protocols
  return where({ protocols: said ? said.map((p) => NUMBERS[p]) : [TCP, UDP] })
}

/** Addresses of what the destination can be: others need not be tried. */
function aimedAt({ parties, network }: Hunt, { destination }: ScopePath): HeaderSet {
  if (!destination?.resources || namesLink(destination)) return where({ family: 4 })
  const named = [...parties.values()].filter((party) => isNamed(destination, party, new Set()))
  if (named.some(({ names }) => names.size === 1)) return where({ family: 4 })
  const inside = named.flatMap(({ from }) => from.addresses)
  const own = new Set(inside)
  const outside = network.translations.filter((t) => own.has(t.inside)).map((t) => t.outside)
  return where({ family: 4, destination: new Set([...inside, ...outside]) })
}

function headersOf(statement: ScopeStatement | undefined): HeaderSet {
  const { sourceAddresses, destinationAddresses, sourcePorts, destinationPorts, protocols } = statement ?? {}
  const condition: Condition = {
    family: 4,
    ...(sourceAddresses && { source: sourceAddresses as readonly Prefix[] }),
    ...(destinationAddresses && { destination: destinationAddresses as readonly Prefix[] }),
    ...(sourcePorts && { sourcePorts }),
    ...(destinationPorts && { destinationPorts }),
    ...(protocols && { protocols: protocols.map((p) => NUMBERS[p]) }),
  }
  return where(condition)
}

/** The headers of a request that arrived which a path matches, which are answered, and which nothing excludes. */
function remaining(hunt: Hunt, path: ScopePath, source: Party, to: Party, request: Ending<SymbolicHeaders>): HeaderSet {
  const { packet } = request
  const links = traversed(hunt, packet)
  const matched = matchedBy(path, source, to, links, packet.headers)
  if (isEmpty(matched)) return NOTHING
  const excluded = hunt.asked.exclude.map((other) => matchedBy(other, source, to, links, packet.headers))
  const kept = excluded.reduce(subtract, matched)
  return isEmpty(kept)
    ? NOTHING
    : answered(hunt, { ...request, packet: { ...packet, headers: { ...packet.headers, initial: kept } } })
}

/** The part of some headers, as they began, that a path is about, seen from both of its ends. */
function matchedBy(
  { source, destination, through }: ScopePath,
  from: Party,
  to: Party,
  links: ReadonlySet<string>,
  headers: SymbolicHeaders,
): HeaderSet {
  const isAbout =
    (!source || isNamed(source, from, links)) &&
    (!destination || isNamed(destination, to, links)) &&
    through.every((statement) => isMet(statement, links))
  if (!isAbout) return NOTHING
  return preimage({ ...headers, initial: intersect(headers.initial, headersOf(source)) }, headersOf(destination))
}

/** A connection is there only with an answer; what UDP sends has arrived without one. */
const ANSWERED = where({ protocols: [TCP, ICMP] })

function answered({ world }: Hunt, { packet }: Ending<SymbolicHeaders>): HeaderSet {
  const all = initialHeaders(packet.headers)
  const asking = intersect(all, ANSWERED)
  if (isEmpty(asking)) return all
  const headers = { ...packet.headers, initial: asking }
  const back = answers(world, { ...packet, headers })
    .flatMap((from) => moved(world, from))
    .filter((reply) => reply.disposition === 'accepted' && reply.packet.at.node === packet.path[0])
    .reduce((sum, reply) => union(sum, initialHeaders(reply.packet.headers)), NOTHING)
  return union(subtract(all, ANSWERED), back)
}

/** One finding for each way by rules and routes, until no header is left. */
function* tracks(hunt: Hunt, source: Party, to: Party, headers: HeaderSet): Generator<readonly PathComponent[]> {
  const world = setWorld(hunt.network, false)
  for (let left = headers, example = sample(left); example; example = sample(left)) {
    const track = trackOf(hunt.network, [leaving(world, source, symbolic(left))], example, true)
    const shows = (): readonly 'eni'[] => ['eni']
    const ends = {
      ...(source.names.size > 1 && { from: track.left }),
      ...(to.names.size > 1 && { to: track.arrived }),
      shows,
    }
    yield componentsOf(hunt, track.passages, ends)
    left = subtract(left, track.headers)
  }
}
