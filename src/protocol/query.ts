/** The EC2 API over the Query protocol: one action in, AWS's XML or an error out. */
import { ApiError, missingParameter, unsupported } from '../ec2/errors.ts'
import type { Caller } from '../ec2/resource.ts'
import { decode } from './decode.ts'
import { encode } from './encode.ts'
import { ec2ErrorXml } from './error-xml.ts'
import { apiVersion, type Operation, operationOf } from './model.ts'
import { ec2Refusals, queryParameters, type Service } from './service.ts'

/** What carries out EC2's actions. */
export interface Ec2Actions {
  /** False for an action of the API that is answered with UnsupportedOperation. */
  carriesOut(action: string): boolean
  /**
   * Carries one out; `input` is decoded and of the type `Input<action>`, the answer of `Output<action>`. It resolves
   * once the result is durable. Errors: ApiError.
   */
  perform(action: string, input: unknown, caller: Caller): Promise<unknown> | unknown
}

/** Actions that need nothing around them, from a table of handlers. */
export function actionsOf<Context>(
  handlers: Readonly<Record<string, ((input: never, context: Context) => unknown) | undefined>>,
  contextOf: (caller: Caller) => Context,
): Ec2Actions {
  const carriesOut = (action: string) => Object.hasOwn(handlers, action) && handlers[action] !== undefined
  return { carriesOut, perform: (action, input, caller) => handlers[action]?.(input as never, contextOf(caller)) }
}

/** EC2 as the HTTP server sees it. */
export const ec2Service = (actions: Ec2Actions): Service => ({
  contentType: 'text/xml;charset=UTF-8',
  refusals: ec2Refusals,
  answer: (request, caller) => answer(queryParameters(request), caller, actions),
  failure: ec2ErrorXml,
})

/**
 * The answer to one request's parameters. Errors: ApiError with MissingAction, InvalidAction, NoSuchVersion,
 * UnsupportedOperation, what the decoder refuses and what the action itself refuses.
 */
export async function answer(parameters: URLSearchParams, caller: Caller, actions: Ec2Actions): Promise<string> {
  const operation = requestedOperation(parameters)
  const { action } = operation
  if (!actions.carriesOut(action)) {
    throw unsupported(`The action ${action} is part of the EC2 API, but Isthmus does not carry it out yet.`)
  }
  const output = await actions.perform(action, decode(operation, parameters), caller)
  return encode(operation, caller.requestId, output)
}

function requestedOperation(parameters: URLSearchParams): Operation {
  const action = parameters.get('Action')
  const version = parameters.get('Version')
  if (!action) throw new ApiError('MissingAction', 'The request must contain the parameter Action')
  if (!version) throw missingParameter('Version')
  if (version !== apiVersion()) {
    throw new ApiError('NoSuchVersion', `The requested version (${version}) of service AmazonEC2 does not exist`)
  }
  const operation = operationOf(action)
  if (!operation) throw new ApiError('InvalidAction', `The action ${action} is not valid for this web service.`)
  return operation
}
