/** One pair of an assertion → whether it is as it should be, and a packet that the model has judged. */
import type { Answer, Rests } from '../analyzer/answer.ts'
import { explain, QuestionError } from '../analyzer/explain.ts'
import type { Question, Traffic } from '../analyzer/question.ts'
import { endText } from '../analyzer/words/headline.ts'
import { ports, protocols } from '../headers/boxes.ts'
import { where } from '../headers/condition.ts'
import { type HeaderSet, isEmpty, subtract, union, unionOf } from '../headers/header-set.ts'
import type { Flow } from '../network/flow.ts'
import type { Allowed, Assertion, Place } from './assertion.ts'
import { trafficClasses } from './classes.ts'
import { optionsOf, type Subject } from './explanation.ts'
import { type Pair, PlacedError } from './pairs.ts'
import { hasPorts, trafficOf } from './traffic.ts'

/** A packet that the model has judged, to be sent for real: from which node, and whether it shall be answered. */
export interface Sample {
  readonly from: string
  readonly flow: Flow
  readonly answered: boolean
  /** The pair, in words. */
  readonly pair: string
}

export interface Judged {
  /** The question whose answer is not as it should be. */
  readonly failing?: Question
  readonly samples: readonly Sample[]
  /** What this rests on, beside what the words of the assertion mean. */
  readonly rests: Rests
}

/** Throws PlacedError where the question has no answer: an instance without an address, say. */
export function judge(subject: Subject, assertion: Assertion, [from, to]: Pair): Judged {
  if (assertion.expect === 'only') return judgeOnly(subject, assertion, [from, to])
  const question: Question = { from, to, traffic: trafficOf(assertion.protocol, assertion.ports) }
  const answer = answerTo(subject, assertion, question)
  const { verdict, rests } = answer
  return { ...(verdict !== assertion.expect && { failing: question }), samples: sampleOf(subject, answer), rests }
}

function answerTo(subject: Subject, place: Place, question: Question): Answer {
  try {
    return explain(subject.state, subject.network, question, optionsOf(subject))
  } catch (error) {
    throw error instanceof QuestionError ? new PlacedError(place, error.message) : error
  }
}

/** The packet of the way: of what is blocked, if anything is. None where it could not even be sent. */
function sampleOf(subject: Subject, { question: { from, to }, verdict, way }: Answer): Sample[] {
  const { network } = subject
  const [first] = way.hops
  if (!first) return []
  // What comes from the internet has its first decision at a gateway.
  const sender = first.stage === 'translate-destination' ? 'internet' : network.interfaces.get(first.at)?.node
  if (sender === undefined || !network.nodes.has(sender)) return []
  return [{ from: sender, flow: first.before, answered: verdict === 'reachable', pair: pairText(subject, [from, to]) }]
}

export const pairText = ({ state, network }: Subject, [from, to]: Pair): string =>
  `${endText(state, network, from)} to ${endText(state, network, to)}`

/**
 * Nothing but the allowed may get there, whether it is answered or not. Where nothing else does, this rests on the legs
 * of all classes: what a new rule elsewhere names was one with a class before, and is stopped where that is stopped.
 */
function judgeOnly(subject: Subject, assertion: Assertion, [from, to]: Pair): Judged {
  const allowed = unionOf(assertion.allowed.map(setOf))
  const classes = trafficClasses(
    subject.network,
    assertion.allowed.map(({ protocol }) => protocol),
  )
  const samples: Sample[] = []
  let rests: Rests = []
  for (const traffic of classes) {
    const answer = answerTo(subject, assertion, { from, to, traffic })
    const more = subtract(union(answer.answered, answer.unanswered), allowed)
    if (isSendable(traffic)) samples.push(...sampleOf(subject, answer))
    if (!isEmpty(more)) return { failing: { from, to, traffic: narrowed(traffic, more) }, samples, rests: 'anything' }
    rests = together(rests, answer.rests)
  }
  return { samples, rests }
}

const together = (a: Rests, b: Rests): Rests => (a === 'anything' || b === 'anything' ? 'anything' : [...a, ...b])

/** What hosts answer by themselves, so that its reply can be waited for. */
const isSendable = ({ protocol, icmp }: Traffic): boolean => hasPorts(protocol) || (icmp?.type === 8 && icmp.code === 0)

const setOf = ({ protocol, ports: range }: Allowed): HeaderSet =>
  where({ protocols: [protocol], ...(range && hasPorts(protocol) && { destinationPorts: [range] }) })

/** Of the traffic, the first ports that are too many. */
function narrowed(traffic: Traffic, set: HeaderSet): Traffic {
  const [protocol] = protocols(set)
  const [destinationPorts] = ports(set, 'destinationPort')
  return protocol && destinationPorts ? { ...traffic, destinationPorts } : traffic
}
