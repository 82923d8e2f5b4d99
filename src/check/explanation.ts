/** A question in a person's words → the answer with its sentences and fixes: what `explain` prints, and its JSON. */
import type { Answer, Verdict } from '../analyzer/answer.ts'
import { explain } from '../analyzer/explain.ts'
import { type FixOptions, fixesOf, type Principal, whyNotFixed } from '../analyzer/fix.ts'
import type { Question, Traffic } from '../analyzer/question.ts'
import { type ToldFix, toldFix } from '../analyzer/words/fixes.ts'
import { blockerText, type Told, told } from '../analyzer/words.ts'
import type { State } from '../ec2/state.ts'
import { type Box, boxes } from '../headers/boxes.ts'
import type { HeaderSet } from '../headers/header-set.ts'
import type { Network } from '../network/network.ts'
import { endOf } from './ends.ts'
import type { Scope } from './names.ts'

/** What is asked about: records, and the network that is compiled of them. */
export interface Subject {
  readonly state: State
  readonly network: Network
  /** Whether it is somebody's account: then any public address that nobody there has is somebody out there. */
  readonly snapshot?: boolean
  /** What fixes are tried with: of a running server, its own. */
  readonly setting?: Omit<FixOptions, 'narrow'>
}

/** How `explain` is asked about a subject. */
export const optionsOf = ({ snapshot = false }: Subject): { readonly snapshot: boolean } => ({ snapshot })

/** A question as it is typed. */
export interface Asked {
  readonly from: string
  readonly to: string
  readonly traffic: Traffic
  readonly scope: Scope
  /** Fixes for the one address, and not for its VPC's block. */
  readonly narrow?: boolean
}

/** The answer in words and in data. This is the JSON of `isthmus explain -o json`: see docs/explain.md. */
export interface Explanation extends Told {
  readonly question: Question
  readonly verdict: Verdict
  /** Each of them makes all that was asked reachable; the usual one comes first. */
  readonly fixes: readonly ToldFix[]
  /** Why there is no fix, where there is none. */
  readonly notFixed: readonly string[]
  /** Of what was asked: what arrives and is answered, what arrives only, what does not arrive. */
  readonly answered: readonly Box[]
  readonly unanswered: readonly Box[]
  readonly lost: readonly Box[]
}

/** Throws NameError and QuestionError where the question is about something that is not there. */
export function explained(subject: Subject, asked: Asked): Explanation {
  const { state, network } = subject
  const { from, to, traffic, scope } = asked
  const question: Question = { from: endOf(state, from, scope), to: endOf(state, to, scope), traffic }
  return explanationOf(subject, explain(state, network, question, optionsOf(subject)), asked)
}

/** An answer with its sentences and fixes. */
export function explanationOf(
  subject: Subject,
  answer: Answer,
  { scope, narrow = false }: Pick<Asked, 'scope' | 'narrow'>,
): Explanation {
  const { state, network, setting } = subject
  const options = { ...setting, ...optionsOf(subject), narrow }
  const fixes = fixesOf(state, answer.question, answer, options)
  return {
    question: answer.question,
    verdict: answer.verdict,
    ...told(state, network, answer),
    fixes: fixes.map((fix) => toldFix(fix, (b) => blockerText(state, network, answer.way, b), askerOf(scope))),
    notFixed: fixes.length > 0 ? [] : whyNotFixed(state, answer.question, answer, options),
    answered: someBoxes(answer.answered),
    unanswered: someBoxes(answer.unanswered),
    lost: someBoxes(answer.lost),
  }
}

const askerOf = ({ account, region }: Scope): Principal | undefined =>
  account === undefined || region === undefined ? undefined : { account, region }

/** A set can have very many: who wants them all asks for less. */
const BOXES = 100
const someBoxes = (set: HeaderSet): Box[] => boxes(set, BOXES)
