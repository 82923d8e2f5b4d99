/** The little of a DNS message (RFC 1035, RFC 6891) that its transport has to know. */

export const HEADER = 12
/** Bytes of a UDP answer to who does not say what he takes, and the most that anybody gets. */
const SMALL = 512
const LARGEST = 4096
const OPT = 41
const RESPONSE = 0x80
const TRUNCATED = 0x02
const SERVFAIL = 2

/** Whether it can be a query: an answer to an answer would never end. */
export const isQuery = (message: Uint8Array): boolean =>
  message.length >= HEADER && ((message[2] as number) & RESPONSE) === 0

/** The answer that says no more than that there was a failure: the query, given back. */
export function serverFailure(query: Uint8Array): Uint8Array {
  const answer = Uint8Array.from(query)
  answer[2] = (query[2] ?? 0) | RESPONSE
  answer[3] = SERVFAIL
  return answer
}

/** How many bytes of answer may come by UDP: what the query's OPT record says. */
export function udpLimit(query: Uint8Array): number {
  const view = viewOf(query)
  const records = [6, 8, 10].reduce((sum, at) => sum + view.getUint16(at), 0)
  let at = afterQuestions(query)
  for (let i = 0; i < records && at !== undefined; i++) {
    const fixed = afterName(query, at)
    if (fixed === undefined || fixed + 10 > query.length) break
    if (view.getUint16(fixed) === OPT) return Math.min(LARGEST, Math.max(SMALL, view.getUint16(fixed + 2)))
    at = fixed + 10 + view.getUint16(fixed + 8)
  }
  return SMALL
}

/** The answer, or where it is longer than `limit` bytes, no more than its question: the asker comes again by TCP. */
export function fitting(answer: Uint8Array, limit: number): Uint8Array {
  if (answer.length <= limit) return answer
  const short = answer.slice(0, afterQuestions(answer) ?? HEADER)
  short[2] = (short[2] ?? 0) | TRUNCATED
  short.fill(0, short.length === HEADER ? 4 : 6, HEADER)
  return short
}

function afterQuestions(message: Uint8Array): number | undefined {
  const count = viewOf(message).getUint16(4)
  let at: number | undefined = HEADER
  for (let i = 0; i < count && at !== undefined; i++) {
    const end = afterName(message, at)
    at = end !== undefined && end + 4 <= message.length ? end + 4 : undefined
  }
  return at
}

/** Where a name ends: at the empty label, or with a pointer. */
function afterName(message: Uint8Array, start: number): number | undefined {
  for (let at = start; at < message.length; ) {
    const length = message[at] as number
    if (length === 0) return at + 1
    if (length >= 0xc0) return at + 2
    if (length > 63) return undefined
    at += length + 1
  }
  return undefined
}

const viewOf = ({ buffer, byteOffset, byteLength }: Uint8Array): DataView =>
  new DataView(buffer, byteOffset, byteLength)
