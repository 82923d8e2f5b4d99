/** The matrix of an estate: what passes between its groups, subnets or instances. */
import { type HeaderSet, NOTHING, union } from '../../headers/header-set.ts'
import { freed, levelsOf } from '../../headers/transform.ts'
import type { Network } from '../../network/network.ts'
import { guardsOf } from '../../network/rules.ts'
import { classesOf } from './classes.ts'
import { INTERNET, type Party } from './parties.ts'
import { type Passage, passages } from './passages.ts'
import type { Row, Side } from './rows.ts'
import { trafficOf } from './traffic.ts'

export type By = 'group' | 'subnet' | 'instance'

/** What passes from some of one side to some of another. An instance with several groups counts for each of them. */
export function matrix(network: Network, by: By): Row[] {
  const cells = new Map<string, Cell>()
  const labels = labelsBy(network, by)
  for (const passage of passages(network, classesOf(network))) {
    const [answered, unanswered] = [withoutAddresses(passage.answered), withoutAddresses(passage.unanswered)]
    for (const from of labels(passage.from))
      for (const to of labels(passage.to)) {
        if (by === 'instance' && from === to) continue
        const key = `${from}\n${to}\n${passage.aimedAt}`
        const cell = cells.get(key) ?? { from, to, aimedAt: passage.aimedAt, answered: NOTHING, unanswered: NOTHING }
        cell.answered = union(cell.answered, answered)
        cell.unanswered = union(cell.unanswered, unanswered)
        cells.set(key, cell)
      }
  }
  return [...cells.values()].map((cell) => rowOf(cell, by)).toSorted(inOrder)
}

interface Cell extends Pick<Passage, 'aimedAt'> {
  readonly from: string
  readonly to: string
  answered: HeaderSet
  unanswered: HeaderSet
}

const ADDRESSES = [...levelsOf('source'), ...levelsOf('destination')]
const projections = new WeakMap<HeaderSet, HeaderSet>()

function withoutAddresses(headers: HeaderSet): HeaderSet {
  const known = projections.get(headers) ?? freed(headers, ADDRESSES)
  projections.set(headers, known)
  return known
}

const LABELS: Readonly<Record<By, (party: Exclude<Party, typeof INTERNET>, network: Network) => readonly string[]>> = {
  group: ({ first }, network) => guardsOf(network, first),
  subnet: ({ first }) => [first.segment],
  instance: ({ members }) => members.map(({ node }) => node),
}

const labelsBy =
  (network: Network, by: By) =>
  (party: Party): readonly string[] =>
    party === INTERNET ? [INTERNET] : LABELS[by](party, network)

const rowOf = ({ from, to, aimedAt, answered, unanswered }: Cell, by: By): Row => ({
  from: sideOf(from, by),
  to: sideOf(to, by),
  aimedAt,
  answered: trafficOf(answered),
  unanswered: trafficOf(unanswered),
})

const sideOf = (label: string, by: By): Side =>
  label === INTERNET ? { kind: 'internet', ids: [] } : { kind: by, ids: [label] }

const inOrder = (a: Row, b: Row): number => (textOf(a) < textOf(b) ? -1 : 1)
const textOf = ({ from, to, aimedAt }: Row): string => `${from.ids.join()} ${to.ids.join()} ${aimedAt}`
