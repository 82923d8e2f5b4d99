/** Network access scope analysis: every path that a scope describes, as the network was at the start (2.4). */
import type { Input, Output } from '../protocol/types.ts'
import { ApiError, invalidCombination } from './errors.ts'
import { find, remove, visible } from './lookup.ts'
import type { NetworkInsightsAccessScope } from './network-insights-access-scope.ts'
import type { PathComponent, ScopeFound } from './network-insights-analyst.ts'
import { parseScopePath } from './network-insights-scope-path.ts'
import { quota } from './quotas.ts'
import { arnOf, blocks, type Context, defineKind, type Handlers, newResource, type Resource } from './resource.ts'
import { filterFor, pageOf } from './select.ts'
import { showTags, tagsFor } from './tags.ts'

export interface NetworkInsightsAccessScopeAnalysis extends Resource {
  /** The result is there at once; clients are shown `running` first, as they expect. */
  readonly state: 'running' | 'succeeded'
  readonly scopeId: string
  readonly startTime: number
  readonly result: ScopeFound
}

declare module './resource.ts' {
  interface ResourceTypes {
    'network-insights-access-scope-analysis': NetworkInsightsAccessScopeAnalysis
  }
}

/** Milliseconds: AWS takes minutes. */
const PROGRESS = 1000
const KEPT = 120 * 24 * 3_600_000

export const networkInsightsAccessScopeAnalysis = defineKind({
  type: 'network-insights-access-scope-analysis',
  idPrefix: 'nisa',
  noun: 'network insights access scope analysis ID',
  codes: {
    notFound: 'InvalidNetworkInsightsAccessScopeAnalysisId.NotFound',
    malformed: 'InvalidNetworkInsightsAccessScopeAnalysisId.Malformed',
  },
  references: { scopeId: blocks('network-insights-access-scope') },
  lifecycle: { running: { after: PROGRESS, to: 'succeeded' }, succeeded: { after: KEPT - PROGRESS, gone: true } },
  filters: { status: (a) => a.state, 'network-insights-access-scope-id': (a) => a.scopeId },
})

export const networkInsightsAccessScopeAnalysisActions: Handlers = {
  StartNetworkInsightsAccessScopeAnalysis(input, context) {
    const scope = find(context, 'network-insights-access-scope', input.NetworkInsightsAccessScopeId)
    const tags = tagsFor('network-insights-access-scope-analysis', input.TagSpecifications)
    checkQuota(context)
    const started = context.state.put('network-insights-access-scope-analysis', {
      ...newResource(context, networkInsightsAccessScopeAnalysis, 'running', tags),
      state: 'running',
      scopeId: scope.id,
      startTime: context.now,
      result: judged(context, scope),
    })
    return { NetworkInsightsAccessScopeAnalysis: showAnalysis(started) }
  },
  DescribeNetworkInsightsAccessScopeAnalyses(input, context) {
    const { items, ...page } = chosen(context, input)
    return { NetworkInsightsAccessScopeAnalyses: items.map(showAnalysis), ...page }
  },
  GetNetworkInsightsAccessScopeAnalysisFindings(input, context) {
    const id = input.NetworkInsightsAccessScopeAnalysisId
    const analysis = find(context, 'network-insights-access-scope-analysis', id)
    const { findings } = analysis.result
    const all =
      analysis.state === 'running' ? [] : findings.map((components, i) => showFinding(analysis, components, i))
    const { items, ...page } = pageOf(all, input, `findings ${id}`, { min: 1, max: 1000 })
    return {
      NetworkInsightsAccessScopeAnalysisId: id,
      AnalysisStatus: analysis.state,
      AnalysisFindings: [...items],
      ...page,
    }
  },
  DeleteNetworkInsightsAccessScopeAnalysis(input, context) {
    const id = input.NetworkInsightsAccessScopeAnalysisId
    find(context, 'network-insights-access-scope-analysis', id)
    remove(context, 'network-insights-access-scope-analysis', id)
    return { NetworkInsightsAccessScopeAnalysisId: id }
  },
}

/** What the scope names may be gone by now: then nothing is found there, and the call is refused. */
const judged = (context: Context, { matchPaths, excludePaths }: NetworkInsightsAccessScope): ScopeFound =>
  context.analyst.scope({
    account: context.caller.account,
    region: context.caller.region,
    match: matchPaths.map((path) => parseScopePath(context, path)),
    exclude: excludePaths.map((path) => parseScopePath(context, path)),
  })

function checkQuota(context: Context): void {
  const all = [...visible(context, 'network-insights-access-scope-analysis')]
  if (all.length < quota('networkInsightsAnalyses')) return
  // unverified: the code, by the path's.
  throw new ApiError(
    'NetworkInsightsAccessScopeAnalysis.LimitExceeded',
    'The maximum number of network insights access scope analyses has been reached.',
  )
}

/** By ids, scope, times of the start and filters; one page. */
function chosen(context: Context, input: Input<'DescribeNetworkInsightsAccessScopeAnalyses'>) {
  const { NetworkInsightsAccessScopeAnalysisIds: ids, NetworkInsightsAccessScopeId: scopeId } = input
  if (ids?.length && input.MaxResults !== undefined)
    throw invalidCombination('The parameter MaxResults cannot be used with the parameter that lists ids')
  if (scopeId !== undefined) find(context, 'network-insights-access-scope', scopeId)
  const all = ids?.length
    ? [...new Set(ids)].map((id) => find(context, 'network-insights-access-scope-analysis', id))
    : [...visible(context, 'network-insights-access-scope-analysis')]
  const from = input.AnalysisStartTimeBegin?.getTime() ?? Number.NEGATIVE_INFINITY
  const until = input.AnalysisStartTimeEnd?.getTime() ?? Number.POSITIVE_INFINITY
  const matches = filterFor(context, 'network-insights-access-scope-analysis', input.Filters ?? [])
  const asked = all.filter(
    (a) =>
      (scopeId === undefined || a.scopeId === scopeId) && a.startTime >= from && a.startTime <= until && matches(a),
  )
  return pageOf(asked, input, `access-scope-analysis ${scopeId} ${from} ${until}`, { min: 1, max: 100 })
}

type Shown = NonNullable<Output<'StartNetworkInsightsAccessScopeAnalysis'>['NetworkInsightsAccessScopeAnalysis']>

function showAnalysis(a: NetworkInsightsAccessScopeAnalysis): Shown {
  const { findings, analyzedInterfaces } = a.result
  const isDone = a.state === 'succeeded'
  return {
    NetworkInsightsAccessScopeAnalysisId: a.id,
    NetworkInsightsAccessScopeAnalysisArn: arnOf(a, 'network-insights-access-scope-analysis'),
    NetworkInsightsAccessScopeId: a.scopeId,
    Status: a.state,
    StartDate: new Date(a.startTime),
    AnalyzedEniCount: isDone ? analyzedInterfaces : 0,
    ...(isDone && {
      EndDate: new Date(a.startTime + PROGRESS),
      FindingsFound: findings.length > 0 ? 'true' : 'false',
    }),
    Tags: showTags(a.tags),
  }
}

type Finding = NonNullable<Output<'GetNetworkInsightsAccessScopeAnalysisFindings'>['AnalysisFindings']>[number]

const showFinding = (
  a: NetworkInsightsAccessScopeAnalysis,
  components: readonly PathComponent[],
  index: number,
): Finding => ({
  NetworkInsightsAccessScopeAnalysisId: a.id,
  NetworkInsightsAccessScopeId: a.scopeId,
  FindingId: `AnalysisFinding-${index + 1}`,
  FindingComponents: [...components],
})
