/** The analyzer at every probe of a scenario: it must say of each flow what the model says, and name what stops it. */
import { explain } from '../src/analyzer/explain.ts'
import type { Question } from '../src/analyzer/question.ts'
import type { State } from '../src/ec2/state.ts'
import { hostPrefix } from '../src/ip/prefix.ts'
import { answered, type Flow, stopOf, type Trace } from '../src/network/flow.ts'
import type { Network } from '../src/network/network.ts'
import type { Bench } from './bench.ts'
import { originKey } from '../src/network/origin.ts'

/** A flow, and the node that sends it. */
interface Sent {
  readonly flow: Flow
  readonly from: string
}

/** What the analyzer says otherwise than a trace of the flow, sent as the first of its kind; undefined if nothing. */
export function analyzerDisagreement(
  state: State,
  network: Network,
  { flow, from }: Sent,
  trace: Trace,
): string | undefined {
  const { verdict, way } = explain(state, network, questionOf(flow, from))
  const expected = answered(trace) ? 'reachable' : 'unreachable'
  if (verdict !== expected) return `the analyzer says ${verdict}, which is ${expected}`
  const stop = (trace.reply && stopOf(trace.reply)) ?? stopOf(trace.request)
  // An answer that arrives elsewhere is stopped by nothing.
  if (expected === 'reachable' || !stop) return undefined
  const stops = way.hops.filter(({ outcome }) => outcome === 'stop')
  const named = [...stops, ...way.blockers].map(({ origin }) => originKey(origin))
  const key = originKey(stop.origin)
  return named.includes(key) ? undefined : `the analyzer names ${named.join(' and ') || 'nothing'}, not ${key}`
}

/** The codes of all that the analyzer finds in the way of a flow. */
export function codesOf({ plane }: Bench, network: Network, { flow, from }: Sent): string[] {
  const { way } = explain(plane.state, network, questionOf(flow, from))
  return way.blockers.flatMap(({ code, also, origin }) => [code, ...also, ...(origin.code ? [origin.code] : [])])
}

/** The question about this one flow. */
export function questionOf(flow: Flow, from: string): Question {
  const { protocol, source, destination, sourcePort, destinationPort, icmp, length, dontFragment } = flow
  return {
    from: from === 'internet' ? { kind: 'internet' } : { kind: 'instance', id: from },
    to: { kind: 'address', address: destination },
    source: hostPrefix(source),
    traffic: {
      protocol,
      ...(sourcePort !== undefined && { sourcePorts: { from: sourcePort, to: sourcePort } }),
      ...(destinationPort !== undefined && { destinationPorts: { from: destinationPort, to: destinationPort } }),
      ...(icmp && { icmp }),
      ...(length !== undefined && dontFragment && { length }),
    },
  }
}
