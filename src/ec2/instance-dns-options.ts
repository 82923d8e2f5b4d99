/** Which private names an instance has: by its address or by its id, at launch and later. */
import type { Input } from '../protocol/types.ts'
import { missingParameter, unsupported } from './errors.ts'
import { findLiving, type Instance, refuseUnlessStopped } from './instance.ts'
import type { Handlers } from './resource.ts'

type Options = Pick<Instance, 'hostnameType' | 'resourceNameDnsARecord'>

export const instanceDnsOptionActions: Handlers = {
  ModifyPrivateDnsNameOptions(input, context) {
    const i = findLiving(context, input.InstanceId)
    const {
      PrivateDnsHostnameType: HostnameType,
      EnableResourceNameDnsARecord,
      EnableResourceNameDnsAAAARecord,
    } = input
    if ([HostnameType, EnableResourceNameDnsARecord, EnableResourceNameDnsAAAARecord].every((v) => v === undefined))
      throw missingParameter('PrivateDnsHostnameType')
    // The name is the guest's own, given to it when it boots.
    if (HostnameType && HostnameType !== i.hostnameType) refuseUnlessStopped(i)
    const options = privateDnsOptions(
      { HostnameType, EnableResourceNameDnsARecord, EnableResourceNameDnsAAAARecord },
      i,
    )
    context.state.put('instance', { ...i, ...options })
    return { Return: true }
  },
}

interface Wish {
  readonly HostnameType?: NonNullable<Input<'RunInstances'>['PrivateDnsNameOptions']>['HostnameType'] | undefined
  readonly EnableResourceNameDnsARecord?: boolean | undefined
  readonly EnableResourceNameDnsAAAARecord?: boolean | undefined
}

/** The options a call asks for; what it does not name stays as in `before`. */
export function privateDnsOptions(wish: Wish | undefined, before: Options): Options {
  if (wish?.EnableResourceNameDnsAAAARecord) throw unsupported('IPv6 addresses of instances are not supported yet.')
  return {
    hostnameType: wish?.HostnameType ?? before.hostnameType,
    resourceNameDnsARecord: wish?.EnableResourceNameDnsARecord ?? before.resourceNameDnsARecord,
  }
}
