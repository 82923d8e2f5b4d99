/**
 * The domain of sets of headers: whole sets on their way at once, exactly.
 *
 * What moves are the headers as they began; what has become of them since is noted beside. So whatever ends somewhere
 * says which headers end there, however they were rewritten on the way.
 */
import { type Classifier, classifier } from '../headers/classifier.ts'
import { ofMatch, where } from '../headers/condition.ts'
import type { Constants } from '../headers/divide.ts'
import { covers, type HeaderSet, intersect, isEmpty, NOTHING, subtract } from '../headers/header-set.ts'
import { decided, lookup } from '../headers/lookup.ts'
import { sample } from '../headers/samples.ts'
import { overwritten, repliedBy, repliesTo, withValue } from '../headers/transform.ts'
import { familyOf, type Ip } from '../ip/address.ts'
import { contains, type Prefix } from '../ip/prefix.ts'
import { type Flow, replyTo } from '../network/flow.ts'
import { KEPT_PORTS, REMAPPED_PORTS } from '../network/nat.ts'
import type { AddressField, Binding, Cases, HeaderDomain, Test } from './headers.ts'

/** Headers on their way: as they began, and what they are now. */
export interface SymbolicHeaders {
  readonly initial: HeaderSet
  /** Fields of the initial headers that have been rewritten: before they were answered, if they were. */
  readonly rewritten: Constants
  /** How often they have been answered; a third answer is like the first. */
  readonly answers: 0 | 1 | 2
}
const AFTER_ANSWER = [1, 2, 1] as const

/** Headers that have not moved yet. */
export const symbolic = (initial: HeaderSet): SymbolicHeaders => ({ initial, rewritten: {}, answers: 0 })

/** The headers as they began. */
export const initialHeaders = ({ initial }: SymbolicHeaders): HeaderSet => initial

/** One of the headers as it began, always the same. */
export const sampleOf = ({ initial }: SymbolicHeaders): Flow | undefined => sample(initial)

/** The headers as they are now. */
export function current({ initial, rewritten, answers }: SymbolicHeaders): HeaderSet {
  let set = initial
  for (const field of FIELDS) if (rewritten[field] !== undefined) set = overwritten(set, field, rewritten[field])
  for (let i = 0; i < answers; i++) set = repliesTo(set)
  return set
}

/** What has become of one of the headers by now. */
export function currentFlow({ rewritten, answers }: SymbolicHeaders, initial: Flow): Flow {
  let flow: Flow = { ...initial, ...rewritten }
  for (let i = 0; i < answers; i++) flow = replyTo(flow)
  return flow
}

type Field = keyof Constants
const FIELDS: readonly Field[] = ['source', 'destination', 'sourcePort', 'destinationPort']
const OTHER_END = {
  source: 'destination',
  destination: 'source',
  sourcePort: 'destinationPort',
  destinationPort: 'sourcePort',
} as const

/** The initial field that a field of the current headers is. */
const origin = <F extends Field>(field: F, { answers }: SymbolicHeaders) => (answers === 1 ? OTHER_END[field] : field)

export const setDomain: HeaderDomain<SymbolicHeaders> = {
  split(headers, test) {
    const whole = whollyTrue(headers, test)
    if (whole !== undefined) return whole ? { yes: headers } : { no: headers }
    return splitBy(headers, initiallyTrue(test, headers))
  },
  classify(headers, cases) {
    const { hits, rest } = classifierOf(cases, headers).split(headers.initial, headers.rewritten)
    return {
      hits: hits.map(([part, i]) => [withInitial(headers, part), cases.values[i] as never] as const),
      ...(rest && { rest: withInitial(headers, rest) }),
    }
  },
  select(headers, field, table) {
    const { hits, rest } = lookup(headers.initial, origin(field, headers), table, headers.rewritten)
    return {
      hits: hits.map(([part, value]) => [withInitial(headers, part), value] as const),
      ...(rest && { rest: withInitial(headers, rest) }),
    }
  },
  rewrite(headers, field, to) {
    if (!covers(FAMILY[familyOf(to)], headers.initial))
      throw new Error(`headers of another family can not become ${to}`)
    return rewritten(headers, { [origin(field, headers)]: to })
  },
  reply: (headers) => ({ ...headers, answers: AFTER_ANSWER[headers.answers] }),
  masquerade(headers, to) {
    const port = origin('sourcePort', headers)
    const { yes, no } = splitBy(headers, where({ [`${port}s`]: LOST_PORTS }))
    const sentOn = (before: SymbolicHeaders) => setDomain.rewrite(before, 'source', to)
    const remapped = (before: SymbolicHeaders) => rewritten(sentOn(before), { [port]: REMAPPED_PORTS.from })
    return [
      ...(no ? [{ before: no, after: sentOn(no), remapped: false }] : []),
      ...(yes ? [{ before: yes, after: remapped(yes), remapped: true }] : []),
    ]
  },
  restore(headers, binding) {
    const answering = answersTo(binding, headers)
    const [yes, no] = [intersect(headers.initial, answering), subtract(headers.initial, answering)]
    return {
      ...(!isEmpty(yes) && { yes: restored(withInitial(headers, yes), binding) }),
      ...(!isEmpty(no) && { no: withInitial(headers, no) }),
    }
  },
}

const FAMILY = { 4: where({ family: 4 }), 6: where({ family: 6 }) }
/** Source ports that a nat node does not keep. */
const LOST_PORTS = [
  { from: 0, to: KEPT_PORTS.from - 1 },
  { from: KEPT_PORTS.to + 1, to: 65535 },
]

const withInitial = (headers: SymbolicHeaders, initial: HeaderSet): SymbolicHeaders => ({ ...headers, initial })

const rewritten = (headers: SymbolicHeaders, by: Constants): SymbolicHeaders => ({
  ...headers,
  rewritten: { ...headers.rewritten, ...by },
})

/** What a test of one address says of all of the headers alike; undefined where they may differ. */
function whollyTrue(headers: SymbolicHeaders, test: Test): boolean | undefined {
  if (!('field' in test)) return undefined
  const holds = 'prefix' in test ? (a: Ip) => contains(test.prefix, a) : (a: Ip) => test.addresses.has(a)
  return decided(headers.initial, origin(test.field, headers), headers.rewritten, holds)
}

/** The part whose fields, as they are now, are in a set of initial headers; and the rest. */
function splitBy(headers: SymbolicHeaders, set: HeaderSet): { yes?: SymbolicHeaders; no?: SymbolicHeaders } {
  const { hits, rest } = classifier([set]).split(headers.initial, headers.rewritten)
  const [hit] = hits
  return { ...(hit && { yes: withInitial(headers, hit[0]) }), ...(rest && { no: withInitial(headers, rest) }) }
}

/** The initial headers of those that answer what a binding sent on: what was not rewritten alike must be alike. */
function answersTo({ after }: Binding<SymbolicHeaders>, headers: SymbolicHeaders): HeaderSet {
  if (origin('source', after) === origin('source', headers)) throw new Error('only an answer finds back')
  return FIELDS.reduce((set, field) => {
    const [ours, theirs] = [headers.rewritten[field], after.rewritten[field]]
    if (ours === theirs) return set
    if (ours !== undefined && theirs !== undefined) return NOTHING
    return intersect(set, withValue(field, (ours ?? theirs) as never))
  }, headers.initial)
}

/** The headers for the sender that a binding remembers: their source before is their destination now. */
function restored(headers: SymbolicHeaders, { before }: Binding<SymbolicHeaders>): SymbolicHeaders {
  const remembered: readonly Field[] = [origin('source', before), origin('sourcePort', before)]
  const fields = FIELDS.map((field) => [field, (remembered.includes(field) ? before : headers).rewritten[field]])
  return { ...headers, rewritten: Object.fromEntries(fields.filter(([, value]) => value !== undefined)) }
}

/** The initial headers that satisfy a test once they have been answered so often. */
function initiallyTrue(test: Test, { answers }: SymbolicHeaders): HeaderSet {
  let set = setOf(test)
  for (let i = 0; i < answers; i++) set = keptRepliedBy(set)
  return set
}

const preimages = new WeakMap<HeaderSet, HeaderSet>()

function keptRepliedBy(set: HeaderSet): HeaderSet {
  const found = preimages.get(set) ?? repliedBy(set)
  preimages.set(set, found)
  return found
}

function setOf(test: Test): HeaderSet {
  if ('match' in test) return ofMatch(test.match, test.remote, test.members)
  if ('prefix' in test) return prefixSet(test.field, test.prefix)
  if ('addresses' in test) return where({ [test.field]: test.addresses })
  return where({ sizes: [{ from: test.unfragmentableAbove + 1, to: Number.POSITIVE_INFINITY }] })
}

/** Prefixes of subnets are asked about again and again; so many are remembered. */
const MOST_PREFIXES = 10_000
const prefixSets = { source: new Map<Prefix, HeaderSet>(), destination: new Map<Prefix, HeaderSet>() }

function prefixSet(field: AddressField, prefix: Prefix): HeaderSet {
  const known = prefixSets[field]
  const found = known.get(prefix) ?? where({ [field]: [prefix] })
  if (known.size >= MOST_PREFIXES) known.clear()
  known.set(prefix, found)
  return found
}

/** What was made of a list of cases, by how often the headers have been answered. */
const classifiers = new WeakMap<Cases<unknown>, Map<SymbolicHeaders['answers'], Classifier>>()

function classifierOf(cases: Cases<unknown>, headers: SymbolicHeaders): Classifier {
  const known = classifiers.get(cases) ?? new Map<SymbolicHeaders['answers'], Classifier>()
  classifiers.set(cases, known)
  const { tests, outcomes } = cases
  const sets = () => tests.map((test) => initiallyTrue(test, headers))
  const found = known.get(headers.answers) ?? classifier(sets(), outcomes)
  known.set(headers.answers, found)
  return found
}
