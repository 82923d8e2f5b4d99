/** What a change opened and closed: the passages of two networks, class by class. */
import { type HeaderSet, isEmpty, NOTHING, subtract, union } from '../../headers/header-set.ts'
import type { Network } from '../../network/network.ts'
import { jointClasses } from './classes.ts'
import { INTERNET, type Party } from './parties.ts'
import { type Passage, passages, type Scope } from './passages.ts'

/** What may pass between two parties now and could not before, or the other way round. */
export interface Change extends Pick<Passage, 'from' | 'to' | 'aimedAt'> {
  readonly what: 'opened' | 'closed'
  /** What arrives and is answered, and what arrives, on this side of the change alone. */
  readonly headers: HeaderSet
}

/** `only`: ids of interfaces; what concerns none of them is not looked at. */
export function changesBetween(before: Network, after: Network, only?: ReadonlySet<string>): Change[] {
  const classes = jointClasses([before, after])
  const [was, is] = [reached(before), reached(after)]
  return [...compared('opened', was, is), ...compared('closed', is, was)]

  /** One network after the other. */
  function reached(network: Network): ReadonlyMap<string, Passage> {
    const found = scopesOf(only).flatMap((scope) => [...passages(network, classes, scope)])
    return new Map(found.map((passage) => [keyOf(passage), passage]))
  }
}

function scopesOf(only: ReadonlySet<string> | undefined): Scope[] {
  if (!only) return [{}]
  const concerned = (party: Party) => party !== INTERNET && party.members.some(({ id }) => only.has(id))
  return [{ from: concerned }, { to: concerned }]
}

export const partyKey = (party: Party): string => (party === INTERNET ? INTERNET : party.id)
const keyOf = ({ from, to, aimedAt }: Passage): string => `${partyKey(from)} ${partyKey(to)} ${aimedAt}`

function compared(
  what: Change['what'],
  less: ReadonlyMap<string, Passage>,
  more: ReadonlyMap<string, Passage>,
): Change[] {
  return [...more].flatMap(([key, now]) => {
    const headers = union(
      subtract(now.answered, less.get(key)?.answered ?? NOTHING),
      subtract(arrivingBy(now), arrivingBy(less.get(key))),
    )
    return isEmpty(headers) ? [] : [{ from: now.from, to: now.to, aimedAt: now.aimedAt, what, headers }]
  })
}

const arrivingBy = (passage: Passage | undefined): HeaderSet =>
  passage ? union(passage.answered, passage.unanswered) : NOTHING
