/** What a verdict rests on: the legs that were walked, each with the addresses that its packets had. */
import { currentFlow } from '../forward/set-domain.ts'
import { hostPrefix } from '../ip/prefix.ts'
import type { Flow } from '../network/flow.ts'
import type { Rests } from './answer.ts'
import type { MovedLeg } from './fates.ts'
import type { End, Question } from './question.ts'
import type { Asked } from './resolve.ts'

const RECORDS: ReadonlySet<End['kind']> = new Set(['instance', 'network-interface'])
const SINGLE: ReadonlySet<End['kind']> = new Set([...RECORDS, 'address'])

/**
 * Of a question between two addresses the legs; `flow` is one of the packets. All packets of a leg have the same
 * addresses, so that one tells what the others can meet. Without legs (an end does not run) it rests on the ends alone.
 */
export function restsOf(question: Question, asked: Asked, flow: Flow, legs: readonly MovedLeg[]): Rests {
  const { from, to, source } = question
  const kinds = legs.length > 0 ? SINGLE : RECORDS
  if (!kinds.has(from.kind) || !kinds.has(to.kind)) return 'anything'
  if (asked.worldwide || asked.oneWay || asked.before.length > 0) return 'anything'
  if (source !== undefined && source !== hostPrefix(flow.source)) return 'anything'
  // The ends are met even by what stops before it comes there: their first addresses are what was asked about.
  const ends = [asked.back, asked.to].flatMap((node) => (node === undefined ? [] : { flow, path: [node] }))
  return [...ends, ...legs.map(({ headers, path }) => ({ flow: currentFlow(headers, flow), path }))]
}
