/** Questions about sets on the owner's socket: who reaches whom, as the state is now. */
import { type By, matrix } from '../analyzer/reach/matrix.ts'
import { changed, exposure, whatCanReach, whoCanReach } from '../analyzer/reach/reach.ts'
import type { ChangeRow, Row, Side } from '../analyzer/reach/rows.ts'
import { QuestionError } from '../analyzer/question-error.ts'
import { nameOf } from '../analyzer/words/names.ts'
import { endsOf } from '../check/ends.ts'
import type { Subject } from '../check/explanation.ts'
import { NameError, type Scope } from '../check/names.ts'
import { compile } from '../compile/compile.ts'
import type { State } from '../ec2/state.ts'
import type { Network } from '../network/network.ts'
import { readSnapshot } from '../snapshot/read-snapshot.ts'
import { SnapshotError } from '../snapshot/snapshot-error.ts'

/** What is asked. `before`: the folder of an earlier snapshot. */
export type ReachQuestion =
  | { readonly kind: 'to' | 'from'; readonly word: string; readonly scope: Scope }
  | { readonly kind: 'matrix'; readonly by: By }
  | { readonly kind: 'internet' }
  | { readonly kind: 'diff'; readonly before: string }

/** Rows of a table, and the names of what stands in them, by id. This is the JSON of `isthmus reach -o json`. */
export type Reach =
  | { readonly kind: Exclude<ReachQuestion['kind'], 'diff'>; readonly rows: readonly Row[]; readonly names: Names }
  | { readonly kind: 'diff'; readonly rows: readonly ChangeRow[]; readonly names: Names }

type Names = Readonly<Record<string, string>>

/** `POST /reach`: a `ReachQuestion` → a `Reach`; 422 where it is about something that is not there. */
export function answerReach(subject: Subject, body: Record<string, unknown>): { status: number; body: unknown } {
  try {
    return { status: 200, body: reachOf(subject, body as unknown as ReachQuestion) }
  } catch (error) {
    if (error instanceof NameError || error instanceof QuestionError || error instanceof SnapshotError)
      return { status: 422, body: { error: error.message } }
    throw error
  }
}

/** Throws NameError, QuestionError and SnapshotError where the question is about something that is not there. */
export function reachOf({ state, network }: Subject, question: ReachQuestion): Reach {
  if (question.kind === 'diff') {
    const before = readSnapshot(question.before).state
    const rows = changed(compile(before), network)
    return { kind: 'diff', rows, names: { ...namesIn(before, network, rows), ...namesIn(state, network, rows) } }
  }
  const rows = rowsFor({ state, network }, question)
  return { kind: question.kind, rows, names: namesIn(state, network, rows) }
}

function rowsFor({ state, network }: Subject, question: Exclude<ReachQuestion, { kind: 'diff' }>): Row[] {
  switch (question.kind) {
    case 'to':
      return whoCanReach(network, endsOf(state, question.word, question.scope))
    case 'from':
      return whatCanReach(network, endsOf(state, question.word, question.scope))
    case 'matrix':
      return matrix(network, question.by)
    case 'internet':
      return exposure(network)
    default:
      throw new QuestionError(`There is no such question: ${JSON.stringify(question)}`)
  }
}

/** By id: of an interface, the name of who has it. */
function namesIn(state: State, network: Network, rows: readonly { readonly from: Side; readonly to: Side }[]): Names {
  const ids = new Set(
    rows.flatMap(({ from, to }) => [from, to].flatMap((side) => (side.kind === 'internet' ? [] : side.ids))),
  )
  const holderOf = (id: string) =>
    network.interfaces.get(id)?.node ?? state.get('network-interface', id)?.attachment?.instanceId ?? id
  return Object.fromEntries([...ids].map((id) => [id, nameOf(state, holderOf(id)) ?? holderOf(id)]))
}
