/** What can be changed of a VPC after its creation: three attributes, one in a call, and its tenancy (C15). */
import type { Input, Output } from '../protocol/types.ts'
import { ApiError, invalidCombination, invalidParameter, missingParameter } from './errors.ts'
import { find } from './lookup.ts'
import type { Handlers } from './resource.ts'
import type { Vpc } from './vpc.ts'

type Wish = Omit<Input<'ModifyVpcAttribute'>, 'VpcId'>

interface Attribute {
  readonly show: (v: Vpc) => Output<'DescribeVpcAttribute'>
  /** The value a call asks for. */
  readonly asked: (wish: Wish) => boolean | undefined
  readonly set: (v: Vpc, value: boolean) => Vpc
}

const attributes: Readonly<Record<string, Attribute>> = {
  enableDnsSupport: {
    show: (v) => ({ EnableDnsSupport: { Value: v.enableDnsSupport } }),
    asked: (wish) => wish.EnableDnsSupport?.Value,
    set: (v, enableDnsSupport) => ({ ...v, enableDnsSupport }),
  },
  enableDnsHostnames: {
    show: (v) => ({ EnableDnsHostnames: { Value: v.enableDnsHostnames } }),
    asked: (wish) => wish.EnableDnsHostnames?.Value,
    set(v, enableDnsHostnames) {
      // unverified: code and words. The other way round, support may go while there are host names.
      if (enableDnsHostnames && !v.enableDnsSupport)
        throw new ApiError('InvalidParameterCombination', 'DNS hostnames require DNS support to be enabled.')
      return { ...v, enableDnsHostnames }
    },
  },
  enableNetworkAddressUsageMetrics: {
    show: (v) => ({ EnableNetworkAddressUsageMetrics: { Value: v.enableNetworkAddressUsageMetrics } }),
    asked: (wish) => wish.EnableNetworkAddressUsageMetrics?.Value,
    set: (v, enableNetworkAddressUsageMetrics) => ({ ...v, enableNetworkAddressUsageMetrics }),
  },
}

export const vpcAttributeActions: Handlers = {
  DescribeVpcAttribute(input, context) {
    const v = find(context, 'vpc', input.VpcId)
    const attribute = Object.hasOwn(attributes, input.Attribute) ? attributes[input.Attribute] : undefined
    if (!attribute) throw invalidParameter(input.Attribute, 'attribute', 'Unknown attribute.')
    return { VpcId: v.id, ...attribute.show(v) }
  },
  ModifyVpcAttribute(input, context) {
    const v = find(context, 'vpc', input.VpcId)
    const [attribute, ...more] = Object.values(attributes).filter(({ asked }) => asked(input) !== undefined)
    if (!attribute) throw missingParameter('vpcAttribute')
    if (more.length > 0) throw invalidCombination('Fields for multiple attribute types specified')
    context.state.put('vpc', attribute.set(v, attribute.asked(input) ?? false))
    return {}
  },
  ModifyVpcTenancy(input, context) {
    const v = find(context, 'vpc', input.VpcId)
    // unverified: the words.
    if (input.InstanceTenancy !== 'default')
      throw new ApiError('InvalidTenancy', 'The tenancy of a VPC can only be changed to default.')
    context.state.put('vpc', { ...v, instanceTenancy: 'default' })
    return { ReturnValue: true }
  },
}
