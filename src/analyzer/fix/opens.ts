/** What a fix lets pass beside what was asked for, and what it no longer lets pass: said before it is made. */
import type { IncrementalCompile } from '../../compile/incremental.ts'
import type { State } from '../../ec2/state.ts'
import { addresses, boxes } from '../../headers/boxes.ts'
import { isEmpty, NOTHING, subtract, union } from '../../headers/header-set.ts'
import { freed, levelsOf } from '../../headers/transform.ts'
import type { Network } from '../../network/network.ts'
import type { Question } from '../question.ts'
import { type InterfaceClass, jointClasses } from '../reach/classes.ts'
import { type Passage, passages } from '../reach/passages.ts'
import { INTERNET, type Party } from '../reach/parties.ts'
import { type AskedFlow, askedFlow } from './asked-flow.ts'
import type { Difference, Opening } from './opening.ts'
import { openingText, trafficTexts } from './opening-text.ts'
import type { Rehearsal } from './rehearsal.ts'
import { type Touched, touchedBy } from './touched.ts'

interface SideEffects {
  readonly opens: readonly Opening[]
  readonly closes: readonly Opening[]
}

/** Of all that changes between interfaces that the calls touch and everybody else, the asked flow aside. */
export function sideEffects(
  state: State,
  compiled: IncrementalCompile,
  { state: after }: Rehearsal,
  question: Question,
): SideEffects {
  const [before, later] = [compiled.network, compiled.suppose(after).network]
  const classes = jointClasses([before, later])
  const touched = touchedBy(state, after)
  const [was, is] = [reached(before, classes, touched), reached(later, classes, touched)]
  const asked = askedFlow(after, later, question)
  const told = (differences: readonly Difference[]) => merged(differences).map((one) => openingOf(after, later, one))
  return { opens: told(grown(was, is, asked)), closes: told(grown(is, was, undefined)) }
}

type Passages = ReadonlyMap<string, Passage>

/** What reaches the touched, and what the touched reach: one look at everything where that is everything. */
function reached(network: Network, classes: readonly InterfaceClass[], { receivers, senders }: Touched): Passages {
  const of = (ids: ReadonlySet<string>) => (party: Party) =>
    party !== INTERNET && party.members.some(({ id }) => ids.has(id))
  const [isReceiver, isSender] = [of(receivers), of(senders)]
  const found = classes.every((each) => isReceiver(each) && isSender(each))
    ? [...passages(network, classes)]
    : [...passages(network, classes, { to: isReceiver }), ...passages(network, classes, { from: isSender })]
  return new Map(found.map((passage) => [keyOf(passage), passage]))
}

const nameOf = (party: Party): string => (party === INTERNET ? INTERNET : party.id)
const keyOf = ({ from, to, aimedAt }: Passage): string => `${nameOf(from)} ${nameOf(to)} ${aimedAt}`

/** Ports that senders choose, and codes, distinguish nothing that a person opens. */
const UNIMPORTANT = [...levelsOf('sourcePort'), ...levelsOf('icmpCode')]

function grown(was: Passages, is: Passages, asked: AskedFlow | undefined): Difference[] {
  return [...is].flatMap(([key, now]) => {
    const old = was.get(key)
    const arrived = (p: Passage | undefined) => (p ? union(p.answered, p.unanswered) : NOTHING)
    const more = union(
      subtract(freed(now.answered, UNIMPORTANT), freed(old?.answered ?? NOTHING, UNIMPORTANT)),
      subtract(freed(arrived(now), UNIMPORTANT), freed(arrived(old), UNIMPORTANT)),
    )
    if (isEmpty(more)) return []
    const whole: Difference = { from: idsOf(now.from), to: idsOf(now.to), aimedAt: now.aimedAt, headers: more }
    return asked ? asked.without(whole) : [whole]
  })
}

const idsOf = (party: Party): readonly string[] | undefined =>
  party === INTERNET ? undefined : party.members.map(({ id }) => id)

/** Senders that may send the same to the same are one; then receivers that get the same from the same. */
function merged(differences: readonly Difference[]): Difference[] {
  const bySenders = joined(differences, 'to', 'from')
  return joined(bySenders, 'from', 'to')
}

function joined(differences: readonly Difference[], same: 'from' | 'to', other: 'from' | 'to'): Difference[] {
  const numbers = new Map([...new Set(differences.map(({ headers }) => headers))].map((set, i) => [set, i]))
  const groups = Map.groupBy(
    differences,
    (d) => `${d[same]?.join() ?? INTERNET} ${d[other] ? '' : INTERNET} ${d.aimedAt} ${numbers.get(d.headers)}`,
  )
  return [...groups.values()].map((group) => {
    const [first] = group as [Difference]
    const all = group.flatMap((d) => d[other] ?? [])
    return { ...first, [other]: first[other] && [...new Set(all)].sort() }
  })
}

function openingOf(state: State, network: Network, difference: Difference): Opening {
  const { from, to, aimedAt, headers } = difference
  const shown = {
    from: from ?? addresses(headers, 'source'),
    to: to ?? addresses(headers, 'destination'),
    aimedAt,
    traffic: trafficTexts(boxes(headers)),
  }
  return { ...shown, text: openingText(state, network, difference, shown) }
}
