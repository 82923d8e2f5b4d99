/**
 * Exact sets of packet headers.
 *
 * Invariants: equal sets are one object (`===`); a set asks for ports of TCP and UDP only, for types of ICMP and ICMPv6
 * only, and of an IPv4 address for its one word only, so that sets which hold the same headers are equal.
 */
import type { Flow } from '../network/flow.ts'
import { type Diagram, kidOf, leaf } from './diagram.ts'
import { LEAF } from './fields.ts'
import { valuesOf } from './flow-values.ts'
import { difference, intersection, united } from './operations.ts'

/** A set of headers. Opaque: read by the functions of this folder. */
export type HeaderSet = Diagram & { readonly __set: never }

export const NOTHING = leaf(0) as HeaderSet
export const EVERYTHING = leaf(1) as HeaderSet

export const union = (a: HeaderSet, b: HeaderSet): HeaderSet => united(a, b) as HeaderSet
export const intersect = (a: HeaderSet, b: HeaderSet): HeaderSet => intersection(a, b) as HeaderSet
/** What is in `a` and not in `b`. */
export const subtract = (a: HeaderSet, b: HeaderSet): HeaderSet => difference(a, b) as HeaderSet

export const isEmpty = (set: HeaderSet): boolean => set === NOTHING
/** Whether `a` holds all of `b`. */
export const covers = (a: HeaderSet, b: HeaderSet): boolean => difference(b, a) === NOTHING

/** The union of many, by halves. */
export function unionOf(sets: readonly HeaderSet[]): HeaderSet {
  if (sets.length <= 2) return union(sets[0] ?? NOTHING, sets[1] ?? NOTHING)
  const middle = sets.length >>> 1
  return union(unionOf(sets.slice(0, middle)), unionOf(sets.slice(middle)))
}

export function includes(set: HeaderSet, flow: Flow): boolean {
  const values = valuesOf(flow)
  let at: Diagram = set
  while (at.level !== LEAF) at = kidOf(at, values[at.level] as number)
  return at === EVERYTHING
}
