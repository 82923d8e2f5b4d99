/** A list of sets as one diagram: of each header it knows at once the first set that holds it. */
import type { Ip } from '../ip/address.ts'
import { type Diagram, leaf, mapKids } from './diagram.ts'
import { type Constants, divide } from './divide.ts'
import { type AddressField, addressTable } from './field-sets.ts'
import { LEAF } from './fields.ts'
import { type HeaderSet, NOTHING } from './header-set.ts'
import { firstOf } from './operations.ts'

export interface Classified {
  /** The parts that a set holds, with its index (or label), ascending. */
  readonly hits: readonly (readonly [HeaderSet, number])[]
  /** What no set holds; absent where that is nothing. */
  readonly rest?: HeaderSet
}

/** Splits headers by a list of sets. Costs as much as the headers are many, however many the sets are. */
export interface Classifier {
  split(headers: HeaderSet, constants?: Constants): Classified
}

/** Each header belongs to the first of `sets` that holds it. Sets with one label are one part. */
export function classifier(sets: readonly HeaderSet[], labels?: readonly number[]): Classifier {
  return classifierOf(firstOfAll(sets.map((set, i) => labelled(set, leaf((labels?.[i] ?? i) + 1)))))
}

/** Each header belongs to the label that its address has in the table. */
export const addressClassifier = (field: AddressField, labels: readonly (readonly [Ip, number])[]): Classifier =>
  classifierOf(
    addressTable(
      field,
      labels.map(([address, label]) => [address, leaf(label + 1)]),
    ),
  )

function classifierOf(root: Diagram): Classifier {
  return {
    split(headers, constants) {
      const parts = divide(headers, root, constants)
      const rest = parts.get(0)
      const hits = [...parts].filter(([value]) => value > 0).sort(([a], [b]) => a - b)
      return {
        hits: hits.map(([value, part]) => [part as HeaderSet, value - 1] as const),
        ...(rest && { rest: rest as HeaderSet }),
      }
    },
  }
}

function firstOfAll(diagrams: readonly Diagram[]): Diagram {
  if (diagrams.length < 2) return diagrams[0] ?? NOTHING
  const middle = diagrams.length >>> 1
  return firstOf(firstOfAll(diagrams.slice(0, middle)), firstOfAll(diagrams.slice(middle)))
}

/** The function that is `label` for the headers of the set, and 0 for all others. */
function labelled(set: Diagram, label: Diagram): Diagram {
  const known = new Map<Diagram, Diagram>()
  const visit = (at: Diagram): Diagram => {
    if (at.level === LEAF) return at === NOTHING ? at : label
    const found = known.get(at)
    if (found) return found
    const result = mapKids(at, visit)
    known.set(at, result)
    return result
  }
  return label.value === 1 ? set : visit(set)
}
