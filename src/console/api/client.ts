/** The public EC2 API, called from a page. */
import model from 'virtual:ec2-model'
import { readAnswer, readError } from '../../client/read-answer.ts'
import { writeQuery } from '../../client/write-query.ts'
import type { Ec2 } from '../../client/ec2-client.ts'
import { apiOf } from '../../protocol/shapes.ts'
import { account, ownHeaders, region } from './session.ts'

const operationOf = apiOf(() => model)

/** A refused call: AWS's code and words. */
export class CallError extends Error {
  readonly code: string
  constructor(code: string, message: string) {
    super(message)
    this.code = code
  }
}

/** Of an account's credentials a server takes any signature, so the page shows whose call it is and signs nothing. */
function authorization(where: string, whose: string): Record<string, string> {
  const date = new Date().toISOString().replace(/[-:]|\.\d+/g, '')
  const scope = `${whose}/${date.slice(0, 8)}/${where}/ec2/aws4_request`
  const signature = '0'.repeat(64)
  return {
    'x-amz-date': date,
    authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host;x-amz-date, Signature=${signature}`,
  }
}

/** Carries out one action for an account in a Region. Throws CallError. */
export async function callAs(whose: string, where: string, action: string, input: object): Promise<unknown> {
  const operation = operationOf(action)
  if (!operation) throw new Error(`the console does not know ${action}`)
  const response = await fetch('/', {
    method: 'POST',
    headers: {
      ...ownHeaders(),
      ...authorization(where, whose),
      'content-type': 'application/x-www-form-urlencoded; charset=utf-8',
    },
    body: writeQuery(operation, input).toString(),
  }).catch(() => {
    throw new CallError('Unreachable', 'The server does not answer. Start it with `npm start`.')
  })
  const text = await response.text()
  if (response.ok) return readAnswer(operation, text)
  const said = readError(text)
  throw new CallError(said?.code ?? `HTTP ${response.status}`, said?.message ?? 'This is no answer of the EC2 API.')
}

const call: unknown = (action: string, input: object) => callAs(account, region.value, action, input)

export const client: Ec2 = {
  endpoint: location.origin,
  get region() {
    return region.value
  },
  call: call as Ec2['call'],
}
