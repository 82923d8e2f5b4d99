/** Headers that are one thing now, as they were when they began. */
import type { SymbolicHeaders } from '../../forward/set-domain.ts'
import { classifier } from '../../headers/classifier.ts'
import { type HeaderSet, isEmpty, NOTHING } from '../../headers/header-set.ts'

/** The part of a request's headers, as they began, whose headers by now are in a set. */
export function preimage({ initial, rewritten }: SymbolicHeaders, now: HeaderSet): HeaderSet {
  if (isEmpty(initial)) return NOTHING
  const [hit] = classifier([now]).split(initial, rewritten).hits
  return hit?.[0] ?? NOTHING
}
