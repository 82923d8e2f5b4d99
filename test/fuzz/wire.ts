/** Calls as requests of HTTP, over one connection that is kept. */
import { Agent, request } from 'node:http'
import { apiVersion } from '../../src/protocol/model.ts'
import { type Call, CALLERS, type Value } from './call.ts'

export interface Reply {
  readonly status: number
  readonly type: string
  readonly body: string
}

export interface Target {
  /** Of the records; always 0 where it can not be told. */
  readonly revision: number
  /** Whether packets meet something else since it was asked last; false where it can not be told. */
  hasNetworkChanged(): boolean
  /** What the server has logged since it was asked last. */
  logged(): readonly string[]
  /** Lets time pass, and lets instances settle. */
  pass(ms: number): void
  /** Sends a call, its values resolved. */
  send(call: Call, resolve: Resolve): Promise<Reply>
  /** Brings the engine to the state; throws where the records make no network, or name what is not there. */
  realize(): Promise<void>
  close(): Promise<void>
}

/** What a value is by now. */
type Resolve = (value: Value) => string

/** A connection to a port of loopback. */
export function connection(port: number): Pick<Target, 'send'> & { close(): void } {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  return { send: (call, resolve) => exchange(port, agent, call, resolve), close: () => agent.destroy() }
}

/** What signs for one of the callers; any signature is good. */
function signed(caller: number): Record<string, string> {
  const [account, region] = CALLERS[caller] ?? CALLERS[0]
  const credential = `Credential=${account}/20260101/${region}/ec2/aws4_request`
  const authorization = `AWS4-HMAC-SHA256 ${credential}, SignedHeaders=host, Signature=${'0'.repeat(64)}`
  return { authorization, 'x-amz-date': '20260101T000000Z' }
}

function exchange(port: number, agent: Agent, call: Call, resolve: Resolve): Promise<Reply> {
  const { action, parameters, caller, raw, method } = call
  const written = parameters.map(([name, value]): [string, string] => [name, resolve(value)])
  const form = `${new URLSearchParams([['Action', action], ['Version', apiVersion()], ...written])}${raw}`
  const path = method === 'GET' ? `/?${form}` : '/'
  return new Promise((done, reject) => {
    const options = { host: '127.0.0.1', port, agent, method, path, headers: signed(caller) }
    const outgoing = request(options, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('error', reject)
      response.on('end', () => {
        const { statusCode = 0, headers } = response
        done({ status: statusCode, type: headers['content-type'] ?? '', body: Buffer.concat(chunks).toString() })
      })
    })
    outgoing.on('error', reject)
    outgoing.end(method === 'POST' ? form : undefined)
  })
}
