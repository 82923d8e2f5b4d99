/**
 * Calls that a page makes again, as its browser has lost the answer: browsers drop their connections when a link of the
 * machine comes or goes, and with real networks links do. Whatever the answer was, the call is carried out once.
 */

/** So many of the latest are remembered. */
const MOST = 100

/** What a page calls a call, in a header, so that the same one is known: a random id. */
export const ATTEMPT = 'x-isthmus-attempt'

export function attempts<A>(): (id: string, carryOut: () => Promise<A>) => Promise<A> {
  const known = new Map<string, Promise<A>>()
  return (id, carryOut) => {
    const earlier = known.get(id)
    if (earlier) return earlier
    const answer = carryOut()
    known.set(id, answer)
    const [oldest] = known.keys()
    if (known.size > MOST && oldest !== undefined) known.delete(oldest)
    return answer
  }
}
