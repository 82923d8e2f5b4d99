/** A real packet: a ping that runs inside, or one packet of another protocol that is watched on its way. */
import { pingCommand } from '../../cli/ping.ts'
import type { Result } from '../../check/evaluate.ts'
import { callersScope } from '../../cli/explain-subject.ts'
import { answered as isAnswered, type Trace } from '../../network/flow.ts'
import { ICMP } from '../../network/match.ts'
import type { Traffic } from '../format/lab.ts'
import { UnboundError } from '../names/bind.ts'
import { runInside } from './inside.ts'
import type { Sight } from './look.ts'

interface Sent {
  readonly answered: boolean
  /** What a person would have seen of it. */
  readonly evidence: string
}

/** Ends are ids, addresses or `internet`. Throws UnboundError where nothing can be sent from there. */
export const sendPacket = (traffic: Traffic, sight: Sight): Promise<Sent> =>
  traffic.protocol === ICMP ? ping(traffic, sight) : probe(traffic, sight)

async function ping({ from, to }: Traffic, sight: Sight): Promise<Sent> {
  const { session } = sight
  if (from !== 'internet' && !from.startsWith('i-')) throw new UnboundError(`Nothing pings from ${from}.`)
  const address = to.startsWith('i-') ? await addressOf(to, session.client) : to
  const words = ['-c', '2', '-i', '0.3', '-W', '2', address]
  const { code, output } = await runInside(sight, from, pingCommand(session.status.engine.name, words))
  return { answered: code === 0, evidence: `$ ping ${words.join(' ')}\n${output.trimEnd()}` }
}

async function addressOf(instance: string, client: Sight['session']['client']): Promise<string> {
  const { Reservations = [] } = await client.call('DescribeInstances', { InstanceIds: [instance] })
  const [found] = Reservations.flatMap(({ Instances = [] }) => Instances)
  if (found?.PrivateIpAddress) return found.PrivateIpAddress
  throw new UnboundError(`${instance} has no address.`)
}

/** The packet that the model would send, sent. */
async function probe({ from, to, protocol, ports }: Traffic, { session }: Sight): Promise<Sent> {
  const place = { line: 1, column: 1 }
  const word = (text: string) => [{ text, ...place }]
  const about = { ...place, name: 'lab', from: word(from), to: word(to), protocol, ...(ports && { ports }) }
  const asked = {
    assertions: [{ ...about, expect: 'reachable', allowed: [] }],
    scope: callersScope(session.client.region),
  }
  const { results } = (await session.control.ask('/check', asked)) as { results: readonly Result[] }
  const [sample] = results.flatMap(({ samples }) => samples)
  if (!sample) throw new UnboundError(`No packet can be sent from ${from} to ${to}.`)
  const trace = (await session.control.ask('/probe', { flow: sample.flow, from: sample.from })) as Trace
  const answered = isAnswered(trace)
  const port = sample.flow.destinationPort ?? ''
  return { answered, evidence: `${sample.pair}, port ${port}: ${answered ? 'answered' : 'no answer'}` }
}
