/** Who reaches whom, as a table that a person can read. */
import type { ChangeRow, Row, Side } from '../analyzer/reach/rows.ts'
import type { Reach } from '../server/reach.ts'
import { inColumns } from './columns.ts'

/** More names than these are counted; `-o json` has all. */
const SHOWN = 3

/** The rows under their headings, each column as wide as it needs. */
export function reachText({ kind, rows, names }: Reach): string {
  if (rows.length === 0) return NOTHING[kind]
  const labels = labelsFor(rows, names)
  const lines = kind === 'diff' ? changeLines(rows, labels) : rowLines(rows, labels)
  return inColumns(lines)
}

const NOTHING: Readonly<Record<Reach['kind'], string>> = {
  to: 'Nobody can reach it.',
  from: 'It can reach nobody.',
  matrix: 'Nobody can reach anybody.',
  internet: 'The internet reaches nobody.',
  diff: 'Nothing has been opened or closed.',
}

type Names = Reach['names']

/** A name that several of one kind have is no name: the id is added. Interfaces are called by who has them. */
function labelsFor(rows: readonly (Row | ChangeRow)[], names: Names): Names {
  const sides = rows.flatMap(({ from, to }) => [from, to]).filter(({ kind }) => kind !== 'interface')
  const byName = Map.groupBy(new Set(sides.flatMap(({ ids }) => ids)), (id) => names[id] ?? id)
  const shared = [...byName].filter(([, ids]) => ids.length > 1)
  return { ...names, ...Object.fromEntries(shared.flatMap(([name, ids]) => ids.map((id) => [id, `${name} (${id})`]))) }
}

function rowLines(rows: readonly Row[], names: Names): string[][] {
  const body = rows.map((row) => [
    nameOf(row.from, names),
    receiver(row, names),
    row.answered.join(', '),
    row.unanswered.join(', '),
  ])
  const hasSilence = rows.some(({ unanswered }) => unanswered.length > 0)
  const head = ['FROM', 'TO', 'ANSWERED', 'ARRIVES ONLY']
  return [head, ...body].map((line) => (hasSilence ? line : line.slice(0, -1)))
}

function changeLines(rows: readonly ChangeRow[], names: Names): string[][] {
  const body = rows.map((row) => [row.what, nameOf(row.from, names), receiver(row, names), row.traffic.join(', ')])
  return [['', 'FROM', 'TO', 'TRAFFIC'], ...body]
}

const receiver = ({ to, aimedAt }: Row | ChangeRow, names: Names): string =>
  `${nameOf(to, names)}${aimedAt === 'public' && to.kind !== 'internet' ? ' (public)' : ''}`

/** `web, db and 3 more`. */
function nameOf({ kind, ids }: Side, names: Names): string {
  if (kind === 'internet' && (ids.length === 0 || ids.includes('0.0.0.0/0'))) return 'internet'
  const all = [...new Set(ids.map((id) => names[id] ?? id))].sort(kind === 'internet' ? () => 0 : undefined)
  const shown = all.slice(0, SHOWN).join(', ')
  return all.length > SHOWN ? `${shown} and ${all.length - SHOWN} more` : shown
}
