/** Ids that the machine has set aside for a user, and how they appear in his own user namespace. */
import type { IdRange } from '../guest/ids.ts'

/** The files of subuid(5) and subgid(5). */
export const SUBORDINATE = { uid: '/etc/subuid', gid: '/etc/subgid' } as const
/** What useradd gives: enough for every id that a system uses, `nobody` among them. */
export const USUAL_COUNT = 65_536

/** The ranges of a user, who stands there by name or by number. */
export const rangesOf = (text: string, { name, uid }: { name: string; uid: number }): IdRange[] =>
  text.split('\n').flatMap((line) => {
    const [owner, first, count] = line.trim().split(':')
    const mine = owner === name || owner === `${uid}`
    return mine && /^\d+$/.test(first ?? '') && /^\d+$/.test(count ?? '')
      ? [{ first: Number(first), count: Number(count) }]
      : []
  })

/**
 * The words for newuidmap(1): the user is root inside, and from 1 on come as many subordinate ids as are usual, from as
 * many ranges as that takes.
 */
export function mapWords(own: number, ranges: readonly IdRange[]): string[] {
  const rows = [[0, own, 1]]
  let next = 1
  for (const { first, count } of ranges) {
    const taken = Math.min(count, USUAL_COUNT + 1 - next)
    if (taken <= 0) break
    rows.push([next, first, taken])
    next += taken
  }
  return rows.flat().map(String)
}
