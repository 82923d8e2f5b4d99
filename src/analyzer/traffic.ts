/** The headers that a client would send, where a question does not say. */
import { where } from '../headers/condition.ts'
import type { HeaderSet } from '../headers/header-set.ts'
import { ICMP, ICMPV6, type PortRange, TCP, UDP } from '../network/match.ts'
import type { Traffic } from './question.ts'

/** Ports that a client takes by itself: Linux's; from the internet any that some system takes (spec D14). */
const EPHEMERAL: PortRange = { from: 32768, to: 60999 }
const EPHEMERAL_ANYWHERE: PortRange = { from: 1024, to: 65535 }
const ANY_PORT: PortRange = { from: 0, to: 65535 }

/** What is asked about, addresses aside. */
export function headersOf(
  { protocol, destinationPorts, sourcePorts, icmp, length }: Traffic,
  outside: boolean,
): HeaderSet {
  const hasPorts = protocol === TCP || protocol === UDP
  const hasTypes = protocol === ICMP || protocol === ICMPV6
  const size = length ?? 0
  return where({
    protocols: [protocol],
    sizes: [{ from: size, to: size }],
    ...(hasPorts && {
      sourcePorts: [sourcePorts ?? (outside ? EPHEMERAL_ANYWHERE : EPHEMERAL)],
      destinationPorts: [destinationPorts ?? ANY_PORT],
    }),
    ...(hasTypes && { icmp: [typeOf(icmp ?? { type: protocol === ICMP ? 8 : 128, code: 0 })] }),
  })
}

/** An echo request has one code. */
const typeOf = ({ type, code }: { readonly type: number; readonly code?: number }) => ({ type, code: code ?? 0 })
