/** An exclusion of VPC Block Public Access: a VPC or subnet for which the account's mode is lifted, or eased (G10). */
import type { Input, Output } from '../protocol/types.ts'
import { ApiError, invalidCombination, invalidParameter, invalidValue, missingParameter } from './errors.ts'
import { find, visible } from './lookup.ts'
import { quota } from './quotas.ts'
import { type Context, defineKind, type Handlers, inState, newResource, owned, type Resource } from './resource.ts'
import { select } from './select.ts'
import { showTags, tagsFor } from './tags.ts'

export type ExclusionMode = (typeof MODES)[number]
const MODES = ['allow-bidirectional', 'allow-egress'] as const

/** In force from the call that makes or changes it until the call that deletes it. */
export interface VpcBlockPublicAccessExclusion extends Resource {
  readonly state: `${'create' | 'update' | 'delete'}-${'in-progress' | 'complete'}`
  /** Of the two exactly one. An exclusion of a VPC is one of all its subnets. */
  readonly vpcId?: string
  readonly subnetId?: string
  readonly mode: ExclusionMode
  /** Milliseconds since the epoch. */
  readonly creation: number
  readonly lastUpdate?: number
  readonly deletion?: number
}

declare module './resource.ts' {
  interface ResourceTypes {
    'vpc-block-public-access-exclusion': VpcBlockPublicAccessExclusion
  }
}

/** Milliseconds: AWS takes minutes. */
const PROGRESS = 1000
/** For how long a deleted one is shown (unverified). */
const HOUR = 3_600_000

export const vpcBlockPublicAccessExclusion = defineKind({
  type: 'vpc-block-public-access-exclusion',
  idPrefix: 'vpcbpa-exclude',
  noun: 'VPC Block Public Access exclusion ID',
  codes: {
    notFound: 'InvalidVpcBlockPublicAccessExclusionId.NotFound',
    // unverified: the code.
    malformed: 'InvalidVpcBlockPublicAccessExclusionId.Malformed',
  },
  // unverified: that an exclusion holds nothing back, and goes with what it excludes.
  references: { vpcId: owned('vpc'), subnetId: owned('subnet') },
  lifecycle: {
    'create-in-progress': { after: PROGRESS, to: 'create-complete' },
    'update-in-progress': { after: PROGRESS, to: 'update-complete' },
    'delete-in-progress': { after: PROGRESS, to: 'delete-complete' },
    'delete-complete': { after: HOUR, gone: true },
  },
  filters: {
    'resource-arn': (e) => excludedArn(e),
    'internet-gateway-exclusion-mode': (e) => e.mode,
    // The filter's documentation has a name of its own for the last state.
    state: (e) => (e.state === 'delete-complete' ? [e.state, 'deleted-complete'] : e.state),
  },
})

/** Whether it lifts anything. */
export const isInForce = ({ state }: VpcBlockPublicAccessExclusion): boolean => !state.startsWith('delete-')

export const vpcBlockPublicAccessExclusionActions: Handlers = {
  CreateVpcBlockPublicAccessExclusion(input, context) {
    const mode = exclusionMode(input.InternetGatewayExclusionMode)
    const excluded = excludedBy(context, input)
    const tags = tagsFor('vpc-block-public-access-exclusion', input.TagSpecifications)
    checkRoom(context, excluded)
    const created = context.state.put('vpc-block-public-access-exclusion', {
      ...newResource(context, vpcBlockPublicAccessExclusion, 'create-in-progress', tags),
      state: 'create-in-progress',
      ...excluded,
      mode,
      creation: context.now,
    })
    return { VpcBlockPublicAccessExclusion: showExclusion(created) }
  },
  DescribeVpcBlockPublicAccessExclusions(input, context) {
    const { items, ...page } = select(context, 'vpc-block-public-access-exclusion', input, input.ExclusionIds)
    return { VpcBlockPublicAccessExclusions: items.map(showExclusion), ...page }
  },
  ModifyVpcBlockPublicAccessExclusion(input, context) {
    const exclusion = present(context, input.ExclusionId, 'modified')
    const mode = exclusionMode(input.InternetGatewayExclusionMode)
    const modified = context.state.put('vpc-block-public-access-exclusion', {
      ...inState(exclusion, 'update-in-progress', context.now),
      mode,
      lastUpdate: context.now,
    })
    return { VpcBlockPublicAccessExclusion: showExclusion(modified) }
  },
  DeleteVpcBlockPublicAccessExclusion(input, context) {
    const exclusion = present(context, input.ExclusionId, 'deleted')
    const ending = context.state.put('vpc-block-public-access-exclusion', {
      ...inState(exclusion, 'delete-in-progress', context.now),
      lastUpdate: context.now,
      deletion: context.now,
    })
    return { VpcBlockPublicAccessExclusion: showExclusion(ending) }
  },
}

function exclusionMode(text: string | undefined): ExclusionMode {
  if (!text) throw missingParameter('InternetGatewayExclusionMode')
  const found = MODES.find((mode) => mode === text)
  if (!found) throw invalidParameter(text, 'InternetGatewayExclusionMode', `Must be one of: ${MODES.join(', ')}.`)
  return found
}

type Excluded = { readonly vpcId: string } | { readonly subnetId: string }

/** The VPC or subnet of a wish. unverified: AWS's words for none and for both. */
function excludedBy(
  context: Context,
  { VpcId, SubnetId }: Pick<Input<'CreateVpcBlockPublicAccessExclusion'>, 'VpcId' | 'SubnetId'>,
): Excluded {
  if (VpcId && SubnetId)
    throw invalidCombination('The parameters vpcId and subnetId cannot be used together. Specify one of them.')
  if (VpcId) return { vpcId: find(context, 'vpc', VpcId).id }
  if (SubnetId) return { subnetId: find(context, 'subnet', SubnetId).id }
  throw missingParameter('vpcId or subnetId')
}

/** One exclusion of a thing, 50 of an account in a Region. unverified: AWS's codes and words. */
function checkRoom(context: Context, excluded: Excluded): void {
  const all = [...visible(context, 'vpc-block-public-access-exclusion')].filter(isInForce)
  const [id] = Object.values(excluded)
  const same = all.find(({ vpcId, subnetId }) => (vpcId ?? subnetId) === id)
  if (same) throw invalidValue(`${id} is already excluded by the exclusion ${same.id}.`)
  if (all.length >= quota('vpcBlockPublicAccessExclusions'))
    throw new ApiError(
      'VpcBlockPublicAccessExclusionLimitExceeded',
      'The maximum number of VPC Block Public Access exclusions has been reached.',
    )
}

/** One that is not deleted. Clients look for `is in ... state and cannot be ...`; the other words are unverified. */
function present(context: Context, id: string, done: string): VpcBlockPublicAccessExclusion {
  const exclusion = find(context, 'vpc-block-public-access-exclusion', id)
  if (isInForce(exclusion)) return exclusion
  throw invalidValue(`The exclusion ${exclusion.id} is in ${exclusion.state} state and cannot be ${done}.`)
}

const excludedArn = ({ account, region, vpcId, subnetId }: VpcBlockPublicAccessExclusion): string =>
  `arn:aws:ec2:${region}:${account}:${vpcId ? `vpc/${vpcId}` : `subnet/${subnetId}`}`

type Shown = NonNullable<Output<'CreateVpcBlockPublicAccessExclusion'>['VpcBlockPublicAccessExclusion']>

const showExclusion = (e: VpcBlockPublicAccessExclusion): Shown => ({
  ExclusionId: e.id,
  InternetGatewayExclusionMode: e.mode,
  ResourceArn: excludedArn(e),
  State: e.state,
  CreationTimestamp: new Date(e.creation),
  ...(e.lastUpdate !== undefined && { LastUpdateTimestamp: new Date(e.lastUpdate) }),
  ...(e.deletion !== undefined && { DeletionTimestamp: new Date(e.deletion) }),
  Tags: showTags(e.tags),
})
