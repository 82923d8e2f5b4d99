/** Operations on diagrams, remembered: two functions become one, value by value. */
import { Cache } from './cache.ts'
import { type Diagram, indexOf, Intervals, leaf, mapKids } from './diagram.ts'
import { LEAF } from './fields.ts'

/**
 * What an operation knows of two operands without looking inside. It may be asked about `ANY`: then an answer holds
 * whatever stands there, and the answer `ANY` is that operand itself.
 */
type Rule = (a: Diagram, b: Diagram) => Diagram | undefined
type Operation = (a: Diagram, b: Diagram) => Diagram

const ANY: Diagram = { level: -1, starts: [], kids: [], value: -1, id: -1 }
const NONE = leaf(0)
const ALL = leaf(1)

export const intersection = operation((a, b) => {
  if (a === NONE || b === NONE) return NONE
  if (a === ALL || a === b) return b
  return b === ALL ? a : undefined
})

export const united = operation((a, b) => {
  if (a === ALL || b === ALL) return ALL
  if (a === NONE || a === b) return b
  return b === NONE ? a : undefined
})

export const difference = operation((a, b) => {
  if (a === NONE || b === ALL || a === b) return NONE
  return b === NONE ? a : undefined
})

/** The first function's value where that is not 0, else the second's. */
export const firstOf = operation((a, b) => {
  if (a === NONE || a === b) return b
  return a.level === LEAF || b === NONE ? a : undefined
})

function operation(rule: Rule): Operation {
  const known = new Cache()
  const apply: Operation = (a, b) => {
    const found = rule(a, b) ?? known.get(a, b)
    if (found) return found
    const result = combine(a, b, rule, apply)
    known.set(a, b, result)
    return result
  }
  return apply
}

function combine(a: Diagram, b: Diagram, rule: Rule, apply: Operation): Diagram {
  if (a.level < b.level) return mapKids(a, (kid) => apply(kid, b))
  if (b.level < a.level) return mapKids(b, (kid) => apply(a, kid))
  const out = new Intervals()
  if (a.kids.length <= b.kids.length) merge(a, b, out, (kid) => rule(kid, ANY), apply)
  else
    merge(
      b,
      a,
      out,
      (kid) => rule(ANY, kid),
      (kid, other) => apply(other, kid),
    )
  return out.toNode(a.level)
}

/** Goes along the node with fewer intervals, and looks into the other only where its kids matter. */
function merge(
  few: Diagram,
  many: Diagram,
  out: Intervals,
  ruleOf: (kid: Diagram) => Diagram | undefined,
  apply: Operation,
): void {
  let at = 0
  for (let i = 0; i < few.kids.length; i++) {
    const kid = few.kids[i] as Diagram
    const from = few.starts[i] as number
    const ruled = ruleOf(kid)
    if (ruled !== undefined && ruled !== ANY) {
      out.add(from, ruled)
      continue
    }
    at = indexOf(many, from, at)
    const end = few.starts[i + 1] ?? Number.POSITIVE_INFINITY
    for (let start = from, j = at; start < end; start = many.starts[++j] ?? end) {
      const other = many.kids[j] as Diagram
      out.add(start, ruled === ANY ? other : apply(kid, other))
    }
  }
}
