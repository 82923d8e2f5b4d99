/** Moving addresses between EC2-Classic and VPCs: Classic is gone, so every address is in a VPC, and stays. */
import { addressNamed } from './address.ts'
import { type FilterTable, matching } from './catalogue.ts'
import { ApiError } from './errors.ts'
import type { Handlers } from './resource.ts'
import { pageOf } from './select.ts'

/** Nothing is on its way. */
const filters: FilterTable<never> = { 'moving-status': () => [] }

export const classicAddressActions: Handlers = {
  // unverified: AWS's answers to both, now that Classic is gone.
  MoveAddressToVpc({ PublicIp }, context) {
    return { AllocationId: addressNamed(context, PublicIp).id, Status: 'InVpc' }
  },
  RestoreAddressToClassic({ PublicIp }, context) {
    const { publicIp } = addressNamed(context, PublicIp)
    throw new ApiError(
      'OperationNotPermitted',
      `Address ${publicIp} was allocated for use in a VPC and can not be moved to EC2-Classic.`,
    )
  },
  DescribeMovingAddresses(input, context) {
    for (const publicIp of input.PublicIps ?? []) addressNamed(context, publicIp)
    const moving = matching([], filters, input.Filters)
    const { items, ...page } = pageOf(moving, input, 'moving addresses', { min: 5, max: 1000 })
    return { MovingAddressStatuses: [...items], ...page }
  },
}
