/** One question at a time: of random pairs of instances; and the same after a change of one rule. */
import { explain } from '../../src/analyzer/explain.ts'
import type { Question } from '../../src/analyzer/question.ts'
import { compile } from '../../src/compile/compile.ts'
import { IncrementalCompile } from '../../src/compile/incremental.ts'
import type { SecurityGroupRule } from '../../src/ec2/security-group-rule.ts'
import type { Change, Records, State } from '../../src/ec2/state.ts'
import { roundTrip } from '../../src/forward/forward.ts'
import type { Flow } from '../../src/network/flow.ts'
import type { Network } from '../../src/network/network.ts'
import { type Random, random } from '../differential/random.ts'
import { estate } from './estate.ts'
import { type Figure, median, percentile, repeated, timed } from './measure.ts'

/** The questions that people have: SSH, the web, a database, a ping. */
const TRAFFIC = [
  ...[22, 443, 5432].map((port) => ({ protocol: 6, destinationPorts: { from: port, to: port } })),
  { protocol: 1 },
]

/** Any of an estate's questions; and one packet of each, for the peer. */
interface Asked {
  readonly question: Question
  readonly flow: Flow
}

function randomQuestions(state: State, network: Network, chance: Random, count: number): Asked[] {
  const running = [...state.all('instance')].filter(({ state: s }) => s === 'running').map(({ id }) => id)
  const addressOf = (id: string) => [...network.interfaces.values()].find(({ node }) => node === id)?.addresses[0]
  const known = new Map(Array.from({ length: 200 }, () => chance.pick(running)).map((id) => [id, addressOf(id)]))
  const ends = [...known.keys()]
  return Array.from({ length: count }, () => {
    const [from, to, traffic] = [chance.pick(ends), chance.pick(ends), chance.pick(TRAFFIC)]
    const [source, destination] = [known.get(from), known.get(to)]
    if (!source || !destination) throw new Error('a running instance has an address')
    const { protocol } = traffic
    const port =
      'destinationPorts' in traffic ? { sourcePort: 40_000, destinationPort: traffic.destinationPorts.from } : {}
    const icmp = protocol === 1 ? { icmp: { type: 8, code: 0 } } : {}
    const question: Question = { from: { kind: 'instance', id: from }, to: { kind: 'instance', id: to }, traffic }
    return { question, flow: { protocol, source, destination, ...port, ...icmp } }
  })
}

const ONE_PACKET = 'the walk of one packet'

/** One question on an estate of so many instances. */
export function oneQuestion(instances: number, times: number): Figure {
  const state = estate({ instances, seed: 1 })
  const network = compile(state)
  const all = randomQuestions(state, network, random(1), times)
  const at = (i: number): Asked => all[i % all.length] as Asked
  const walks = repeated(times, (i) => roundTrip(network, at(i).flow, nodeOf(at(i).question)))
  const answers = repeated(times, (i) => explain(state, network, at(i).question))
  return {
    what: 'one question',
    size: `${instances} instances`,
    median: median(answers),
    p99: percentile(answers, 0.99),
    peer: ONE_PACKET,
    ratio: median(answers) / median(walks),
    more: { rules: network.rules.length },
  }
}

const nodeOf = ({ from }: Question): string => ('id' in from ? from.id : '')

/** The same question again, after a rule of the receiver's group has come or gone. */
export function afterOneChange(instances: number, times: number): Figure {
  const state = estate({ instances, seed: 1 })
  const compiled = timed(() => new IncrementalCompile(state))
  const follow = compiled.value
  const all = randomQuestions(state, follow.network, random(2), times)
  const again = repeated(times, (i) => {
    const { question } = all[i % all.length] as Asked
    const changes = change(state, question, i)
    state.accept(changes)
    follow.update(changes)
    return explain(state, follow.network, question)
  })
  return {
    what: 'a change, and one question',
    size: `${instances} instances`,
    median: median(again),
    p99: percentile(again, 0.99),
    peer: 'compiling it all',
    ratio: median(again) / compiled.ms,
    more: { rules: [...state.all('security-group-rule')].length },
  }
}

/** A rule more, and the next time one less. */
function change(state: Records, { to }: Question, i: number): Change[] {
  const id = `sgr-${(0xabc0000 + (i >> 1)).toString(16).padStart(17, '0')}`
  if (i % 2 === 1) return [{ type: 'security-group-rule', id }]
  const [eni] = state.where('network-interface', 'attachment.instanceId', 'id' in to ? to.id : '')
  const [some] = state.where('security-group-rule', 'groupId', eni?.groupIds[0] ?? '')
  if (!some) throw new Error('the group has no rule')
  const { referencedGroupId: _, referenced: __, cidrIpv4: ___, ...rest } = some
  const record: SecurityGroupRule = {
    ...rest,
    id,
    egress: false,
    protocol: 'tcp',
    fromPort: 7000 + (i % 999),
    toPort: 8000,
    cidrIpv4: '10.0.0.0/8' as never,
  }
  return [{ type: 'security-group-rule', id, record }]
}
