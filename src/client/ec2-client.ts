/**
 * A client of the public EC2 API, for the commands, the wizard and the labs.
 *
 * This folder is how one talks to a running server: its API, and its control socket for what AWS has no API for.
 */
import { request } from 'node:http'
import { operationOf } from '../protocol/model.ts'
import type { Action, Input, Output } from '../protocol/types.ts'
import { readAnswer, readError } from './read-answer.ts'
import { type Identity, signedHeaders } from './sign.ts'
import { writeQuery } from './write-query.ts'

/** A refused call: AWS's code and words. */
export class Ec2CallError extends Error {
  readonly action: string
  readonly code: string
  /** The HTTP status. */
  readonly status: number
  constructor(action: string, code: string, message: string, status: number) {
    super(message)
    this.name = 'Ec2CallError'
    this.action = action
    this.code = code
    this.status = status
  }
}

/** Nobody answers at the endpoint. */
export class UnreachableError extends Error {
  override readonly name = 'UnreachableError'
}

export interface Ec2 {
  readonly endpoint: string
  readonly region: string
  /** Carries out one action. Errors: Ec2CallError where it is refused, UnreachableError where nobody answers. */
  call<A extends Action>(action: A, input: Input<A>): Promise<Output<A>>
}

/** Whose calls, and where. `identity` alone names the account where the server verifies signatures. */
export interface Ec2Options {
  readonly region: string
  readonly identity: Identity
}

/** A client of the API at `endpoint`, such as http://127.0.0.1:4566. */
export function ec2(endpoint: string, options: Ec2Options): Ec2 {
  // The types of an action are the caller's business; to check them here, too, takes the compiler minutes.
  const call: unknown = (action: string, input: object) => callAction(endpoint, options, action, input)
  return { endpoint, region: options.region, call: call as Ec2['call'] }
}

async function callAction(endpoint: string, { region, identity }: Ec2Options, action: string, input: object) {
  const operation = operationOf(action)
  if (!operation) throw new Error(`EC2 has no action ${action}`)
  const body = writeQuery(operation, input).toString()
  const host = new URL(endpoint).host
  const headers = signedHeaders({ host, region, service: 'ec2', body }, identity, new Date())
  const { status, text } = await post(endpoint, headers, body)
  if (status === 200) return readAnswer(operation, text)
  const error = readError(text) ?? { code: `HTTP ${status}`, message: `${endpoint} is not an EC2 API` }
  throw new Ec2CallError(action, error.code, error.message, status)
}

function post(url: string, headers: Record<string, string>, body: string): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const type = { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8', 'user-agent': 'isthmus' }
    const refused = (error: Error) => reject(new UnreachableError(`${url} does not answer: ${error.message}`))
    const outgoing = request(url, { method: 'POST', headers: { ...headers, ...type } }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('error', refused)
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString() }))
    })
    outgoing.on('error', refused)
    outgoing.end(body)
  })
}
