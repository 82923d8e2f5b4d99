/** The words behind the kernel's verdicts: the comment of the rule that dropped, the route that leads nowhere. */
import type { Network } from '../../../network/network.ts'
import { type Origin, parseOrigin } from '../../../network/origin.ts'
import type { Port } from '../layout.ts'
import { type Labels, readLabels } from '../probe/labels.ts'
import { explainAway } from '../probe/lost.ts'
import { ipPacket } from '../../../pcap/decode.ts'
import type { Passage } from './passages.ts'

/** What is in force. */
export interface InForce {
  readonly network: Network
  readonly tag: string
  /** Rule comments that had to be shortened, and what they stand for. */
  readonly comments: ReadonlyMap<string, string>
}

/** Why a packet went no further. */
export interface Verdict {
  readonly dropped?: Origin
  readonly comment?: string
}

export interface Verdicts {
  /** The rules have been changed. */
  changed(now: InForce): void
  /** Why a rule's chain stopped it. */
  ruled(namespace: string, passage: Passage): Promise<Verdict>
  /** Why it left a router by no port. */
  away(port: Port, passage: Passage): Promise<Verdict>
}

const UNEXPLAINED = 'dropped: it did not leave the router, and no rule or route says why'

const MOST_ROADS = 10_000

export function verdictsOf(inForce: InForce): Verdicts {
  let now = inForce
  const labels = new Map<string, Labels>()
  const stale = new Set<string>()
  /** What routes have said since they were last changed: asking them is a process. */
  const roads = new Map<string, Verdict>()
  const labelsOf = async (namespace: string): Promise<Labels> => {
    const known = labels.get(namespace)
    if (known && !stale.delete(namespace)) return known
    const read = await readLabels(namespace)
    // What has just been dropped may have been so by a rule that is no more.
    const both = { ...read, comments: new Map([...(known?.comments ?? []), ...read.comments]) }
    labels.set(namespace, both)
    return both
  }
  return {
    changed(next) {
      now = next
      roads.clear()
      for (const namespace of labels.keys()) stale.add(namespace)
    },
    async ruled(namespace, { drop }) {
      const { comments } = await labelsOf(namespace)
      const comment = drop?.handle === undefined ? undefined : comments.get(drop.handle)
      return comment === undefined
        ? { comment: `dropped in ${drop?.chain}` }
        : { dropped: parseOrigin(now.comments.get(comment) ?? comment) }
    },
    async away(port, { header, mark }) {
      const packet = ipPacket(header)
      if (!packet) return {}
      const { destination, length, dontFragment } = packet
      const key = [port.name, mark, destination, length, dontFragment].join(' ')
      const known = roads.get(key)
      if (known) return known
      const asked = { destination, mark, from: port, flow: { length, dontFragment } }
      const [stop] = await explainAway(now.network, now.tag, port.node, [asked])
      const verdict = stop ? { dropped: stop.step.origin } : { comment: UNEXPLAINED }
      if (roads.size < MOST_ROADS) roads.set(key, verdict)
      return verdict
    },
  }
}
