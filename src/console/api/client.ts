/** The public EC2 API, called from a page. */
import model from 'virtual:ec2-model'
import { readAnswer, readError } from '../../client/read-answer.ts'
import { writeQuery } from '../../client/write-query.ts'
import type { Ec2 } from '../../client/ec2-client.ts'
import { apiOf } from '../../protocol/shapes.ts'
import { ATTEMPT } from '../../protocol/attempts.ts'
import { account, identityOf, ownHeaders, region } from './session.ts'
import { signedHeaders } from './sign.ts'

const operationOf = apiOf(() => model)

/** A refused call: AWS's code and words. */
export class CallError extends Error {
  readonly code: string
  constructor(code: string, message: string) {
    super(message)
    this.code = code
  }
}

/** Carries out one action for an account in a Region. Throws CallError. */
export async function callAs(whose: string, where: string, action: string, input: object): Promise<unknown> {
  const operation = operationOf(action)
  if (!operation) throw new Error(`the console does not know ${action}`)
  const body = writeQuery(operation, input).toString()
  const signed = await signedHeaders({ host: location.host, region: where, body }, identityOf(whose), new Date())
  const type = { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' }
  const attempt = { [ATTEMPT]: crypto.randomUUID() }
  const headers = { ...ownHeaders(), ...signed, ...type, ...(!isRead(action) && attempt) }
  const { ok, status, text } = await answerTo({ method: 'POST', headers, body })
  if (ok) return readAnswer(operation, text)
  const said = readError(text)
  throw new CallError(said?.code ?? `HTTP ${status}`, said?.message ?? 'This is no answer of the EC2 API.')
}

const isRead = (action: string): boolean => /^(Describe|Get|Search)/.test(action)

/** Milliseconds before a call is made again whose answer the browser has lost; the server knows it by its id. */
const AGAIN = [50, 250, 1000]

async function answerTo(request: RequestInit): Promise<{ ok: boolean; status: number; text: string }> {
  for (const pause of [...AGAIN, undefined]) {
    try {
      const response = await fetch('/', request)
      return { ok: response.ok, status: response.status, text: await response.text() }
    } catch {
      if (pause !== undefined) await new Promise((resolve) => setTimeout(resolve, pause))
    }
  }
  throw new CallError('Unreachable', 'The server does not answer. Start it with `npm start`.')
}

const call: unknown = (action: string, input: object) => callAs(account(), region.value, action, input)

export const client: Ec2 = {
  endpoint: location.origin,
  get region() {
    return region.value
  },
  call: call as Ec2['call'],
}
