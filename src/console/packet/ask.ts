/** A question to the server's analyzer. */
import type { Explanation } from '../../check/explanation.ts'
import { parsePorts, trafficOf } from '../../check/traffic.ts'
import { account, ownHeaders, region } from '../api/session.ts'

export interface Question {
  /** An instance's id, an address, or `internet`. */
  readonly from: string
  readonly to: string
  readonly protocol: string
  readonly port: string
}

/** The question has no answer; the message says why. */
export class QuestionRefused extends Error {}

const NUMBERS: Readonly<Record<string, number>> = { ping: 1, tcp: 6, udp: 17 }

/** Throws QuestionRefused. */
export async function ask({ from, to, protocol, port }: Question): Promise<Explanation> {
  const ports = parsePorts(port.trim())
  if (protocol !== 'ping' && !ports) throw new QuestionRefused(`${port} is not a port, a range such as 80-90, or any.`)
  const traffic = trafficOf(NUMBERS[protocol] ?? 1, protocol === 'ping' ? undefined : ports)
  const response = await fetch('/_isthmus/explain', {
    method: 'POST',
    headers: { ...ownHeaders(), 'content-type': 'application/json' },
    body: JSON.stringify({ from, to, traffic, scope: { account: account(), region: region.value } }),
  })
  if (response.ok) return (await response.json()) as Explanation
  const { error = 'The server can not answer.' } = (await response.json().catch(() => ({}))) as { error?: string }
  throw new QuestionRefused(error)
}
