/**
 * What a scenario is written in: EC2 calls, then flows and verdicts. The same case is played on every engine.
 *
 * Invariants: a scenario names things by relation, never by id; a verdict on silence names the fact behind it.
 */
import assert from 'node:assert/strict'
import { ApiError } from '../src/ec2/errors.ts'
import { type Ip, ip } from '../src/ip/address.ts'
import { answered, type Flow, type Leg, stopOf, type Trace } from '../src/network/flow.ts'
import { ICMP, TCP, UDP } from '../src/network/match.ts'
import type { Bench } from './bench.ts'
import { type Builder, builder, type Instance } from './builder.ts'
import { analyzerDisagreement, codesOf } from './explained.ts'
import { type Logins, logins } from './login.ts'
import { resolve } from './resolve.ts'

/** One case of the spec. */
export interface Scenario {
  /** The spec's number, such as `D07`. */
  readonly id: string
  readonly title: string
  play(stage: Stage): Promise<void>
}

export const scenario = (id: string, title: string, play: (stage: Stage) => Promise<void>): Scenario => ({
  id,
  title,
  play,
})

/** What travels, its ends aside. */
export type Traffic = Pick<Flow, 'protocol' | 'sourcePort' | 'destinationPort' | 'icmp' | 'length' | 'dontFragment'>

export const ping: Traffic = { protocol: ICMP, icmp: { type: 8, code: 0 } }
export const tcp = (destinationPort: number, sourcePort = 40_000): Traffic => ({
  protocol: TCP,
  sourcePort,
  destinationPort,
})
export const udp = (destinationPort: number, sourcePort = 40_000): Traffic => ({
  protocol: UDP,
  sourcePort,
  destinationPort,
})
/** A ping of so many bytes in all that may not be fragmented. */
export const bigPing = (length: number): Traffic => ({ ...ping, length, dontFragment: true })

/** A running instance, or any host of the internet by its address. */
export type End = Instance | Ip
export const INTERNET_HOST = ip('203.0.113.10')

/** The fact that must be behind a silence: its resource, and optionally its rule and AWS's code. */
export interface Because {
  readonly leg?: 'request' | 'reply'
  readonly resource?: string
  readonly rule?: string
  readonly code?: string
  /** The analyzer's code, where it says more than the fact that stops a packet. */
  readonly explained?: string
}

export interface Stage extends Builder, Logins {
  readonly bench: Bench
  /** Sends one packet; `session` continues the flow of an earlier probe of that name. */
  probe(from: End, to: End, traffic: Traffic, options?: { source?: Ip; session?: string }): Promise<Trace>
  /** The request arrives and the answer comes back. */
  answered(from: End, to: End, traffic: Traffic, options?: { source?: Ip; session?: string }): Promise<Trace>
  /** Nothing comes back, because of this fact. */
  silent(
    from: End,
    to: End,
    traffic: Traffic,
    because: Because,
    options?: { source?: Ip; session?: string },
  ): Promise<Trace>
  /** The address that the DNS of the instance's VPC gives for a name, asked from the instance; else its error code. */
  resolve(from: Instance, name: string): Promise<Ip | string>
  /** What a call answers is this. */
  same(actual: unknown, expected: unknown): void
  /** The call is refused with AWS's code, and its words where given. */
  refused(code: string, call: () => unknown, message?: string | RegExp): void
}

export function stage(bench: Bench): Stage {
  const seen = new Set<string>()
  /** Holds the analyzer against a trace; a question knows nothing of the packets that went before. */
  async function explained(flow: Flow, node: string, session: string | undefined, trace: Trace): Promise<void> {
    if (session !== undefined && seen.has(session)) return
    if (session !== undefined) seen.add(session)
    const network = await bench.catchUp()
    const disagreement = analyzerDisagreement(bench.plane.state, network, { flow, from: node }, trace)
    assert.equal(disagreement, undefined, describe(trace))
  }
  const flowTo = (from: End, to: End, traffic: Traffic, source?: Ip): { flow: Flow; node: string } => ({
    flow: { ...traffic, source: source ?? addressOf(from), destination: addressOf(to) },
    node: typeof from === 'string' ? 'internet' : from.id,
  })
  const probe: Stage['probe'] = async (from, to, traffic, { source, session } = {}) => {
    const { flow, node } = flowTo(from, to, traffic, source)
    const trace = await bench.probe(flow, node, session)
    await explained(flow, node, session, trace)
    return trace
  }
  return {
    ...builder(bench),
    ...logins(bench),
    bench,
    probe,
    async answered(from, to, traffic, options) {
      const trace = await probe(from, to, traffic, options)
      assert.ok(answered(trace), `expected an answer, got ${describe(trace)}`)
      return trace
    },
    async silent(from, to, traffic, because, options) {
      const trace = await probe(from, to, traffic, options)
      assert.ok(!answered(trace), `expected silence, got ${describe(trace)}`)
      check(trace, because)
      const { flow, node } = flowTo(from, to, traffic, options?.source)
      const code = because.explained ?? because.code
      if (code !== undefined && options?.session === undefined)
        assert.ok(
          codesOf(bench, await bench.catchUp(), { flow, from: node }).includes(code),
          `the analyzer says ${code}`,
        )
      return trace
    },
    resolve: (from, name) => resolve(bench, from, name),
    refused,
    same: assert.deepEqual,
  }
}

const addressOf = (end: End): Ip => (typeof end === 'string' ? end : end.ip)

function check(trace: Trace, { leg = 'request', explained: _, ...wanted }: Because): void {
  const failed = trace.reply ? 'reply' : 'request'
  assert.equal(failed, leg, `silent on the wrong leg: ${describe(trace)}`)
  const stop = stopOf(trace[leg] as Leg)
  for (const [field, value] of Object.entries(wanted)) {
    assert.equal(stop?.origin[field as 'resource'], value, `${field} of the deciding fact: ${describe(trace)}`)
  }
}

function describe(trace: Trace): string {
  const text = (leg: Leg | undefined) => {
    const origin = leg && stopOf(leg)?.origin
    return leg
      ? `${leg.disposition} [${leg.path.join(' ')}]${origin ? ` by ${origin.resource} ${origin.rule ?? ''} ${origin.code ?? ''}` : ''}`
      : 'none'
  }
  return `request ${text(trace.request)}; reply ${text(trace.reply)}`
}

function refused(code: string, call: () => unknown, message?: string | RegExp): void {
  assert.throws(
    call,
    (error: unknown) => {
      assert.ok(error instanceof ApiError, String(error))
      assert.equal(error.code, code)
      if (typeof message === 'string') assert.equal(error.message, message)
      else if (message) assert.match(error.message, message)
      return true
    },
    `expected ${code}`,
  )
}
