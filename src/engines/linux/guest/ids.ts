/**
 * Which user ids of the machine stand for those inside guests.
 *
 * Invariants of this folder: what runs in a guest has no capability outside its own user namespace; the server writes
 * nothing by a path that a guest controls; a guest outlives the server that booted it, and the next one finds it again.
 */
import { readFileSync } from 'node:fs'

export interface IdRange {
  /** The id outside that is 0 inside. */
  readonly first: number
  readonly count: number
}

/** Beyond what distributions give to users, and beyond systemd's containers; nobody on the host has these. */
const PRIVILEGED: IdRange = { first: 0x7000_0000, count: 65_536 }
const ALL_IDS = 0xffff_ffff

let known: IdRange | undefined

/** Of the ids that this process may give away: all of the machine, or those of the user namespace it is in itself. */
export function guestIds(): IdRange {
  known ??= rangeIn(readFileSync('/proc/self/uid_map', 'utf8'))
  return known
}

/** The group ids from first to last that a setting of the kernel may name: those of guests where not all are ours. */
export function allGroups(): string {
  const { first, count } = guestIds()
  return first === PRIVILEGED.first ? '0 2147483647' : `${first} ${first + count - 1}`
}

function rangeIn(map: string): IdRange {
  const rows = map
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number))
  if (rows.some(([, , count]) => count === ALL_IDS)) return PRIVILEGED
  const last = Math.max(...rows.map(([first = 0, , count = 0]) => first + count))
  return { first: 1, count: last - 1 }
}
