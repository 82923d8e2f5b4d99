/** Question → answer: whether it arrives and is answered, by which way, and everything that is in the way. */
import { compile } from '../compile/compile.ts'
import { interfacesOfInstance } from '../ec2/network-interface.ts'
import { Draft, type State } from '../ec2/state.ts'
import { packetDomain } from '../forward/headers.ts'
import { topologyOf } from '../forward/topology.ts'
import type { World } from '../forward/walk.ts'
import { type Condition, where } from '../headers/condition.ts'
import { type HeaderSet, intersect, isEmpty, union } from '../headers/header-set.ts'
import { sample } from '../headers/samples.ts'
import { ip } from '../ip/address.ts'
import { hostPrefix } from '../ip/prefix.ts'
import type { Flow } from '../network/flow.ts'
import type { Network } from '../network/network.ts'
import type { Answer, Blocker, Way } from './answer.ts'
import { OWN } from './codes.ts'
import { fatesOf, LOST } from './fates.ts'
import { noticesOf } from './notices.ts'
import type { End, Question } from './question.ts'
import { QuestionError } from './question-error.ts'
import { refined } from './refine.ts'
import { type Asked, resolve } from './resolve.ts'
import { restsOf } from './rests.ts'
import { search } from './search.ts'

export { QuestionError }

/**
 * Answers a question about a state and the network that is compiled of it. Of a running network an address on the
 * internet answers only where a host has it; of a `snapshot` of somebody's account every public one does. Throws
 * QuestionError where the question is about something that is not there.
 */
export function explain(state: State, network: Network, question: Question, { snapshot = false } = {}): Answer {
  const asleep = [question.from, question.to].flatMap((end) => sleeping(state, end))
  const awake =
    asleep.length > 0
      ? woken(
          state,
          asleep.map(({ origin }) => origin.resource),
        )
      : undefined
  const resolved = resolve(awake ?? state, awake ? compile(awake) : network, question)
  const asked = { ...resolved, worldwide: resolved.worldwide || snapshot }
  const before = [...asleep, ...asked.before]
  const { legs, ...fates } = before.length > 0 ? LOST(asked.headers) : fatesOf(asked)
  const blocked = union(fates.lost, fates.unanswered)
  const example = isEmpty(blocked) ? fates.answered : blocked
  if (isEmpty(example))
    throw new QuestionError('Nothing fits the question: its ports, types or addresses exclude each other.')
  const flow = exampleOf(example)
  const [way, ...alternatives] = waysOf(state, { ...asked, before }, flow)
  const verdict = isEmpty(blocked) ? 'reachable' : isEmpty(fates.answered) ? 'unreachable' : 'partly'
  const notices = noticesOf(state, network, question, way)
  return { question, verdict, way, alternatives, notices, ...fates, rests: restsOf(question, asked, flow, legs) }
}

function waysOf(state: State, asked: Asked, flow: Flow): readonly [Way, ...Way[]] {
  const world: World<Flow> = { domain: packetDomain, topology: topologyOf(asked.network), worldwide: asked.worldwide }
  const [from] = asked.starts(world, flow)
  if (!from) throw new Error('a packet leaves from nowhere')
  const [best, ...others] = search({ ...asked, world, from })
  return [refined(state, asked.network, best), ...others.map((way) => refined(state, asked.network, way))]
}

/** From a host that the internet of every network has; the rest is as good. */
const FAMILIAR: readonly Condition[] = [
  { source: [hostPrefix(ip('203.0.113.10'))] },
  { destination: [hostPrefix(ip('203.0.113.10'))] },
]

/** A packet that people know: from the internet's first host where it may come from there. */
function exampleOf(headers: HeaderSet): Flow {
  const usual = FAMILIAR.map((condition) => intersect(headers, where(condition))).find((part) => !isEmpty(part))
  const flow = sample(usual ?? headers)
  if (!flow) throw new Error('a set that is not empty has no member')
  return flow
}

/** Ends that are instances which do not run. */
function sleeping(state: State, end: End): Blocker[] {
  const found = end.kind === 'instance' ? state.get('instance', end.id) : undefined
  if (!found || found.state === 'running' || found.state === 'pending') return []
  if (found.state === 'terminated' || found.state === 'shutting-down')
    throw new QuestionError(`${found.id} is ${found.state}.`)
  const [address] = interfacesOfInstance(state, found.id)
  const [source] = address?.privateIpAddresses ?? []
  if (!address || !source) throw new QuestionError(`${found.id} has no network interface.`)
  return [
    {
      leg: 'request',
      stage: 'deliver',
      node: found.id,
      at: address.id,
      origin: { resource: found.id, rule: found.state, code: 'BAD_STATE' },
      disposition: 'no-host',
      code: 'BAD_STATE',
      also: [OWN.notRunning],
      flow: { protocol: 0, source, destination: source },
      remedy: { kind: 'start', instance: found.id },
    },
  ]
}

/** The state as it would be if these instances ran. */
function woken(state: State, ids: readonly string[]): State {
  const draft = new Draft(state)
  for (const id of ids) {
    const found = state.get('instance', id)
    if (found) draft.put('instance', { ...found, state: 'running' })
  }
  return draft
}
