/** The journal as a page reads it: what was called since an entry that it knows. */
import type { RouteAnswer } from '../../protocol/http.ts'
import type { Journal } from '../journal.ts'

/** So many entries a page is given at once: the newest. */
const MOST = 500

/** `since`: the number of the last entry that is known; 0 for none. */
export function activitySince({ since }: Pick<Journal, 'since'>, query: URLSearchParams): RouteAnswer {
  const number = Number(query.get('since') ?? 0)
  if (!Number.isSafeInteger(number) || number < 0)
    return { status: 400, body: { error: 'since is not a whole number.' } }
  const { entries, missed } = since(number)
  return {
    status: 200,
    body: { entries: entries.slice(-MOST), missed: missed || (number > 0 && entries.length > MOST) },
  }
}
