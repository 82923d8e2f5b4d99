/** What the launches of an account's Region have as metadata options where they say nothing themselves. */
import type { Input, Output } from '../protocol/types.ts'
import { ApiError, invalidParameter, missingParameter } from './errors.ts'
import type { MetadataOptions } from './instance.ts'
import { type Caller, type Context, defineKind, type Handlers, type Resource } from './resource.ts'

/** One record for an account's Region, once anything was set. What is absent, the image decides. */
interface MetadataDefaults extends Resource {
  readonly state: 'set'
  readonly options: Partial<MetadataOptions>
  readonly enforced: boolean
  /** That `enforced` was said, either way. */
  readonly enforcementSaid: boolean
}

declare module './resource.ts' {
  interface ResourceTypes {
    'instance-metadata-defaults': MetadataDefaults
  }
}

export const instanceMetadataDefaults = defineKind({
  type: 'instance-metadata-defaults',
  idPrefix: 'instance/metadata/defaults',
  noun: 'instance metadata defaults',
  codes: { notFound: 'InvalidParameterValue', malformed: 'InvalidParameterValue' },
  references: {},
  lifecycle: {},
  filters: {},
})

type Modify = Input<'ModifyInstanceMetadataDefaults'>
type Shown = NonNullable<Output<'GetInstanceMetadataDefaults'>['AccountLevel']>

export const instanceMetadataDefaultActions: Handlers = {
  GetInstanceMetadataDefaults: (_, context) => ({ AccountLevel: show(defaultsOf(context)) }),
  ModifyInstanceMetadataDefaults(input, context) {
    const { DryRun: _, ...wish } = input
    if (Object.values(wish).every((value) => value === undefined)) throw missingParameter('HttpTokens')
    const { account, region } = context.caller
    const before = defaultsOf(context)
    context.state.put('instance-metadata-defaults', {
      ...{ id: idOf(context.caller), account, region, tags: {}, stateSince: before?.stateSince ?? context.now },
      state: 'set',
      options: changed(before?.options ?? {}, wish),
      ...enforcement(before, wish),
    })
    return { Return: true }
  },
}

const idOf = ({ account, region }: Caller): string => `${account}/${region}`

const defaultsOf = ({ state, caller }: Context): MetadataDefaults | undefined =>
  state.get('instance-metadata-defaults', idOf(caller))

/** The account's own options for a launch. */
export const accountMetadataOptions = (context: Context): Partial<MetadataOptions> => defaultsOf(context)?.options ?? {}

/** Throws where the account wants IMDSv2 of every launch, and this one does not have it. unverified: code and words. */
export function refuseOptionalTokens(context: Context, { httpTokens }: MetadataOptions): void {
  if (httpTokens === 'required' || !defaultsOf(context)?.enforced) return
  throw new ApiError(
    'OperationNotPermitted',
    'The account requires IMDSv2: set HttpTokens to required in the metadata options of the launch.',
  )
}

/** What is said replaces; `no-preference` and -1 take away. */
function changed(before: Partial<MetadataOptions>, wish: Modify): Partial<MetadataOptions> {
  const hops = wish.HttpPutResponseHopLimit
  if (hops !== undefined && hops !== -1 && (hops < 1 || hops > 64))
    throw invalidParameter(hops, 'httpPutResponseHopLimit', 'Expecting a value from 1 to 64, or -1.')
  const said: Record<string, string | number | undefined> = {
    httpTokens: wish.HttpTokens,
    httpPutResponseHopLimit: hops,
    httpEndpoint: wish.HttpEndpoint,
    instanceMetadataTags: wish.InstanceMetadataTags,
  }
  const given = Object.entries(said).filter(([, value]) => value !== undefined)
  const kept = Object.entries(before).filter(([name]) => !given.some(([other]) => other === name))
  const set = given.filter(([, value]) => value !== 'no-preference' && value !== -1)
  return Object.fromEntries([...kept, ...set])
}

function enforcement(before: MetadataDefaults | undefined, { HttpTokensEnforced: wish }: Modify) {
  if (wish === undefined)
    return { enforced: before?.enforced ?? false, enforcementSaid: before?.enforcementSaid ?? false }
  return { enforced: wish === 'enabled', enforcementSaid: wish !== 'no-preference' }
}

function show(defaults: MetadataDefaults | undefined): Shown {
  if (!defaults) return {}
  const { options, enforced, enforcementSaid } = defaults
  return {
    HttpTokens: options.httpTokens,
    HttpPutResponseHopLimit: options.httpPutResponseHopLimit,
    HttpEndpoint: options.httpEndpoint,
    InstanceMetadataTags: options.instanceMetadataTags,
    ...(enforcementSaid && { HttpTokensEnforced: enforced ? 'enabled' : 'disabled' }),
  }
}
