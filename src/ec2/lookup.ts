/** Finding records as a caller may see them, and removing them with what they own. Written once for all allKinds(). */
import { ApiError, dependencyViolation } from './errors.ts'
import { allKinds, kindOf } from './kinds.ts'
import {
  type Context,
  isOwn,
  type Reference,
  type Resource,
  type ResourceType,
  type ResourceTypes,
} from './resource.ts'
import type { State } from './state.ts'

export function isVisible<T extends ResourceType>(
  type: T,
  record: ResourceTypes[T],
  { caller, now }: Pick<Context, 'caller' | 'now'>,
): boolean {
  const { alsoSeenBy, hiddenFrom } = kindOf(type)
  return (
    (isOwn(record as Resource, caller) || alsoSeenBy?.(record, caller) === true) &&
    hiddenFrom?.(record, caller, now) !== true
  )
}

/** Throws `<kind>.Malformed` where the text can be no id of the kind. */
export function checkId(type: ResourceType, id: string): void {
  const { idPrefix, codes } = kindOf(type)
  if (/^[0-9a-f]{8}([0-9a-f]{9})?$/.test(id.slice(idPrefix.length + 1)) && id.startsWith(`${idPrefix}-`)) return
  throw new ApiError(codes.malformed, `Invalid id: "${id}" (expecting "${idPrefix}-...")`)
}

/** The caller's record. Throws `<kind>.Malformed` or `<kind>.NotFound`, which is also the answer for a stranger's. */
export function find<T extends ResourceType>(context: Context, type: T, id: string): ResourceTypes[T] {
  const record = context.state.get(type, id)
  if (record && isVisible(type, record, context)) return record
  checkId(type, id)
  throw notFound(type, id)
}

export function notFound(type: ResourceType, id: string): ApiError {
  const { noun, codes } = kindOf(type)
  return new ApiError(codes.notFound, `The ${noun} '${id}' does not exist`)
}

/** The records of a kind that the caller may see. */
export function* visible<T extends ResourceType>(context: Context, type: T): Iterable<ResourceTypes[T]> {
  for (const record of context.state.all(type)) if (isVisible(type, record, context)) yield record
}

/** Whether the id is written in the kind's form. */
export const kindOfId = (id: string): ResourceType | undefined =>
  allKinds().find(
    (kind) => id.startsWith(`${kind.idPrefix}-`) && /^[0-9a-f]+$/.test(id.slice(kind.idPrefix.length + 1)),
  )?.type

export interface Dependent {
  readonly type: ResourceType
  readonly record: Resource
  readonly field: string
  readonly strength: 'blocks' | 'owned' | 'weak'
}

/** Who refers to a record, by the references that kinds declare. */
export function dependents(state: State, type: ResourceType, id: string): Dependent[] {
  return allKinds().flatMap((kind) => {
    const fields = Object.entries(kind.references as Record<string, Reference<unknown>>).filter(
      ([, ref]) => ref.type === type,
    )
    return fields.flatMap(([field, ref]) =>
      state.where(kind.type, field as never, id).map((record) => ({
        type: kind.type,
        record: record as Resource,
        field,
        strength: ref.strength(record, state),
      })),
    )
  })
}

/** Removes a record and what it owns. Throws DependencyViolation while anything else needs it. */
export function remove(context: Context, type: ResourceType, id: string): void {
  const all = dependents(context.state, type, id)
  if (all.some((d) => d.strength === 'blocks')) {
    const name = kindOf(type).noun.replace(/ ID$/i, '')
    throw dependencyViolation(`The ${name} '${id}' has dependencies and cannot be deleted.`)
  }
  for (const d of all) if (d.strength === 'owned') remove(context, d.type, d.record.id)
  context.state.remove(type, id)
}
