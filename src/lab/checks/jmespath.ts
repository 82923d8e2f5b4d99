/** JMESPath, as `aws --query` takes it. */
import { search } from '@aws-lambda-powertools/jmespath'
import type { JSONObject } from '@aws-lambda-powertools/jmespath/types'
import { UnboundError } from '../names/bind.ts'

/** Throws UnboundError where a function is given what it can not take, such as the length of nothing. */
export function valueAt(path: string, data: unknown): unknown {
  try {
    return search(path, data as JSONObject)
  } catch (error) {
    throw new UnboundError(`${path}: ${(error as Error).message}`)
  }
}

/** The library exports no classes for these; a type that is wrong only says that nothing was there. */
const MISTAKES: ReadonlySet<string> = new Set([
  'LexerError',
  'ParseError',
  'IncompleteExpressionError',
  'EmptyExpressionError',
  'UnknownFunctionError',
  'ArityError',
])

/** What is wrong with an expression, whatever it is asked about. */
export function pathMistake(path: string): string | undefined {
  try {
    search(path, {})
    return undefined
  } catch (error) {
    return MISTAKES.has((error as Error).name) ? (error as Error).message : undefined
  }
}
