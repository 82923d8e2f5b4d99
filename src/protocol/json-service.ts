/** A service of AWS's JSON 1.1 protocol: the operation in `X-Amz-Target`, JSON in, JSON out. */
import { ApiError } from '../ec2/errors.ts'
import type { Caller } from '../ec2/resource.ts'
import { jsonRefusals, type Service, type WireRequest } from './service.ts'

/** A request's JSON, still unchecked. */
export type JsonInput = Readonly<Record<string, unknown>>

/** Operation name, as in `X-Amz-Target: Prefix.Operation` → what carries it out. Errors: ApiError. */
export type JsonOperations = Readonly<Record<string, (input: JsonInput, caller: Caller) => unknown>>

/** `unknown` is the error for an operation that is not in the table. */
export const jsonService = (operations: JsonOperations, unknown = unknownOperation): Service => ({
  contentType: 'application/x-amz-json-1.1',
  refusals: jsonRefusals,
  answer(request, caller) {
    const name = targetOf(request).operation
    const operation = Object.hasOwn(operations, name) ? operations[name] : undefined
    if (!operation) throw unknown(name)
    return JSON.stringify(operation(parse(request.body), caller))
  },
  failure: ({ code, message }) => JSON.stringify({ __type: code, message }),
})

/** The two halves of `X-Amz-Target`; empty where there is none. */
export function targetOf({ headers }: Pick<WireRequest, 'headers'>): { prefix: string; operation: string } {
  const [prefix = '', operation = ''] = String(headers['x-amz-target'] ?? '').split('.')
  return { prefix, operation }
}

function unknownOperation(name: string): ApiError {
  return new ApiError('UnknownOperationException', `The operation ${name} is not carried out here.`)
}

function parse(body: Buffer): JsonInput {
  try {
    const value: unknown = JSON.parse(body.toString('utf8') || '{}')
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as JsonInput
  } catch {
    // Said below, in AWS's words.
  }
  throw new ApiError('SerializationException', 'The request body is not a JSON object.')
}
