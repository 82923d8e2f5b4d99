/** The IAM roles of instances: there is no IAM here, so no instance has one. */
import { type FilterTable, matching } from './catalogue.ts'
import { ApiError } from './errors.ts'
import type { Handlers } from './resource.ts'
import { pageOf } from './select.ts'

export const instanceProfileActions: Handlers = {
  DescribeIamInstanceProfileAssociations(input) {
    const [unknown] = input.AssociationIds ?? []
    if (unknown !== undefined)
      throw new ApiError('InvalidAssociationID.NotFound', `The association ID '${unknown}' does not exist`)
    const { items, ...page } = pageOf(matching([], filters, input.Filters), input, 'instance profile association', {
      min: 5,
      max: 1000,
    })
    return { IamInstanceProfileAssociations: [...items], ...page }
  },
}

const filters: FilterTable<never> = { 'instance-id': () => [], state: () => [] }
