/** State, network and assertions → whether each holds, of which pairs it does not, and why. */
import type { Answer } from '../analyzer/answer.ts'
import { explain, QuestionError } from '../analyzer/explain.ts'
import type { End, Question, Traffic } from '../analyzer/question.ts'
import { endText } from '../analyzer/words/headline.ts'
import { ports, protocols } from '../headers/boxes.ts'
import { where } from '../headers/condition.ts'
import { type HeaderSet, isEmpty, subtract, union, unionOf } from '../headers/header-set.ts'
import type { Flow } from '../network/flow.ts'
import type { Allowed, Assertion, Expectation, Place, Word } from './assertion.ts'
import { trafficClasses } from './classes.ts'
import { endsOf } from './ends.ts'
import { type Explanation, explanationOf, type Subject } from './explanation.ts'
import { NameError, type Scope } from './names.ts'
import { hasPorts, trafficOf } from './traffic.ts'

/** A pair of which the assertion does not hold, and why. */
export interface Failure {
  readonly from: string
  readonly to: string
  readonly explanation: Explanation
}

/** A packet that the model has judged, to be sent for real: from which node, and whether it shall be answered. */
export interface Sample {
  readonly from: string
  readonly flow: Flow
  readonly answered: boolean
  /** The pair, in words. */
  readonly pair: string
}

/** What became of one assertion. */
export interface Result extends Place {
  readonly name: string
  readonly because?: string
  readonly expect: Expectation
  /** error: it is about something that is not there. */
  readonly status: 'holds' | 'fails' | 'error'
  /** How many pairs it is about. */
  readonly pairs: number
  /** How many of them it does not hold of; the first few are in `failures`. */
  readonly failing: number
  readonly failures: readonly Failure[]
  readonly samples: readonly Sample[]
  /** What the network did otherwise than the model says, a sentence each; only where packets were sent. */
  readonly disagreements?: readonly string[]
  /** With `error`: what is not there, and where the file names it. */
  readonly error?: Place & { readonly message: string }
}

/** Explanations and fixes of so many pairs say enough. */
const SHOWN = 3

export const evaluate = (subject: Subject, assertions: readonly Assertion[], scope: Scope): Result[] =>
  assertions.map((assertion) => evaluateOne(subject, assertion, scope))

function evaluateOne(subject: Subject, assertion: Assertion, scope: Scope): Result {
  const { name, because, expect, line, column } = assertion
  const base = { name, ...(because !== undefined && { because }), expect, line, column }
  try {
    const judged = pairsOf(subject, assertion, scope).map((pair) => judge(subject, assertion, pair))
    const failing = judged.flatMap(({ failing: question }) => question ?? [])
    return {
      ...base,
      status: failing.length > 0 ? 'fails' : 'holds',
      pairs: judged.length,
      failing: failing.length,
      failures: failing.slice(0, SHOWN).map((question) => failureOf(subject, question, scope)),
      samples: judged.flatMap(({ samples }) => samples),
    }
  } catch (error) {
    if (!(error instanceof PlacedError)) throw error
    const { place, message } = error
    return { ...base, status: 'error', pairs: 0, failing: 0, failures: [], samples: [], error: { ...place, message } }
  }
}

/** An error in what a word of the file means. */
class PlacedError extends Error {
  readonly place: Place
  constructor(place: Place, message: string) {
    super(message)
    this.place = place
  }
}

/** Every pair of different ends. Throws PlacedError. */
function pairsOf({ state }: Subject, { from, to, line, column }: Assertion, scope: Scope): [End, End][] {
  const meaning = (word: Word): End[] => {
    try {
      return endsOf(state, word.text, scope)
    } catch (error) {
      throw error instanceof NameError
        ? new PlacedError({ line: word.line, column: word.column }, error.message)
        : error
    }
  }
  const [sources, destinations] = [from.flatMap(meaning), to.flatMap(meaning)]
  const pairs = sources.flatMap((a) => destinations.filter((b) => !isSame(state, a, b)).map((b): [End, End] => [a, b]))
  if (pairs.length > 0) return pairs
  throw new PlacedError({ line, column }, '`from` and `to` mean the same thing: there is no pair to ask about.')
}

/** Whether both are one host: what holds within it says nothing of the network. */
function isSame(state: Subject['state'], a: End, b: End): boolean {
  const host = (end: End) =>
    end.kind === 'network-interface'
      ? (state.get('network-interface', end.id)?.attachment?.instanceId ?? end.id)
      : 'id' in end
        ? end.id
        : undefined
  return host(a) !== undefined && host(a) === host(b)
}

interface Judged {
  /** The question whose answer is not as it should be. */
  readonly failing?: Question
  readonly samples: readonly Sample[]
}

function judge(subject: Subject, assertion: Assertion, [from, to]: [End, End]): Judged {
  if (assertion.expect === 'only') return judgeOnly(subject, assertion, from, to)
  const question: Question = { from, to, traffic: trafficOf(assertion.protocol, assertion.ports) }
  const answer = answerTo(subject, assertion, question)
  const samples = sampleOf(subject, question, answer)
  return answer.verdict === assertion.expect ? { samples } : { failing: question, samples }
}

/** Throws PlacedError where the question has no answer: an instance without an address, say. */
function answerTo({ state, network }: Subject, { line, column }: Place, question: Question) {
  try {
    return explain(state, network, question)
  } catch (error) {
    throw error instanceof QuestionError ? new PlacedError({ line, column }, error.message) : error
  }
}

/** The packet of the way: of what is blocked, if anything is. None where it could not even be sent. */
function sampleOf({ state, network }: Subject, { from, to }: Question, { verdict, way }: Answer): Sample[] {
  const [first] = way.hops
  if (!first) return []
  // What comes from the internet has its first decision at a gateway.
  const sender = first.stage === 'translate-destination' ? 'internet' : network.interfaces.get(first.at)?.node
  if (sender === undefined || !network.nodes.has(sender)) return []
  const pair = `${endText(state, network, from)} to ${endText(state, network, to)}`
  return [{ from: sender, flow: first.before, answered: verdict === 'reachable', pair }]
}

/** Nothing but the allowed may get there, whether it is answered or not. */
function judgeOnly(subject: Subject, assertion: Assertion, from: End, to: End): Judged {
  const allowed = unionOf(assertion.allowed.map(setOf))
  const samples: Sample[] = []
  for (const traffic of trafficClasses(subject.network)) {
    const answer = answerTo(subject, assertion, { from, to, traffic })
    const more = subtract(union(answer.answered, answer.unanswered), allowed)
    if (isSendable(traffic)) samples.push(...sampleOf(subject, answer.question, answer))
    if (!isEmpty(more)) return { failing: { from, to, traffic: narrowed(traffic, more) }, samples }
  }
  return { samples }
}

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

function failureOf(subject: Subject, question: Question, scope: Scope): Failure {
  const { state, network } = subject
  const answer = explain(state, network, question)
  return {
    from: endText(state, network, question.from),
    to: endText(state, network, question.to),
    explanation: explanationOf(subject, answer, { scope }),
  }
}
