/** Network insights analysis: what became of a path at one moment; judged at the start, kept for 120 days (2.1). */
import type { Input, Output } from '../protocol/types.ts'
import { invalidCombination, invalidParameter } from './errors.ts'
import { find, remove } from './lookup.ts'
import {
  type AnalysisState,
  analysisLifecycle,
  checkAnalysisQuota,
  chosenAnalyses,
} from './network-insights-analyses.ts'
import type { PathFound } from './network-insights-analyst.ts'
import { parseArn } from './network-insights-end.ts'
import type { NetworkInsightsPath } from './network-insights-path.ts'
import { arnOf, blocks, type Context, defineKind, type Handlers, newResource, type Resource } from './resource.ts'
import { showTags, tagsFor } from './tags.ts'

export interface NetworkInsightsAnalysis extends Resource {
  readonly state: AnalysisState
  readonly pathId: string
  readonly startTime: number
  readonly additionalAccounts: readonly string[]
  readonly filterInArns: readonly string[]
  readonly filterOutArns: readonly string[]
  readonly result: PathFound
}

declare module './resource.ts' {
  interface ResourceTypes {
    'network-insights-analysis': NetworkInsightsAnalysis
  }
}

const foundBy = (a: NetworkInsightsAnalysis): boolean | undefined =>
  a.state === 'succeeded' ? a.result.found : undefined

export const networkInsightsAnalysis = defineKind({
  type: 'network-insights-analysis',
  idPrefix: 'nia',
  noun: 'network insights analysis ID',
  codes: {
    notFound: 'InvalidNetworkInsightsAnalysisId.NotFound',
    malformed: 'InvalidNetworkInsightsAnalysisId.Malformed',
  },
  references: { pathId: blocks('network-insights-path') },
  lifecycle: analysisLifecycle,
  filters: {
    status: (a) => a.state,
    'path-found': (a) => foundBy(a),
    'network-insights-path-id': (a) => a.pathId,
  },
})

export const networkInsightsAnalysisActions: Handlers = {
  StartNetworkInsightsAnalysis(input, context) {
    const path = find(context, 'network-insights-path', input.NetworkInsightsPathId)
    const tags = tagsFor('network-insights-analysis', input.TagSpecifications)
    const arns = filterArns(context, input)
    checkAccounts(input.AdditionalAccounts)
    const limit = 'NetworkInsightsAnalysis.LimitExceeded'
    checkAnalysisQuota(context, 'network-insights-analysis', limit, 'network insights analyses')
    const started = context.state.put('network-insights-analysis', {
      ...newResource(context, networkInsightsAnalysis, 'running', tags),
      state: 'running',
      pathId: path.id,
      startTime: context.now,
      additionalAccounts: input.AdditionalAccounts ?? [],
      ...arns,
      result: judged(context, path, arns),
    })
    return { NetworkInsightsAnalysis: showAnalysis(started) }
  },
  DescribeNetworkInsightsAnalyses(input, context) {
    const { items, ...page } = chosen(context, input)
    return { NetworkInsightsAnalyses: items.map(showAnalysis), ...page }
  },
  DeleteNetworkInsightsAnalysis(input, context) {
    const { id } = find(context, 'network-insights-analysis', input.NetworkInsightsAnalysisId)
    remove(context, 'network-insights-analysis', id)
    return { NetworkInsightsAnalysisId: id }
  },
}

type Arns = Pick<NetworkInsightsAnalysis, 'filterInArns' | 'filterOutArns'>

const judged = ({ analyst }: Context, path: NetworkInsightsPath, arns: Arns): PathFound =>
  analyst.path({
    source: path.source,
    ...(path.destination && { destination: path.destination }),
    protocol: path.protocol,
    atSource: path.atSource,
    atDestination: path.atDestination,
    through: arns.filterInArns,
    without: arns.filterOutArns,
  })

function filterArns({ caller }: Context, input: Input<'StartNetworkInsightsAnalysis'>): Arns {
  const { FilterInArns = [], FilterOutArns = [] } = input
  const check = (parameter: string) => (arn: string) => {
    if (parseArn(arn)?.region !== caller.region)
      throw invalidParameter(arn, parameter, 'It must be an ARN of this Region.')
  }
  FilterInArns.forEach(check('FilterInArns'))
  FilterOutArns.forEach(check('FilterOutArns'))
  if (FilterInArns.some((arn) => FilterOutArns.includes(arn)))
    throw invalidCombination('An ARN cannot be both in FilterInArns and in FilterOutArns')
  return { filterInArns: FilterInArns, filterOutArns: FilterOutArns }
}

/** All accounts of one Isthmus are one organization: nothing more has to be allowed, and the list is kept as given. */
function checkAccounts(accounts: readonly string[] = []): void {
  for (const account of accounts)
    if (!/^\d{12}$/.test(account)) throw invalidParameter(account, 'AdditionalAccounts', 'It must be an account ID.')
}

/** Of a path, if one is asked for. */
function chosen(context: Context, input: Input<'DescribeNetworkInsightsAnalyses'>) {
  const { NetworkInsightsAnalysisIds: ids, NetworkInsightsPathId: pathId, ...page } = input
  if (pathId !== undefined) find(context, 'network-insights-path', pathId)
  const query = { ...page, ids, from: input.AnalysisStartTime, until: input.AnalysisEndTime }
  return chosenAnalyses(context, 'network-insights-analysis', query, pathId, (a) => a.pathId)
}

type Shown = NonNullable<Output<'DescribeNetworkInsightsAnalyses'>['NetworkInsightsAnalyses']>[number]

function showAnalysis(a: NetworkInsightsAnalysis): Shown {
  const shown: Shown = {
    NetworkInsightsAnalysisId: a.id,
    NetworkInsightsAnalysisArn: arnOf(a, 'network-insights-analysis'),
    NetworkInsightsPathId: a.pathId,
    StartDate: new Date(a.startTime),
    Status: a.state,
    Tags: showTags(a.tags),
    ...(a.additionalAccounts.length > 0 && { AdditionalAccounts: [...a.additionalAccounts] }),
    ...(a.filterInArns.length > 0 && { FilterInArns: [...a.filterInArns] }),
    ...(a.filterOutArns.length > 0 && { FilterOutArns: [...a.filterOutArns] }),
  }
  return a.state === 'running' ? shown : { ...shown, ...showResult(a.result) }
}

/** Parts that would be empty are left out. */
const showResult = ({ found, forward, back, explanations, hints }: PathFound): Partial<Shown> => ({
  NetworkPathFound: found,
  ...(forward.length > 0 && { ForwardPathComponents: [...forward] }),
  ...(back.length > 0 && { ReturnPathComponents: [...back] }),
  ...(explanations.length > 0 && { Explanations: [...explanations] }),
  ...(hints.length > 0 && { AlternatePathHints: [...hints] }),
})
