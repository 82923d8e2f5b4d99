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
  refuseTwice(
    (specifications ?? []).map((s) => s.ResourceType),
    () => 'The same resource type may not be specified more than once in tag specifications',
  )
  return addTags(
    {},
    (specifications ?? []).filter((s) => s.ResourceType === type).flatMap((s) => s.Tags ?? []),
  )
}

/** In characters of Unicode, as the limits count them. */
const lengthOf = (text: string): number => [...text].length

/** unverified: AWS's words. */
function refuseTwice(names: readonly (string | undefined)[], words: (name: string) => string): void {
  const twice = names.find((name, i) => name !== undefined && names.indexOf(name) < i)
  if (twice !== undefined) throw invalidValue(words(twice))
}

/**
 * `tags` with more set. Throws on AWS's own prefix, on sizes, and above 50. The words for the prefix and the sizes are
 * quoted from AWS's answers; the API's model still says 127 for a key.
 */
export function addTags(tags: Tags, more: readonly WireTag[]): Tags {
  refuseTwice(
    more.map((tag) => tag.Key),
    (key) => `Duplicate tag key '${key}' specified.`,
  )
  const result: Record<string, string> = { ...tags }
  for (const { Key, Value = '' } of more) {
    if (!Key) throw new ApiError('MissingParameter', 'The request must contain the parameter Tag.Key')
    if (/^aws:/i.test(Key)) throw invalidValue(`Tag keys starting with 'aws:' are reserved for internal use`)
    if (lengthOf(Key) > 128) throw invalidValue(`Tag key exceeds the maximum length of 128 characters`)
    if (lengthOf(Value) > 256) throw invalidValue(`Tag value exceeds the maximum length of 256 characters`)
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
