/**
 * Interval decision diagrams: functions of a header's fields, as a graph that asks the fields in one order.
 *
 * Invariants: a node's intervals cover its field and neighbours lead to different nodes; a node with one interval is
 * not there; and there is one node of a kind, so that equal functions are one object (`===`).
 */
import { LEAF } from './fields.ts'

/** A node, or a leaf. Read by this folder only; made by `node` and `leaf` only. */
export interface Diagram {
  /** The field that it asks; `LEAF` on a leaf. */
  readonly level: number
  /** The first value of each interval, ascending from 0. */
  readonly starts: readonly number[]
  /** Where each interval leads. */
  readonly kids: readonly Diagram[]
  /** The function's value, on a leaf; else -1. */
  readonly value: number
  /** For hashes. */
  readonly id: number
}

/** A node in a bucket of the table. */
interface Entry extends Diagram {
  readonly hash: number
  next: Entry | undefined
}

/**
 * All nodes, in two generations. The young one holds its nodes. When it is full, they become the old one, which holds
 * them weakly: what nobody uses any more is collected, and what is asked for again is young again.
 */
const FULL = 8_000_000
let young = new Map<number, Entry>()
/** How large they are together: a node may have thousands of intervals. */
let size = 0
/** What a node takes beside its intervals, in intervals. */
const NODE = 8
let old = new Map<number, WeakRef<Entry>[]>()
const emptied: (() => void)[] = []
let ids = 0

/** Calls `forget` whenever nodes are let go, so that caches let go of them as well. */
export const whenFull = (forget: () => void): void => void emptied.push(forget)

function nextId(): number {
  ids = (ids + 1) | 0
  return ids
}

const leaves: Diagram[] = []

/** The function that is `value` (0, 1, 2, ...) everywhere. */
export function leaf(value: number): Diagram {
  for (let next = leaves.length; next <= value; next++)
    leaves.push({ level: LEAF, starts: [], kids: [], value: next, id: nextId() })
  return leaves[value] as Diagram
}

/** The node with these intervals, of which neighbours differ. Keeps the arrays. */
export function node(level: number, starts: readonly number[], kids: readonly Diagram[]): Diagram {
  if (kids.length === 1) return kids[0] as Diagram
  const hash = hashOf(level, starts, kids)
  const bucket = young.get(hash)
  for (let entry = bucket; entry; entry = entry.next) if (isSame(entry, level, starts, kids)) return entry
  const entry = revived(hash, level, starts, kids) ?? made(hash, level, starts, kids)
  entry.next = bucket
  young.set(hash, entry)
  size += NODE + kids.length
  if (size > FULL) turn()
  return entry
}

const made = (hash: number, level: number, starts: readonly number[], kids: readonly Diagram[]): Entry => ({
  level,
  starts,
  kids,
  value: -1,
  id: nextId(),
  hash,
  next: undefined,
})

function revived(hash: number, level: number, starts: readonly number[], kids: readonly Diagram[]): Entry | undefined {
  const refs = old.size === 0 ? undefined : old.get(hash)
  const at = refs?.findIndex((ref) => isSame(ref.deref(), level, starts, kids)) ?? -1
  return at < 0 ? undefined : refs?.splice(at, 1)[0]?.deref()
}

function turn(): void {
  const kept = new Map<number, WeakRef<Entry>[]>()
  for (const [hash, refs] of old) {
    const alive = refs.filter((ref) => ref.deref() !== undefined)
    if (alive.length > 0) kept.set(hash, alive)
  }
  for (const [hash, bucket] of young) {
    const refs = kept.get(hash) ?? []
    kept.set(hash, refs)
    for (let entry: Entry | undefined = bucket; entry; ) {
      const { next }: Entry = entry
      entry.next = undefined
      refs.push(new WeakRef(entry))
      entry = next
    }
  }
  old = kept
  young = new Map()
  size = 0
  for (const forget of emptied) forget()
}

function isSame(entry: Entry | undefined, level: number, starts: readonly number[], kids: readonly Diagram[]): boolean {
  if (!entry || entry.level !== level || entry.kids.length !== kids.length) return false
  for (let i = 0; i < kids.length; i++) if (entry.kids[i] !== kids[i] || entry.starts[i] !== starts[i]) return false
  return true
}

function hashOf(level: number, starts: readonly number[], kids: readonly Diagram[]): number {
  let hash = level
  for (let i = 0; i < kids.length; i++) {
    hash = Math.imul(hash ^ (starts[i] as number), 0x9e3779b1)
    hash = Math.imul((hash ^ (hash >>> 15)) + (kids[i] as Diagram).id, 0x85ebca6b)
  }
  return hash ^ (hash >>> 13)
}

/** Gathers the intervals of a node in ascending order; neighbours that lead to one node become one. */
export class Intervals {
  private readonly starts: number[] = []
  private readonly kids: Diagram[] = []
  private last: Diagram | undefined

  /** From `start` on, until the next is added. */
  add(start: number, kid: Diagram): void {
    if (kid === this.last) return
    this.starts.push(start)
    this.kids.push(kid)
    this.last = kid
  }

  toNode(level: number): Diagram {
    return node(level, this.starts, this.kids)
  }
}

/** The node with the same intervals, and where each of them leads changed. */
export function mapKids({ level, starts, kids }: Diagram, change: (kid: Diagram) => Diagram): Diagram {
  const out = new Intervals()
  for (let i = 0; i < kids.length; i++) out.add(starts[i] as number, change(kids[i] as Diagram))
  return out.toNode(level)
}

/** The index of the interval that holds `value`; `least` is one that is known not to lie behind it. */
export function indexOf({ starts }: Diagram, value: number, least = 0): number {
  let low = least
  let high = starts.length - 1
  while (low < high) {
    const middle = (low + high + 1) >>> 1
    if ((starts[middle] as number) <= value) low = middle
    else high = middle - 1
  }
  return low
}

/** Where a node leads from `value` of its field. */
export const kidOf = (diagram: Diagram, value: number): Diagram => diagram.kids[indexOf(diagram, value)] as Diagram
