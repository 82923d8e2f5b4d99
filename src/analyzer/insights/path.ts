/** One path of Network Insights, judged: found with its components there and back, or explained. */
import type {
  AlternatePathHint,
  Explanation,
  PathAsked,
  PathComponent,
  PathFound,
} from '../../ec2/network-insights-analyst.ts'
import { parseArn } from '../../ec2/network-insights-end.ts'
import { answers, type Ending, moved, type Position } from '../../forward/forward.ts'
import { initialHeaders, type SymbolicHeaders, symbolic } from '../../forward/set-domain.ts'
import { type HeaderSet, includes, intersect, isEmpty, NOTHING, union } from '../../headers/header-set.ts'
import { sample } from '../../headers/samples.ts'
import type { Network } from '../../network/network.ts'
import type { Answer, Blocker, Notice, Way } from '../answer.ts'
import { explain } from '../explain.ts'
import type { Question } from '../question.ts'
import { QuestionError } from '../question-error.ts'
import { type Asked, resolve } from '../resolve.ts'
import { componentOf } from './component.ts'
import { componentsOf, type Site } from './components.ts'
import { contextOf } from './context.ts'
import { explanationsOf } from './explanations.ts'
import { filtered, type FilterPart } from './filters.ts'
import { type Passage, passagesOf, setWorld, trackOf } from './passage.ts'
import { configurationProblems, questionOf } from './question.ts'
import { traversed } from './traversed.ts'

const refused = (explanations: readonly Explanation[], rest: Partial<PathFound> = {}): PathFound => ({
  found: false,
  forward: [],
  back: [],
  hints: [],
  explanations: explanations.length > 0 ? explanations : [{ ExplanationCode: 'NO_PATH' }],
  ...rest,
})

/** Answers for a state and the network that is compiled of it. Never throws for what a path may ask. */
export function pathFound(site: Site, asked: PathAsked): PathFound {
  const problems = configurationProblems(site.state, asked)
  if (problems.length > 0) return refused(problems)
  try {
    const question = questionOf(site.state, asked)
    const answer = explain(site.state, site.network, question)
    return isEmpty(answer.answered)
      ? unreachable(site, asked, question, answer)
      : narrowed(site, asked, question, answer.answered)
  } catch (error) {
    if (error instanceof QuestionError) return refused([{ ExplanationCode: 'NO_PATH' }])
    throw error
  }
}

/** What is asked beyond the ends: headers at the destination, and what the path goes through, or not. */
function narrowed(site: Site, asked: PathAsked, question: Question, answered: HeaderSet): PathFound {
  const resolved = resolve(site.state, site.network, question)
  const { left, failed, met } = survivors(site, asked, resolved, answered)
  if (isEmpty(left)) return refused(restrictions(site, asked, failed, met))
  return traced(site, asked, resolved, left)
}

const filterExplanation = (part: FilterPart): Explanation => ({ ExplanationCode: `FILTER_AT_DESTINATION_${part}` })

interface Survivors {
  /** Headers, as they leave the source, that are answered by a path as it is asked for. */
  readonly left: HeaderSet
  /** The parts of the filter at the destination that some headers failed. */
  readonly failed: ReadonlySet<FilterPart>
  /** ARNs of the components to avoid that headers met. */
  readonly met: ReadonlySet<string>
}

function survivors({ state, network }: Site, asked: PathAsked, resolved: Asked, answered: HeaderSet): Survivors {
  // A merged rule may stand for one of another group, so that groups are told apart only without merging.
  const merging = ![...asked.through, ...asked.without].some((arn) => arn.includes('security-group'))
  const world = setWorld(network, merging)
  const failed = new Set<FilterPart>()
  const met = new Set<string>()
  let left = NOTHING
  const begin = resolved.starts(world, symbolic(intersect(answered, resolved.headers)))
  for (const request of begin.flatMap((from) => moved(world, from))) {
    if (!resolved.arrived(request)) continue
    const { packet } = request
    const result = filtered(packet.headers, asked.atDestination, asked.protocol)
    if ('failed' in result) {
      failed.add(result.failed)
      continue
    }
    const passed = traversed({ state, network }, packet)
    const avoided = asked.without.filter((arn) => passed.has(idOf(arn)))
    for (const arn of avoided) met.add(arn)
    if (avoided.length > 0 || !asked.through.every((arn) => passed.has(idOf(arn)))) continue
    left = union(left, answeredOf(world, resolved, { ...request, packet: { ...packet, headers: result.kept } }))
  }
  return { left, failed, met }
}

const idOf = (arn: string): string => parseArn(arn)?.id ?? arn

/** The part of a request that is answered, as it began. */
function answeredOf(world: ReturnType<typeof setWorld>, resolved: Asked, request: Ending<SymbolicHeaders>): HeaderSet {
  if (resolved.oneWay) return initialHeaders(request.packet.headers)
  return answers(world, request.packet)
    .flatMap((from) => moved(world, from))
    .filter(resolved.returned)
    .reduce((sum, { packet: reply }) => union(sum, initialHeaders(reply.headers)), NOTHING)
}

/** Which filters leave no path. */
function restrictions(
  { state }: Site,
  asked: PathAsked,
  failed: ReadonlySet<FilterPart>,
  met: ReadonlySet<string>,
): Explanation[] {
  const headers = [...failed].map(filterExplanation)
  if (headers.length > 0) return headers
  const explained = (ExplanationCode: string) => (arn: string) => ({
    ExplanationCode,
    Component: componentOf(state, idOf(arn)) ?? { Id: idOf(arn), Arn: arn },
  })
  return [
    ...asked.without.filter((arn) => met.has(arn)).map(explained('COMPONENT_FILTER_RESTRICTION_REMOVED_COMPONENT')),
    ...(met.size === 0 ? asked.through.map(explained('COMPONENT_FILTER_RESTRICTION')) : []),
  ]
}

/** The components of one path, with all headers that take it. */
function traced(site: Site, asked: PathAsked, resolved: Asked, left: HeaderSet): PathFound {
  const example = sample(left)
  if (!example) throw new Error('a set that is not empty has no member')
  const world = setWorld(site.network, false)
  const from: Position<SymbolicHeaders>[] = resolved.starts(world, symbolic(left))
  const { passages, ...track } = trackOf(site.network, from, example, resolved.oneWay)
  const legs = (leg: Passage['leg']) => passages.filter((p) => p.leg === leg)
  const shows = endsShown(asked, track.left, track.arrived)
  return {
    found: true,
    forward: componentsOf(site, legs('request'), { from: track.left, to: track.arrived, shows }),
    back: componentsOf(site, legs('reply'), { from: track.arrived, to: track.left, shows }),
    explanations: [],
    hints: [],
  }
}

/** An end that is named as an interface is that; one that is named as an instance is both. */
function endsShown({ source, destination }: PathAsked, left: string, arrived: string) {
  const named = new Map([
    [left, source.type],
    [arrived, destination?.type ?? 'instance'],
  ])
  return (eni: string): readonly ('eni' | 'host')[] =>
    named.get(eni) === 'network-interface' ? ['eni'] : ['host', 'eni']
}

function unreachable(site: Site, asked: PathAsked, question: Question, answer: Answer): PathFound {
  const { way, alternatives, notices } = answer
  const explanations = [
    ...way.blockers.flatMap((blocker) => explanationsOf(site, blocker)),
    ...contextOf(site, way),
    ...notices.map((notice) => noticed(site, notice)),
  ]
  const hints = hintsOf(site, way, alternatives)
  const passages = passagesOf(way, sharedTrack(site, question, way))
  const end = passages.findIndex(({ outcome }) => outcome === 'stop')
  const met = end < 0 ? passages : passages.slice(0, end + 1)
  const [first] = way.blockers
  // What is in the way before a packet leaves: all behind it is supposed, and never shown.
  if (first && !met.some((p) => p.outcome === 'stop' && isAt(first, p)))
    return refused(once(explanations), {
      forward: atSource(site, asked, explanationsOf(site, first).slice(0, 1)),
      hints,
    })
  return refused(once(explanations), {
    forward: partly(
      site,
      asked,
      way,
      met.filter(({ leg }) => leg === 'request'),
    ),
    back: partly(
      site,
      asked,
      way,
      met.filter(({ leg }) => leg === 'reply'),
    ),
    hints,
  })
}

/** All headers that go the example's way until it is stopped; undefined where it could not even leave. */
function sharedTrack(site: Site, question: Question, { hops, blockers }: Way) {
  const example = hops[0]?.before
  if (!example || blockers[0]?.remedy.kind === 'start') return undefined
  const { headers, starts, oneWay } = resolve(site.state, site.network, question)
  if (!includes(headers, example)) return undefined
  return trackOf(site.network, starts(setWorld(site.network, false), symbolic(headers)), example, oneWay)
}

/** What stops nothing, and is good to know where something does. */
const noticed = ({ state }: Site, { code, resources }: Notice): Explanation => {
  const [Component] = resources.flatMap((id) => componentOf(state, id) ?? [])
  return { ExplanationCode: code, ...(Component && { Component }) }
}

const isAt = (blocker: Blocker, { leg, stage, at }: Passage): boolean =>
  blocker.leg === leg && blocker.stage === stage && blocker.at === at

/** The source alone, and why nothing leaves it. */
const atSource = ({ state }: Site, { source }: PathAsked, Explanations: Explanation[]): PathComponent[] => [
  { SequenceNumber: 1, Component: componentOf(state, source.id), Explanations },
]

/** As far as the packet came; what stopped it says why. */
function partly(site: Site, asked: PathAsked, way: Way, passages: readonly Passage[]) {
  const [first] = passages
  const last = passages.at(-1)
  if (!first || !last) return []
  const stopped = (p: Passage) =>
    way.blockers.filter((b) => isAt(b, p)).flatMap((blocker) => explanationsOf(site, blocker).slice(0, 1))
  const to = last.outcome === 'pass' && last.stage === 'deliver' ? last.at : undefined
  const shows = endsShown(
    asked,
    first.leg === 'request' ? first.at : (to ?? ''),
    first.leg === 'request' ? (to ?? '') : first.at,
  )
  return componentsOf(site, passages, { from: first.at, ...(to !== undefined && { to }), shows }, stopped)
}

const once = (all: readonly Explanation[]): Explanation[] => {
  const keys = all.map((e) => JSON.stringify(e))
  return all.filter((_, i) => keys.indexOf(keys[i] as string) === i)
}

/** Peerings and gateways that other ways with as few settings would take. */
function hintsOf({ state, network }: Site, way: Way, alternatives: readonly Way[]): AlternatePathHint[] {
  const known = new Set(edgesOf(network, way))
  const others = new Set(alternatives.flatMap((other) => edgesOf(network, other)).filter((id) => !known.has(id)))
  return [...others].flatMap((id) => {
    const found = componentOf(state, id)
    return found?.Arn ? [{ ComponentId: id, ComponentArn: found.Arn }] : []
  })
}

/** The links between routers, and to the internet, that a way takes or would take. Not those that it supposes. */
const edgesOf = ({ interfaces, segments }: Network, { hops, blockers }: Way): string[] =>
  [
    ...hops.map(({ at }) => at),
    ...blockers.flatMap(({ remedy: r }) => (r.kind === 'route' && 'interface' in r.to ? [r.to.interface] : [])),
  ].flatMap((at) => {
    const link = segments.get(interfaces.get(at)?.segment ?? '')
    return link && link.kind !== 'subnet' ? link.id : []
  })
