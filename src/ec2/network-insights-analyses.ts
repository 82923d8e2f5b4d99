/** What the analyses of Network Insights have in common, of paths and of access scopes: their life, and their lists. */
import { ApiError, invalidCombination } from './errors.ts'
import { find, visible } from './lookup.ts'
import { quota } from './quotas.ts'
import type { Context, Lifecycle, ResourceTypes } from './resource.ts'
import { filterFor, pageOf, type Query } from './select.ts'

export type AnalysisType = 'network-insights-analysis' | 'network-insights-access-scope-analysis'

/** The result is there at once; clients are shown `running` first, as they expect. */
export type AnalysisState = 'running' | 'succeeded'

/** Milliseconds: AWS takes minutes. */
export const PROGRESS = 1000
const KEPT = 120 * 24 * 3_600_000

export const analysisLifecycle: Lifecycle = {
  running: { after: PROGRESS, to: 'succeeded' },
  succeeded: { after: KEPT - PROGRESS, gone: true },
}

/** Throws `code` where there is room for no more. unverified: the code, by the path's, and the words. */
export function checkAnalysisQuota(context: Context, type: AnalysisType, code: string, things: string): void {
  if ([...visible(context, type)].length < quota('networkInsightsAnalyses')) return
  throw new ApiError(code, `The maximum number of ${things} has been reached.`)
}

interface Asked extends Query {
  readonly ids: readonly string[] | undefined
  /** When they were started. */
  readonly from: Date | undefined
  readonly until: Date | undefined
}

/** By ids, what they are of, times of the start and filters; one page. `of` is what they are of, if that is asked. */
export function chosenAnalyses<T extends AnalysisType>(
  context: Context,
  type: T,
  { ids, ...query }: Asked,
  of: string | undefined,
  subjectOf: (analysis: ResourceTypes[T]) => string,
) {
  if (ids?.length && query.MaxResults !== undefined)
    throw invalidCombination('The parameter MaxResults cannot be used with the parameter that lists ids')
  const all = ids?.length ? [...new Set(ids)].map((id) => find(context, type, id)) : [...visible(context, type)]
  const from = query.from?.getTime() ?? Number.NEGATIVE_INFINITY
  const until = query.until?.getTime() ?? Number.POSITIVE_INFINITY
  const matches = filterFor(context, type, query.Filters ?? [])
  const asked = all.filter(
    (a) => (of === undefined || subjectOf(a) === of) && a.startTime >= from && a.startTime <= until && matches(a),
  )
  return pageOf(asked, query, `${type} ${of} ${from} ${until}`, { min: 1, max: 100 })
}
