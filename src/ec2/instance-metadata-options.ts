/** How an instance's metadata service answers it: at launch, and changed while it is there. */
import type { Input } from '../protocol/types.ts'
import { ApiError, invalidParameter, missingParameter, unsupported } from './errors.ts'
import type { Image } from './image.ts'
import type { MetadataOptions } from './instance.ts'
import { showMetadataOptions } from './instance-view.ts'
import { find } from './lookup.ts'
import type { Handlers } from './resource.ts'

type Wish = Omit<Input<'ModifyInstanceMetadataOptions'>, 'InstanceId' | 'DryRun'>

const HOP_LIMIT = { min: 1, max: 64 }

export const instanceMetadataOptionActions: Handlers = {
  ModifyInstanceMetadataOptions({ InstanceId, DryRun: _, ...wish }, context) {
    const i = find(context, 'instance', InstanceId)
    if (i.state === 'terminated' || i.state === 'shutting-down')
      throw new ApiError('IncorrectInstanceState', `The instance '${i.id}' is not in a valid state for this operation.`)
    if (Object.values(wish).every((value) => value === undefined)) throw missingParameter('HttpTokens')
    const changed = { ...i, metadataOptions: merged(i.metadataOptions, wish) }
    context.state.put('instance', changed)
    // `applied` is what every later question is answered.
    return { InstanceId: i.id, InstanceMetadataOptions: { ...showMetadataOptions(changed), State: 'pending' } }
  },
  // None can be set: what a launch does not say, the image decides.
  GetInstanceMetadataDefaults: () => ({ AccountLevel: {} }),
}

/** What a launch asks for; an image that supports IMDSv2 wants its tokens unless the launch says otherwise. */
export const metadataOptionsFor = ({ imdsV2 }: Image, wish: Wish | undefined): MetadataOptions =>
  merged(
    {
      httpTokens: imdsV2 ? 'required' : 'optional',
      httpPutResponseHopLimit: imdsV2 ? 2 : 1,
      httpEndpoint: 'enabled',
      instanceMetadataTags: 'disabled',
    },
    wish,
  )

function merged(before: MetadataOptions, wish: Wish = {}): MetadataOptions {
  if (wish.HttpProtocolIpv6 === 'enabled') throw unsupported('Instance metadata over IPv6 is not supported yet.')
  const hops = wish.HttpPutResponseHopLimit ?? before.httpPutResponseHopLimit
  if (hops < HOP_LIMIT.min || hops > HOP_LIMIT.max)
    throw invalidParameter(hops, 'httpPutResponseHopLimit', 'Expecting a value from 1 to 64.')
  return {
    httpTokens: wish.HttpTokens ?? before.httpTokens,
    httpPutResponseHopLimit: hops,
    httpEndpoint: wish.HttpEndpoint ?? before.httpEndpoint,
    instanceMetadataTags: wish.InstanceMetadataTags ?? before.instanceMetadataTags,
  }
}
