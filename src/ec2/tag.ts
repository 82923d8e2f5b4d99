/** Tags as a resource of their own: set, taken away and listed over all allKinds(). */
import type { Input, Output } from '../protocol/types.ts'
import { type FilterTable, matching } from './catalogue.ts'
import { ApiError, invalidValue, unsupported } from './errors.ts'
import { imageNamed } from './image.ts'
import { find, isVisible, kindOfId, visible } from './lookup.ts'
import { allKinds } from './kinds.ts'
import type { Context, Handlers, Resource, ResourceType, Tags } from './resource.ts'
import { pageOf } from './select.ts'
import { addTags, tagsSeenBy, withTags } from './tags.ts'

interface Tag {
  readonly key: string
  readonly value: string
  readonly resourceId: string
  readonly resourceType: ResourceType
}

type Shown = NonNullable<Output<'DescribeTags'>['Tags']>[number]

export const tagActions: Handlers = {
  CreateTags(input, context) {
    retag(context, input.Resources, (tags) => addTags(tags, input.Tags))
    return {}
  },
  DeleteTags(input, context) {
    retag(context, input.Resources, (tags) => withoutTags(tags, input.Tags))
    return {}
  },
  DescribeTags(input, context) {
    const { items, ...page } = pageOf(
      matching(tagsAsked(context, input.Filters), filtersFor(input.Filters), input.Filters),
      input,
      'tags',
      { min: 5, max: 1000 },
    )
    return { Tags: items.map(showTag), ...page }
  },
}

const RESOURCES = 1000

function retag(context: Context, ids: readonly string[], change: (tags: Tags) => Tags): void {
  // unverified: AWS's words.
  if (ids.length > RESOURCES) throw invalidValue(`The maximum number of resources in a request is ${RESOURCES}.`)
  for (const id of new Set(ids)) {
    const type = typeOf(context, id)
    const record = find(context, type, id) as Resource
    context.state.put(type, withTags(record, context.caller, change(tagsSeenBy(record, context.caller))) as never)
  }
}

function typeOf({ caller: { region } }: Context, id: string): ResourceType {
  const type = kindOfId(id)
  if (type) return type
  if (!id.startsWith('ami-')) throw new ApiError('InvalidID', `The ID '${id}' is not valid`)
  imageNamed(region, id)
  throw unsupported('Public images can not be tagged here.')
}

/** Without a list all go; a tag that names a value goes only where it has that value, the empty one included. */
function withoutTags(tags: Tags, gone: Input<'DeleteTags'>['Tags']): Tags {
  if (!gone?.length) return {}
  return Object.fromEntries(
    Object.entries(tags).filter(([key, value]) => !gone.some((t) => t.Key === key && (t.Value ?? value) === value)),
  )
}

/** The tags of all that the caller sees; of the named resources only, where a filter names them in full. */
function tagsAsked(context: Context, filters: Input<'DescribeTags'>['Filters']): Tag[] {
  const ids = filters?.find(({ Name, Values = [] }) => Name === 'resource-id' && !Values.some(isPattern))?.Values
  return ids ? [...new Set(ids)].flatMap((id) => tagsOfId(context, id)) : allTags(context)
}

const isPattern = (text: string): boolean => /[*?\\]/.test(text)

function tagsOfId(context: Context, id: string): Tag[] {
  const type = kindOfId(id)
  const record = type && context.state.get(type, id)
  return type && record && isVisible(type, record, context) ? tagsOf(context, type, record as Resource) : []
}

const allTags = (context: Context): Tag[] =>
  allKinds().flatMap(({ type }) =>
    ([...visible(context, type)] as Resource[]).flatMap((record) => tagsOf(context, type, record)),
  )

const tagsOf = ({ caller }: Context, resourceType: ResourceType, record: Resource): Tag[] =>
  Object.entries(tagsSeenBy(record, caller)).map(([key, value]) => ({
    key,
    value,
    resourceId: record.id,
    resourceType,
  }))

const filters: FilterTable<Tag> = {
  key: (t) => t.key,
  value: (t) => t.value,
  'resource-id': (t) => t.resourceId,
  'resource-type': (t) => t.resourceType,
}

/** `tag:KEY` asks for the tags of that key by their value. */
function filtersFor(asked: Input<'DescribeTags'>['Filters']): FilterTable<Tag> {
  const named = (asked ?? []).flatMap(({ Name = '' }) => (Name.startsWith('tag:') ? [Name] : []))
  return {
    ...filters,
    ...Object.fromEntries(named.map((name) => [name, (t: Tag) => (t.key === name.slice(4) ? t.value : undefined)])),
  }
}

const showTag = (t: Tag): Shown => ({
  Key: t.key,
  Value: t.value,
  ResourceId: t.resourceId,
  ResourceType: t.resourceType as Shown['ResourceType'],
})
