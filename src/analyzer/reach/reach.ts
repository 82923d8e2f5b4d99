/** Questions about sets: who can reach this, what can this reach, what does the internet reach, what has changed. */
import { where } from '../../headers/condition.ts'
import { type HeaderSet, intersect, isEmpty } from '../../headers/header-set.ts'
import { hostPrefix } from '../../ip/prefix.ts'
import type { Network } from '../../network/network.ts'
import type { End } from '../question.ts'
import { classesOf } from './classes.ts'
import { changesBetween } from './diff.ts'
import { INTERNET } from './parties.ts'
import { type Passage, passages } from './passages.ts'
import { type ChangeRow, changeRowsOf, type Row, rowsOf } from './rows.ts'
import { type Subjects, subjectsOf } from './subjects.ts'

/** Who sends what to one of these that arrives. Throws QuestionError. */
export const whoCanReach = (network: Network, ends: readonly End[]): Row[] => reach(network, 'to', ends)

/** What arrives of all that these send. Throws QuestionError. */
export const whatCanReach = (network: Network, ends: readonly End[]): Row[] => reach(network, 'from', ends)

function reach(network: Network, side: 'from' | 'to', ends: readonly End[]): Row[] {
  const subjects = subjectsOf(network, ends)
  const all = passages(network, classesOf(network), { [side]: subjects.has })
  return rowsOf(
    network,
    narrowed(all, side, ends).map((passage) => named(passage, side, subjects)),
  )
}

/** A passage of those that were named alone; what one of them sends to itself is none. */
function named(passage: Passage, side: 'from' | 'to', subjects: Subjects): Passage {
  const other = side === 'from' ? 'to' : 'from'
  const [asked, rest] = [subjects.of(passage[side]), passage[other]]
  if (passage.from !== passage.to || asked === INTERNET || rest === INTERNET) return { ...passage, [side]: asked }
  const [only] = asked.members.length === 1 ? asked.members : []
  return { ...passage, [side]: asked, [other]: { ...rest, members: rest.members.filter(({ id }) => id !== only?.id) } }
}

/** What on the internet reaches what, on which ports. */
export const exposure = (network: Network): Row[] =>
  rowsOf(network, passages(network, classesOf(network), { from: (party) => party === INTERNET }))

/** What was opened and closed from one network to the next. `only`: ids of the interfaces that it is about. */
export const changed = (before: Network, after: Network, only?: ReadonlySet<string>): ChangeRow[] =>
  changeRowsOf(after, changesBetween(before, after, only))

/** Of the internet, the part that was asked about. */
function* narrowed(all: Iterable<Passage>, side: 'from' | 'to', ends: readonly End[]): Generator<Passage> {
  const asked = ends.flatMap((end) => {
    if (end.kind === 'internet') return [end.prefix]
    return end.kind === 'address' ? [hostPrefix(end.address)] : []
  })
  const prefixes = asked.filter((prefix) => prefix !== undefined)
  const isWhole = asked.length > prefixes.length || asked.length === 0
  const part = where({ [side === 'from' ? 'source' : 'destination']: prefixes })
  for (const passage of all) {
    if (isWhole || passage[side] !== INTERNET) {
      yield passage
      continue
    }
    const cut = (headers: HeaderSet) => intersect(headers, part)
    const [answered, unanswered] = [cut(passage.answered), cut(passage.unanswered)]
    if (!isEmpty(answered) || !isEmpty(unanswered)) yield { ...passage, answered, unanswered }
  }
}
