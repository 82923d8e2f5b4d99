/** Connection tracking timeouts of a network interface: for how long its groups remember a flow that is idle (S12). */
import type { IdleTimeouts } from '../network/idle.ts'
import type { Input, Output } from '../protocol/types.ts'
import { invalidParameter } from './errors.ts'

type Wish = NonNullable<Input<'CreateNetworkInterface'>['ConnectionTrackingSpecification']>
type Shown = Pick<NonNullable<Output<'CreateNetworkInterface'>['NetworkInterface']>, 'ConnectionTrackingConfiguration'>

/** By the wire's name: ours, and the fewest and the most seconds. */
const TIMEOUTS = [
  ['TcpEstablishedTimeout', 'tcpEstablished', 60, 432_000],
  ['UdpStreamTimeout', 'udpStream', 60, 180],
  ['UdpTimeout', 'udp', 30, 60],
] as const satisfies readonly (readonly [keyof Wish, keyof IdleTimeouts, number, number])[]

/**
 * What a call asks for, beside what the interface has: what it does not name stays. Undefined where there is nothing.
 * unverified: code and words of the refusal, and that an earlier value stays.
 */
export function timeoutsOf(wish: Wish | undefined, before?: IdleTimeouts): IdleTimeouts | undefined {
  const given = TIMEOUTS.flatMap(([name, own, least, most]) => {
    const seconds = wish?.[name]
    if (seconds === undefined) return []
    if (seconds < least || seconds > most)
      throw invalidParameter(seconds, name, `It must be between ${least} and ${most} seconds.`)
    return [[own, seconds] as const]
  })
  return given.length > 0 ? { ...before, ...Object.fromEntries(given) } : before
}

/** What was asked for, and nothing of the defaults. unverified: that AWS shows none where none was ever set. */
export function showTimeouts(timeouts: IdleTimeouts | undefined): Shown {
  if (!timeouts) return {}
  const shown = TIMEOUTS.flatMap(([name, own]) => (timeouts[own] === undefined ? [] : [[name, timeouts[own]]]))
  return { ConnectionTrackingConfiguration: Object.fromEntries(shown) }
}
