/** What must hold of every answer, whatever was asked. */
import { coverageOf } from '../../src/ec2/registry.ts'
import { childOf, type Element, parseXml } from '../../src/client/xml.ts'
import type { Call } from './call.ts'
import type { Reply } from './wire.ts'

/** What was seen of one call. */
export interface Seen {
  readonly call: Call
  readonly reply: Reply
  readonly before: number
  readonly after: number
  readonly logged: readonly string[]
  readonly networkChanged: boolean
}

/** The error's code, `200`, or where there is no error in a refusal, the status. */
export function outcomeOf({ status, body }: Reply): string {
  return status === 200 ? '200' : (/<Code>([^<]*)<\/Code>/.exec(body)?.[1] ?? String(status))
}

/** What does not hold, as a sentence; undefined where all does. */
export function broken(seen: Seen): string | undefined {
  const { call, reply, before, after, logged, networkChanged } = seen
  if (logged.length > 0) return `the server logged: ${logged.join('\n')}`
  if (reply.status >= 500 || reply.body.includes('InternalError')) return `answered ${reply.status}: ${reply.body}`
  if (reply.status !== 200 && before !== after) return 'refused, and yet the records changed'
  if (/^Describe/.test(call.action) && before !== after) return 'described, and yet the records changed'
  if (before !== after && call.parameters.some(isDryRun)) return 'only tried, and yet the records changed'
  if (networkChanged && coverageOf(call.action) !== 'packets')
    return 'said to be of records only (docs/coverage.md), and yet packets meet something else'
  return illFormed(reply, call.action)
}

const isDryRun = ([name, value]: Call['parameters'][number]): boolean => name === 'DryRun' && value === 'true'

const declaration = '<?xml version="1.0" encoding="UTF-8"?>\n'
/** Tags, text and entities as XML has them; of a good answer nothing else is left. */
const wellFormed = /<\/?[A-Za-z][\w.-]*(?: xmlns="[^"<&]*")?\/?>|[^<&]+|&(?:amp|lt|gt|quot|apos|#xD);/g
const forbidden = /[^\t\n\x20-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u

function illFormed({ status, type, body }: Reply, action: string): string | undefined {
  if (!type.startsWith('text/xml')) return `answered as ${type}: ${body.slice(0, 200)}`
  if (forbidden.test(body)) return 'the answer has a character that XML does not'
  if (!body.startsWith(declaration) || body.slice(declaration.length).replace(wellFormed, '') !== '')
    return `the answer is no XML: ${body.slice(0, 400)}`
  let root: Element
  try {
    root = parseXml(body)
  } catch (error) {
    return `the answer is no XML (${error}): ${body.slice(0, 400)}`
  }
  if (status !== 200) return isError(root) ? undefined : `not the shape of an error: ${body.slice(0, 400)}`
  if (root.name === `${action}Response` && childOf(root, 'requestId')?.text) return undefined
  return `not the shape of an answer: ${body.slice(0, 400)}`
}

function isError(root: Element): boolean {
  const error = childOf(childOf(root, 'Errors'), 'Error')
  const says = (name: string) => Boolean(childOf(error, name)?.text)
  return root.name === 'Response' && says('Code') && says('Message') && Boolean(childOf(root, 'RequestID')?.text)
}
