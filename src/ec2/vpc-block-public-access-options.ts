/** VPC Block Public Access: whether an account lets internet traffic into the VPCs that it has in a Region (G10). */
import type { Output } from '../protocol/types.ts'
import { invalidParameter, missingParameter } from './errors.ts'
import { type Caller, type Context, defineKind, type Handlers, type Resource } from './resource.ts'
import type { State } from './state.ts'

/** `block-ingress` lets through only what NAT gateways send, and its answers. */
export type BlockMode = (typeof MODES)[number]
const MODES = ['off', 'block-bidirectional', 'block-ingress'] as const

/** One of an account and Region, from the first change on. A mode is in force at once. */
export interface VpcBlockPublicAccessOptions extends Resource {
  readonly state: 'update-in-progress' | 'update-complete'
  readonly mode: BlockMode
  readonly lastUpdate: number
}

declare module './resource.ts' {
  interface ResourceTypes {
    'vpc-block-public-access-options': VpcBlockPublicAccessOptions
  }
}

/** Milliseconds: AWS takes minutes. */
const PROGRESS = 1000

export const vpcBlockPublicAccessOptions = defineKind({
  type: 'vpc-block-public-access-options',
  idPrefix: 'vpc/block/public/access',
  noun: 'VPC Block Public Access options',
  codes: { notFound: 'InvalidParameterValue', malformed: 'InvalidParameterValue' },
  references: {},
  lifecycle: { 'update-in-progress': { after: PROGRESS, to: 'update-complete' } },
  filters: {},
})

/** What an account has said in a Region; undefined where it has never said anything, which is `off`. */
export const blockOptionsOf = (
  state: State,
  { account, region }: Pick<Caller, 'account' | 'region'>,
): VpcBlockPublicAccessOptions | undefined => state.get('vpc-block-public-access-options', `${account}/${region}`)

export const vpcBlockPublicAccessOptionActions: Handlers = {
  DescribeVpcBlockPublicAccessOptions(_, context) {
    return { VpcBlockPublicAccessOptions: showOptions(context) }
  },
  ModifyVpcBlockPublicAccessOptions(input, context) {
    const { caller, state, now } = context
    const { account, region } = caller
    const mode = blockMode(input.InternetGatewayBlockMode)
    const known = blockOptionsOf(state, caller) ?? { id: `${account}/${region}`, account, region, tags: {} }
    state.put('vpc-block-public-access-options', {
      ...known,
      state: 'update-in-progress',
      stateSince: now,
      mode,
      lastUpdate: now,
    })
    return { VpcBlockPublicAccessOptions: showOptions(context) }
  },
}

function blockMode(text: string | undefined): BlockMode {
  if (!text) throw missingParameter('InternetGatewayBlockMode')
  const found = MODES.find((mode) => mode === text)
  if (!found) throw invalidParameter(text, 'InternetGatewayBlockMode', `Must be one of: ${MODES.join(', ')}.`)
  return found
}

/** Nobody but the account manages it: there are no organizations here. */
function showOptions({
  state,
  caller,
}: Context): NonNullable<Output<'DescribeVpcBlockPublicAccessOptions'>['VpcBlockPublicAccessOptions']> {
  const options = blockOptionsOf(state, caller)
  return {
    AwsAccountId: caller.account,
    AwsRegion: caller.region,
    State: options?.state ?? 'default-state',
    InternetGatewayBlockMode: options?.mode ?? 'off',
    ...(options && { LastUpdateTimestamp: new Date(options.lastUpdate) }),
    ManagedBy: 'account',
    ExclusionsAllowed: 'allowed',
  }
}
