/** Tags on creation and in answers: one form for all kinds. */
import { ApiError, invalidValue } from './errors.ts'
import { type Caller, isOwn, type Resource, type ResourceType, type Tags } from './resource.ts'

interface WireTag {
  readonly Key?: string | undefined
  readonly Value?: string | undefined
}

interface TagSpecification {
  readonly ResourceType?: string | undefined
  readonly Tags?: readonly WireTag[] | undefined
}

const LIMIT = 50

/** The tags a creation asks for its `type`; `others` are further types the same call creates. */
export function tagsFor(
  type: ResourceType,
  specifications: readonly TagSpecification[] | undefined,
  others: readonly string[] = [],
): Tags {
  for (const { ResourceType: named = '' } of specifications ?? []) {
    if (named !== type && !others.includes(named))
      throw invalidValue(`'${named}' is not a valid taggable resource type for this operation.`)
  }
  return addTags(
    {},
    (specifications ?? []).filter((s) => s.ResourceType === type).flatMap((s) => s.Tags ?? []),
  )
}

/** `tags` with more set. Throws on AWS's own prefix, on sizes, and above 50. */
export function addTags(tags: Tags, more: readonly WireTag[]): Tags {
  const result: Record<string, string> = { ...tags }
  for (const { Key, Value = '' } of more) {
    if (!Key) throw new ApiError('MissingParameter', 'The request must contain the parameter Tag.Key')
    if (/^aws:/i.test(Key)) throw invalidValue(`Tag keys starting with 'aws:' are reserved for internal use`)
    if (Key.length > 127) throw invalidValue(`Tag key exceeds the maximum length of 127 characters`)
    if (Value.length > 255) throw invalidValue(`Tag value exceeds the maximum length of 255 characters`)
    result[Key] = Value
  }
  if (Object.keys(result).length > LIMIT)
    throw new ApiError('TagLimitExceeded', `The maximum number of Tags for a resource has been reached.`)
  return result
}

/** Tags are of one account and Region: a record that two see has two sets of them (X14). */
export const tagsSeenBy = (record: Resource, caller: Caller): Tags =>
  isOwn(record, caller) ? record.tags : (record.othersTags?.[otherKey(caller)] ?? {})

/** The record with the tags that `caller` sees replaced. */
export const withTags = <R extends Resource>(record: R, caller: Caller, tags: Tags): R =>
  isOwn(record, caller)
    ? { ...record, tags }
    : { ...record, othersTags: { ...record.othersTags, [otherKey(caller)]: tags } }

const otherKey = ({ account, region }: Caller): string => `${account}/${region}`

/** As the wire carries them. */
export const showTags = (tags: Tags): { Key: string; Value: string }[] =>
  Object.entries(tags).map(([Key, Value]) => ({ Key, Value }))
