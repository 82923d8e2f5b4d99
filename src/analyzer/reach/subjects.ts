/** Whom a question is about: the classes that hold what was named. */
import { isPrivate } from '../../ip/prefix.ts'
import type { Ip } from '../../ip/address.ts'
import { groupsOf } from '../../network/groups.ts'
import type { Interface, Network } from '../../network/network.ts'
import { QuestionError } from '../question-error.ts'
import type { End } from '../question.ts'
import { INTERNET, type Party } from './parties.ts'

/** Who was named. */
export interface Subjects {
  /** Whether a party is, or holds, one of them. */
  readonly has: (party: Party) => boolean
  /** Those members of a party that were named. */
  readonly of: (party: Party) => Party
}

/** Throws QuestionError where an end is nobody who sends or takes. */
export function subjectsOf(network: Network, ends: readonly End[]): Subjects {
  const ids = new Set(ends.flatMap((end) => interfacesOf(network, end)))
  const internet = ends.some((end) => end.kind === 'internet' || isOutside(network, end))
  if (ids.size === 0 && !internet)
    throw new QuestionError(`Nobody is up who could be asked about: ${ends.map(nameOf).join(', ')}.`)
  return {
    has: (party) => (party === INTERNET ? internet : party.members.some(({ id }) => ids.has(id))),
    of: (party) => (party === INTERNET ? party : { ...party, members: party.members.filter(({ id }) => ids.has(id)) }),
  }
}

const nameOf = (end: End): string => ('id' in end ? end.id : end.kind === 'address' ? end.address : end.kind)

/** Ids of the interfaces that an end is. */
function interfacesOf(network: Network, end: End): readonly string[] {
  switch (end.kind) {
    case 'instance':
      return (groupsOf(network).interfacesOf.get(end.id) ?? []).map(({ id }) => id)
    case 'network-interface':
      return network.interfaces.has(end.id) ? [end.id] : []
    case 'address':
      return holdersOf(network, end.address).map(({ id }) => id)
    case 'internet':
      return []
    default:
      throw new QuestionError(`${end.id} is passed, not reached: ask about an instance, an address or the internet.`)
  }
}

/** Who has an address, as a private one or as a public one. */
function holdersOf(network: Network, address: Ip): Interface[] {
  const translation = groupsOf(network).publicOwners.get(address)
  const router = translation && network.interfaces.get(translation.interface)?.node
  const inside = translation?.inside ?? address
  const segments = new Set(router && (groupsOf(network).interfacesOf.get(router) ?? []).map(({ segment }) => segment))
  return [...network.interfaces.values()].filter(
    (at) => at.addresses.includes(inside) && (segments.size === 0 || segments.has(at.segment)),
  )
}

const isOutside = (network: Network, end: End): boolean =>
  end.kind === 'address' && !isPrivate(end.address) && !groupsOf(network).publicOwners.has(end.address)
