/** Network access scope: which paths through the network are of interest, by what they match and exclude (2.4). */
import type { Output } from '../protocol/types.ts'
import { ApiError, missingParameter } from './errors.ts'
import { find, remove, visible } from './lookup.ts'
import { parseScopePath, type WirePath } from './network-insights-scope-path.ts'
import { quota } from './quotas.ts'
import { arnOf, type Context, defineKind, type Handlers, newResource, type Resource } from './resource.ts'
import { select } from './select.ts'
import { showTags, tagsFor } from './tags.ts'

export interface NetworkInsightsAccessScope extends Resource {
  readonly state: 'available'
  /** As the call had them. */
  readonly matchPaths: readonly WirePath[]
  readonly excludePaths: readonly WirePath[]
  readonly createTime: number
}

declare module './resource.ts' {
  interface ResourceTypes {
    'network-insights-access-scope': NetworkInsightsAccessScope
  }
}

export const networkInsightsAccessScope = defineKind({
  type: 'network-insights-access-scope',
  idPrefix: 'nis',
  noun: 'network insights access scope ID',
  codes: {
    notFound: 'InvalidNetworkInsightsAccessScopeId.NotFound',
    malformed: 'InvalidNetworkInsightsAccessScopeId.Malformed',
  },
  references: {},
  lifecycle: {},
  filters: { 'network-insights-access-scope-id': (s) => s.id },
})

export const networkInsightsAccessScopeActions: Handlers = {
  CreateNetworkInsightsAccessScope(input, context) {
    const { MatchPaths: matchPaths = [], ExcludePaths: excludePaths = [] } = input
    const tags = tagsFor('network-insights-access-scope', input.TagSpecifications)
    if (matchPaths.length === 0) throw missingParameter('MatchPath')
    for (const path of [...matchPaths, ...excludePaths]) parseScopePath(context, path)
    checkQuota(context)
    const made = context.state.put('network-insights-access-scope', {
      ...newResource(context, networkInsightsAccessScope, 'available', tags),
      state: 'available',
      matchPaths,
      excludePaths,
      createTime: context.now,
    })
    return { NetworkInsightsAccessScope: showScope(made), NetworkInsightsAccessScopeContent: contentOf(made) }
  },
  DescribeNetworkInsightsAccessScopes(input, context) {
    const ids = input.NetworkInsightsAccessScopeIds
    const { items, ...page } = select(context, 'network-insights-access-scope', input, ids, { min: 1, max: 100 })
    return { NetworkInsightsAccessScopes: items.map(showScope), ...page }
  },
  GetNetworkInsightsAccessScopeContent(input, context) {
    const scope = find(context, 'network-insights-access-scope', input.NetworkInsightsAccessScopeId)
    return { NetworkInsightsAccessScopeContent: contentOf(scope) }
  },
  DeleteNetworkInsightsAccessScope(input, context) {
    const { id } = find(context, 'network-insights-access-scope', input.NetworkInsightsAccessScopeId)
    if (context.state.where('network-insights-access-scope-analysis', 'scopeId', id).length > 0)
      // unverified: AWS's code, by the path's.
      throw new ApiError(
        'AnalysisExistsForNetworkInsightsAccessScope',
        `The network insights access scope '${id}' has analyses. Delete them before you delete the scope.`,
      )
    remove(context, 'network-insights-access-scope', id)
    return { NetworkInsightsAccessScopeId: id }
  },
}

function checkQuota(context: Context): void {
  if ([...visible(context, 'network-insights-access-scope')].length < quota('networkInsightsAccessScopes')) return
  // unverified: the code, by the path's.
  throw new ApiError(
    'NetworkInsightsAccessScope.LimitExceeded',
    'The maximum number of network insights access scopes has been reached.',
  )
}

type Shown = NonNullable<Output<'CreateNetworkInsightsAccessScope'>['NetworkInsightsAccessScope']>

function showScope(scope: NetworkInsightsAccessScope): Shown {
  const time = new Date(scope.createTime)
  return {
    NetworkInsightsAccessScopeId: scope.id,
    NetworkInsightsAccessScopeArn: arnOf(scope, 'network-insights-access-scope'),
    CreatedDate: time,
    UpdatedDate: time,
    Tags: showTags(scope.tags),
  }
}

type Content = NonNullable<Output<'GetNetworkInsightsAccessScopeContent'>['NetworkInsightsAccessScopeContent']>

/** Paths as they came: the wire's request and answer have the same members. */
const contentOf = ({ id, matchPaths, excludePaths }: NetworkInsightsAccessScope): Content => ({
  NetworkInsightsAccessScopeId: id,
  MatchPaths: [...matchPaths] as NonNullable<Content['MatchPaths']>,
  ExcludePaths: [...excludePaths] as NonNullable<Content['ExcludePaths']>,
})
