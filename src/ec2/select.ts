/** Describe, written once: ids, filters with wildcards, pages with opaque tokens. */
import { createHash } from 'node:crypto'
import { ApiError, invalidCombination, invalidValue } from './errors.ts'
import { find, isVisible, visible } from './lookup.ts'
import { kindOf } from './kinds.ts'
import type { Caller, Context, FilterValue, Resource, ResourceType, ResourceTypes } from './resource.ts'
import type { Field } from './record-index.ts'
import type { State } from './state.ts'
import { tagsSeenBy } from './tags.ts'
import { hasWildcard, patternOf } from './wildcard.ts'

export interface Filter {
  readonly Name?: string | undefined
  readonly Values?: readonly string[] | undefined
}

export interface Query {
  readonly Filters?: readonly Filter[] | undefined
  readonly MaxResults?: number | undefined
  readonly NextToken?: string | undefined
}

export interface Page<R> {
  readonly items: readonly R[]
  readonly NextToken?: string
}

/** The caller's records of a kind by ids and filters, one page. Unknown ids, filters and tokens are errors. */
export function select<T extends ResourceType>(
  context: Context,
  type: T,
  query: Query,
  ids: readonly string[] | undefined,
  maxima: { min: number; max: number } = { min: 5, max: 1000 },
): Page<ResourceTypes[T]> {
  if (ids?.length && query.MaxResults !== undefined) {
    throw invalidCombination('The parameter MaxResults cannot be used with the parameter that lists ids')
  }
  const filters = query.Filters ?? []
  const test = filterFor(context, type, filters)
  const named = ids?.length
    ? [...new Set(ids)].map((id) => find(context, type, id))
    : candidates(context, type, filters)
  return pageOf(named.filter(test), query, type, maxima)
}

/** At least all of the caller's records that the filters let through, in the order in which they were made. */
function candidates<T extends ResourceType>(
  context: Context,
  type: T,
  filters: readonly Filter[],
): readonly ResourceTypes[T][] {
  const { indexed = {} } = kindOf(type)
  // One value only: those of several would have to be put in order.
  const exact = filters.find(
    ({ Name = '', Values = [] }) =>
      Object.hasOwn(indexed, Name) && Values.length === 1 && !hasWildcard(Values[0] ?? ''),
  )
  const [field, value = ''] = [indexed[exact?.Name ?? ''], exact?.Values?.[0]]
  if (field === undefined) return [...visible(context, type)]
  const found = field === 'id' ? [context.state.get(type, value)] : context.state.where(type, field as Field<T>, value)
  return found.filter((record) => record !== undefined).filter((record) => isVisible(type, record, context))
}

/** A test for all filters together: values of one filter are alternatives, filters are conditions. */
export function filterFor<T extends ResourceType>(
  context: Context,
  type: T,
  filters: readonly Filter[],
): (record: ResourceTypes[T]) => boolean {
  const tests = filters.map(({ Name = '', Values = [] }) => {
    const read = readerOf(type, Name, context.caller)
    if (!read) throw invalidValue(`The filter '${Name}' is invalid`)
    const accepts = patternOf(Values)
    return (record: ResourceTypes[T]) =>
      [read(record, context.state)].flat().some((v) => v !== undefined && accepts(String(v)))
  })
  return (record) => tests.every((test) => test(record))
}

type Reader<T extends ResourceType> = (record: ResourceTypes[T], state: State) => FilterValue

function readerOf<T extends ResourceType>(type: T, name: string, caller: Caller): Reader<T> | undefined {
  const tagsOf = (record: ResourceTypes[T]) => tagsSeenBy(record as Resource, caller)
  if (name.startsWith('tag:')) return (record) => tagsOf(record)[name.slice(4)]
  if (name === 'tag-key') return (record) => Object.keys(tagsOf(record))
  if (name === 'tag-value') return (record) => Object.values(tagsOf(record))
  const { filters } = kindOf(type)
  return Object.hasOwn(filters, name) ? filters[name] : undefined
}

/** One page of `items`. The token names where to go on and the question it belongs to. */
export function pageOf<R>(
  items: readonly R[],
  query: Query,
  question: string,
  { min, max }: { min: number; max: number },
): Page<R> {
  const { MaxResults, NextToken } = query
  if (MaxResults !== undefined && (MaxResults < min || MaxResults > max)) {
    const bound = MaxResults < min ? `greater than or equal to ${min}` : `less than or equal to ${max}`
    throw invalidValue(`Value ( ${MaxResults} ) for parameter maxResults is invalid. Expecting a value ${bound}.`)
  }
  const key = createHash('sha256')
    .update(JSON.stringify([question, query.Filters ?? []]))
    .digest('base64url')
    .slice(0, 12)
  const start = NextToken === undefined ? 0 : positionIn(NextToken, key)
  const end = MaxResults === undefined ? items.length : start + MaxResults
  const page = items.slice(start, end)
  return end < items.length
    ? { items: page, NextToken: Buffer.from(`${key}:${end}`).toString('base64url') }
    : { items: page }
}

function positionIn(token: string, key: string): number {
  const [of, at = ''] = Buffer.from(token, 'base64url').toString().split(':')
  if (of !== key || !/^\d+$/.test(at)) throw new ApiError('InvalidNextToken', `The token '${token}' is invalid`)
  return Number(at)
}
