/** Network insights analysis: what became of a path at one moment; judged at the start, kept for 120 days (2.1). */
import type { Input, Output } from '../protocol/types.ts'
import { ApiError, invalidCombination, invalidParameter } from './errors.ts'
import { find, remove, visible } from './lookup.ts'
import type { PathFound } from './network-insights-analyst.ts'
import { parseArn } from './network-insights-end.ts'
import type { NetworkInsightsPath } from './network-insights-path.ts'
import { quota } from './quotas.ts'
import { arnOf, blocks, type Context, defineKind, type Handlers, newResource, type Resource } from './resource.ts'
import { filterFor, pageOf } from './select.ts'
import { showTags, tagsFor } from './tags.ts'

export interface NetworkInsightsAnalysis extends Resource {
  /** The result is there at once; clients are shown `running` first, as they expect. */
  readonly state: 'running' | 'succeeded'
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

/** Milliseconds: AWS takes minutes. */
const PROGRESS = 1000
const KEPT = 120 * 24 * 3_600_000

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
  lifecycle: { running: { after: PROGRESS, to: 'succeeded' }, succeeded: { after: KEPT - PROGRESS, gone: true } },
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
    checkQuota(context)
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

function checkQuota(context: Context): void {
  if ([...visible(context, 'network-insights-analysis')].length < quota('networkInsightsAnalyses')) return
  // unverified: the code, by the path's.
  throw new ApiError(
    'NetworkInsightsAnalysis.LimitExceeded',
    'The maximum number of network insights analyses has been reached.',
  )
}

/** By ids, path, times of the start and filters; one page. */
function chosen(context: Context, input: Input<'DescribeNetworkInsightsAnalyses'>) {
  const { NetworkInsightsAnalysisIds: ids, NetworkInsightsPathId: pathId, AnalysisStartTime, AnalysisEndTime } = input
  if (ids?.length && input.MaxResults !== undefined)
    throw invalidCombination('The parameter MaxResults cannot be used with the parameter that lists ids')
  if (pathId !== undefined) find(context, 'network-insights-path', pathId)
  const all = ids?.length
    ? [...new Set(ids)].map((id) => find(context, 'network-insights-analysis', id))
    : [...visible(context, 'network-insights-analysis')]
  const from = AnalysisStartTime?.getTime() ?? Number.NEGATIVE_INFINITY
  const until = AnalysisEndTime?.getTime() ?? Number.POSITIVE_INFINITY
  const matches = filterFor(context, 'network-insights-analysis', input.Filters ?? [])
  const asked = all.filter(
    (a) => (pathId === undefined || a.pathId === pathId) && a.startTime >= from && a.startTime <= until && matches(a),
  )
  return pageOf(asked, input, `network-insights-analysis ${pathId} ${from} ${until}`, { min: 1, max: 100 })
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
