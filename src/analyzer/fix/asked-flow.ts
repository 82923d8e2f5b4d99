/** What was asked for, taken out of what a fix opens: that it opens is no side effect. */
import { publicAddressesOf } from '../../ec2/address.ts'
import { interfacesOfInstance } from '../../ec2/network-interface.ts'
import type { State } from '../../ec2/state.ts'
import { type HeaderSet, intersect, isEmpty, subtract } from '../../headers/header-set.ts'
import { freed, levelsOf } from '../../headers/transform.ts'
import type { Network } from '../../network/network.ts'
import type { End, Question } from '../question.ts'
import { resolve } from '../resolve.ts'
import type { Difference } from './opening.ts'

export interface AskedFlow {
  /** The parts of a difference that were not asked for. */
  without(difference: Difference): Difference[]
}

export function askedFlow(state: State, network: Network, question: Question): AskedFlow {
  const from = holdersOf(state, question.from)
  const to = holdersOf(state, question.to)
  const { headers } = resolve(state, network, question)
  const levels = [
    ...levelsOf('sourcePort'),
    ...levelsOf('icmpCode'),
    ...(from === undefined ? [] : levelsOf('source')),
    ...(to === undefined ? [] : levelsOf('destination')),
  ]
  return { without: (difference) => without(difference, from, to, freed(headers, levels)) }
}

/** Ids of interfaces; undefined is the internet. */
type Holders = readonly string[] | undefined

function holdersOf(state: State, end: End): Holders {
  switch (end.kind) {
    case 'instance':
      return interfacesOfInstance(state, end.id).map(({ id }) => id)
    case 'network-interface':
      return [end.id]
    case 'address': {
      const inside = state.where('network-interface', 'privateIpAddresses', end.address)
      const all = [...state.all('network-interface')]
      const outside = all.filter((eni) => publicAddressesOf(state, eni).some((a) => a.publicIp === end.address))
      const found = [...inside, ...outside].map(({ id }) => id)
      return found.length > 0 ? found : undefined
    }
    case 'vpc-peering-connection':
      return []
    default:
      return undefined
  }
}

function without(whole: Difference, from: Holders, to: Holders, asked: HeaderSet): Difference[] {
  if (!includesAll(whole.from, from) || !includesAll(whole.to, to)) return [whole]
  const more = subtract(whole.headers, asked)
  const beyond = isEmpty(more) ? [] : [{ ...whole, headers: more }]
  const same = intersect(whole.headers, asked)
  if (isEmpty(same)) return [whole]
  return [...beyond, ...othersOf({ ...whole, headers: same }, from, to)]
}

const includesAll = (of: readonly string[] | undefined, holders: Holders): boolean =>
  of === undefined || holders === undefined ? of === holders : holders.some((id) => of.includes(id))

/** The same between other pairs: other senders to all, and the askers to other receivers. */
function othersOf(same: Difference, from: Holders, to: Holders): Difference[] {
  const senders = same.from?.filter((id) => !from?.includes(id)) ?? []
  const receivers = same.to?.filter((id) => !to?.includes(id)) ?? []
  return [
    ...(senders.length > 0 ? [{ ...same, from: senders }] : []),
    ...(receivers.length > 0 ? [{ ...same, ...(from && { from }), to: receivers }] : []),
  ]
}
