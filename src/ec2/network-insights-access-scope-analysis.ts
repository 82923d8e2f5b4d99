/** Network access scope analysis: every path that a scope describes, as the network was at the start (2.4). */
import type { Input, Output } from '../protocol/types.ts'
import { find, remove } from './lookup.ts'
import {
  analysisLifecycle,
  type AnalysisState,
  checkAnalysisQuota,
  chosenAnalyses,
  PROGRESS,
} from './network-insights-analyses.ts'
import type { NetworkInsightsAccessScope } from './network-insights-access-scope.ts'
import type { PathComponent, ScopeFound } from './network-insights-analyst.ts'
import { parseScopePath } from './network-insights-scope-path.ts'
import { arnOf, blocks, type Context, defineKind, type Handlers, newResource, type Resource } from './resource.ts'
import { pageOf } from './select.ts'
import { showTags, tagsFor } from './tags.ts'

export interface NetworkInsightsAccessScopeAnalysis extends Resource {
  readonly state: AnalysisState
  readonly scopeId: string
  readonly startTime: number
  readonly result: ScopeFound
}

declare module './resource.ts' {
  interface ResourceTypes {
    'network-insights-access-scope-analysis': NetworkInsightsAccessScopeAnalysis
  }
}

export const networkInsightsAccessScopeAnalysis = defineKind({
  type: 'network-insights-access-scope-analysis',
  idPrefix: 'nisa',
  noun: 'network insights access scope analysis ID',
  codes: {
    notFound: 'InvalidNetworkInsightsAccessScopeAnalysisId.NotFound',
    malformed: 'InvalidNetworkInsightsAccessScopeAnalysisId.Malformed',
  },
  references: { scopeId: blocks('network-insights-access-scope') },
  lifecycle: analysisLifecycle,
  filters: { status: (a) => a.state, 'network-insights-access-scope-id': (a) => a.scopeId },
})

export const networkInsightsAccessScopeAnalysisActions: Handlers = {
  StartNetworkInsightsAccessScopeAnalysis(input, context) {
    const scope = find(context, 'network-insights-access-scope', input.NetworkInsightsAccessScopeId)
    const tags = tagsFor('network-insights-access-scope-analysis', input.TagSpecifications)
    const limit = 'NetworkInsightsAccessScopeAnalysis.LimitExceeded'
    const things = 'network insights access scope analyses'
    checkAnalysisQuota(context, 'network-insights-access-scope-analysis', limit, things)
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

/** Of a scope, if one is asked for. */
function chosen(context: Context, input: Input<'DescribeNetworkInsightsAccessScopeAnalyses'>) {
  const { NetworkInsightsAccessScopeAnalysisIds: ids, NetworkInsightsAccessScopeId: scopeId } = input
  const { AnalysisStartTimeBegin: from, AnalysisStartTimeEnd: until, ...page } = input
  if (scopeId !== undefined) find(context, 'network-insights-access-scope', scopeId)
  const query = { ...page, ids, from, until }
  return chosenAnalyses(context, 'network-insights-access-scope-analysis', query, scopeId, (a) => a.scopeId)
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
