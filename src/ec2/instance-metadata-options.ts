/** How an instance's metadata service answers it: at launch, and changed while it is there. */
import type { Input } from '../protocol/types.ts'
import { invalidParameter, missingParameter, unsupported } from './errors.ts'
import type { Image } from './image.ts'
import { findLiving, type MetadataOptions } from './instance.ts'
import { accountMetadataOptions, refuseOptionalTokens } from './instance-metadata-defaults.ts'
import { showMetadataOptions } from './instance-view.ts'
import type { Context, Handlers } from './resource.ts'

type Wish = Omit<Input<'ModifyInstanceMetadataOptions'>, 'InstanceId' | 'DryRun'>

const HOP_LIMIT = { min: 1, max: 64 }

export const instanceMetadataOptionActions: Handlers = {
  ModifyInstanceMetadataOptions({ InstanceId, DryRun: _, ...wish }, context) {
    const i = findLiving(context, InstanceId)
    if (Object.values(wish).every((value) => value === undefined)) throw missingParameter('HttpTokens')
    const changed = { ...i, metadataOptions: merged(i.metadataOptions, wish) }
    context.state.put('instance', changed)
    // `applied` is what every later question is answered.
    return { InstanceId: i.id, InstanceMetadataOptions: { ...showMetadataOptions(changed), State: 'pending' } }
  },
}

/** What a launch asks for; else what the account has set; else what the image wants: IMDSv2's tokens, or none. */
export function metadataOptionsFor(context: Context, { imdsV2 }: Image, wish: Wish | undefined): MetadataOptions {
  const ofImage: MetadataOptions = {
    httpTokens: imdsV2 ? 'required' : 'optional',
    httpPutResponseHopLimit: imdsV2 ? 2 : 1,
    httpEndpoint: 'enabled',
    instanceMetadataTags: 'disabled',
  }
  const options = merged({ ...ofImage, ...accountMetadataOptions(context) }, wish)
  refuseOptionalTokens(context, options)
  return options
}

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
