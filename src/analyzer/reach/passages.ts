/** Who reaches whom: every pair of classes between which something arrives, and the internet with each of them. */
import { where } from '../../headers/condition.ts'
import { type HeaderSet, intersect, isEmpty, subtract, unionOf } from '../../headers/header-set.ts'
import { type Asked, asked, shapesTo } from '../../headers/shapes.ts'
import { freed, levelsOf } from '../../headers/transform.ts'
import { groupsOf } from '../../network/groups.ts'
import type { Interface, Network } from '../../network/network.ts'
import { type InterfaceClass, routersOf } from './classes.ts'
import { flood, type Flooded, type Sending } from './flood.ts'
import { fromInternet, INTERNET, type Party, type Place, type Places, placesOf } from './parties.ts'
import { quotient } from './quotient.ts'

/** What passes from one party to another, whichever of their members take part. */
export interface Passage {
  readonly from: Party
  readonly to: Party
  /** Which address of the receiver it is sent to; public also where that is the internet. */
  readonly aimedAt: Aim
  /**
   * What arrives and is answered, and what arrives only, of packets that fit everywhere. Addresses of members are left
   * out: they may be anything here. Where a member has several, it is what passes between some of them. Addresses of
   * the internet are as they are; that somebody here has some of them is not looked at.
   */
  readonly answered: HeaderSet
  readonly unanswered: HeaderSet
}
export type Aim = 'private' | 'public'

/** Of which passages to speak; all where a part is absent. */
export interface Scope {
  readonly from?: (party: Party) => boolean
  readonly to?: (party: Party) => boolean
}

/** Packets that fit everywhere, as those do that may be fragmented. */
const FITTING = where({ sizes: [{ from: 0, to: 0 }] })

/** All passages of a network, one VPC after the other. What a member sends to itself is none. */
export function* passages(network: Network, classes: readonly InterfaceClass[], scope: Scope = {}): Generator<Passage> {
  const small = quotient(network, classes)
  const places = placesOf(small, classes)
  const aim = intersect(FITTING, aimOf(places, scope))
  for (const senders of neighborhoods(small, places, scope)) {
    const nodes = Map.groupBy(senders, ({ node }) => node)
    const sendings = new Map([...nodes].map(([node, all]) => [node, sendingOf(places, all, aim)]))
    yield* fromClasses(places, scope, senders, flood(small, sendings))
  }
  const outside = [...small.nodes.values()].find(({ kind }) => kind === 'internet')
  if (!outside || scope.from?.(INTERNET) === false) return
  // Of the whole network: who stands for a class does not have the addresses of all its members.
  const own = fromInternet(network)
  yield* fromOutside(places, scope, flood(small, new Map([[outside.id, { headers: intersect(aim, own), own }]])))
}

/** Headers for those whom the scope is about. */
function aimOf(places: Places, { to }: Scope): HeaderSet {
  const wanted = to && [...places.values()].filter(({ party }) => to(party))
  if (!wanted || wanted.some(({ party }) => party === INTERNET)) return where({})
  return where({ destination: new Set(wanted.flatMap((place) => [...place.private, ...place.public])) })
}

/** Those who send, in groups within which no two have the same address: a VPC each. */
function neighborhoods(network: Network, places: Places, { from }: Scope): readonly (readonly Interface[])[] {
  const routerOf = routersOf(network)
  const { interfacesOf } = groupsOf(network)
  const wanted = [...places].filter(
    ([, { party, isSecond }]) => !isSecond && party !== INTERNET && (from?.(party) ?? true),
  )
  const nodes = new Set(wanted.flatMap(([id]) => network.interfaces.get(id)?.node ?? []))
  const groups = Map.groupBy(nodes, (node) => {
    const routers = new Set(interfacesOf.get(node)?.map(({ segment }) => routerOf.get(segment)))
    return routers.size === 1 ? `${[...routers][0]}` : node
  })
  return [...groups.values()].map((all) => all.flatMap((node) => interfacesOf.get(node) ?? []))
}

/** What the interfaces of a node send. */
function sendingOf(places: Places, all: readonly Interface[], aim: HeaderSet): Sending {
  const addresses = all.flatMap((at) => at.addresses)
  const outside = all.flatMap(({ id }) => places.get(id)?.public ?? [])
  return {
    headers: intersect(aim, where({ source: new Set(addresses) })),
    own: where({ source: new Set([...addresses, ...outside]) }),
  }
}

/** An interface that sends, and what it is a place of. */
interface Sender {
  readonly at: Interface
  readonly place: Place
  /** Its addresses, private and public. */
  readonly sources: readonly Asked[]
}

function* fromClasses(
  places: Places,
  { from, to }: Scope,
  interfaces: readonly Interface[],
  { arrived, answered }: Flooded,
): Generator<Passage> {
  const senders = interfaces.flatMap((at): Sender[] => {
    const place = places.get(at.id)
    return place && (from?.(place.party) ?? true)
      ? [{ at, place, sources: [...at.addresses, ...place.public].map(asked) }]
      : []
  })
  for (const [at, headers] of arrived) {
    const place = places.get(at.id)
    if (!place || to?.(place.party) === false) continue
    const back = intersect(headers, answered)
    if (place.party === INTERNET) yield* toInternet(senders, headers, back)
    else
      yield* between(
        senders.filter((s) => isPair(s.place, place) && s.at.node !== at.node),
        place,
        headers,
        back,
      )
  }
}

/** The first speaks for its class: to the first of another, or to the second where the two are on the same nodes. */
function isPair(from: Place, to: Place): boolean {
  if (from.isSecond || from.party === INTERNET || to.party === INTERNET) return false
  return (from.party.first.node === to.party.first.node) === to.isSecond
}

function* toInternet(senders: readonly Sender[], headers: HeaderSet, back: HeaderSet): Generator<Passage> {
  for (const { at, place } of senders) {
    const sent = where({ source: new Set([...at.addresses, ...place.public]) })
    const arrived = freed(intersect(headers, sent), SOURCE)
    if (isEmpty(arrived)) continue
    yield passage({ from: place.party, to: INTERNET, aimedAt: 'public' }, arrived, freed(intersect(back, sent), SOURCE))
  }
}

const SOURCE = levelsOf('source')

function* between(senders: readonly Sender[], to: Place, headers: HeaderSet, back: HeaderSet): Generator<Passage> {
  for (const aimedAt of AIMS) {
    const aims = to[aimedAt].map(asked)
    const all = aims.map((aim) => shapesTo(headers, aim))
    const answered = back === headers ? all : aims.map((aim) => shapesTo(back, aim))
    if (aims.length === 0) continue
    for (const { place, sources } of senders) {
      const shape = (shapes: typeof all) => unionOf(shapes.flatMap((from) => sources.map(from)))
      const arrived = shape(all)
      if (isEmpty(arrived)) continue
      yield passage({ from: place.party, to: to.party, aimedAt }, arrived, all === answered ? arrived : shape(answered))
    }
  }
}

const AIMS: readonly Aim[] = ['private', 'public']

const passage = (ends: Pick<Passage, 'from' | 'to' | 'aimedAt'>, arrived: HeaderSet, answered: HeaderSet): Passage => ({
  ...ends,
  answered,
  unanswered: subtract(arrived, answered),
})

function* fromOutside(places: Places, scope: Scope, { arrived, answered }: Flooded): Generator<Passage> {
  const free = levelsOf('destination')
  for (const [at, headers] of arrived) {
    const to = places.get(at.id)
    if (!to || to.party === INTERNET || to.isSecond || scope.to?.(to.party) === false) continue
    const back = freed(intersect(headers, answered), free)
    yield passage({ from: INTERNET, to: to.party, aimedAt: 'public' }, freed(headers, free), back)
  }
}
