/** VpcBlockPublicAccessOptions, one of an account and Region, and VpcBlockPublicAccessExclusions. */
import type { VpcBlockPublicAccessExclusion } from '../ec2/vpc-block-public-access-exclusion.ts'
import type { VpcBlockPublicAccessOptions } from '../ec2/vpc-block-public-access-options.ts'
import { baseOf, type Reader } from './building.ts'
import type { Item } from './item.ts'

const MODES = ['off', 'block-bidirectional', 'block-ingress'] as const
const STATES = ['default-state', 'update-in-progress', 'update-complete'] as const

export const vpcBlockPublicAccessOptions: Reader = {
  key: 'VpcBlockPublicAccessOptions',
  single: true,
  read(item, home, { state, now }) {
    const account = item.account('AwsAccountId') ?? home.account
    const region = item.textIf('AwsRegion') ?? home.region
    const mode = item.oneOf('InternetGatewayBlockMode', MODES, 'off')
    const is = item.oneOf('State', STATES, 'update-complete')
    const lastUpdate = item.timeIf('LastUpdateTimestamp') ?? now
    item.skip('Reason', 'ManagedBy', 'ExclusionsAllowed')
    if (is === 'default-state' && mode === 'off') return
    state.put('vpc-block-public-access-options', {
      ...{ id: `${account}/${region}`, account, region, tags: {} },
      ...{ state: is === 'default-state' ? 'update-complete' : is, stateSince: now, mode, lastUpdate },
    } satisfies VpcBlockPublicAccessOptions)
  },
}

const EXCLUSION_STATES = [
  ...(['create-in-progress', 'create-complete', 'create-failed'] as const),
  ...(['update-in-progress', 'update-complete', 'update-failed'] as const),
  ...(['delete-in-progress', 'delete-complete', 'disable-in-progress', 'disable-complete'] as const),
]
const IN_FORCE = ['create-in-progress', 'create-complete', 'update-in-progress', 'update-complete'] as const

export const vpcBlockPublicAccessExclusions: Reader = {
  key: 'VpcBlockPublicAccessExclusions',
  id: 'ExclusionId',
  read(item, home, building) {
    const { state, notes, now } = building
    const id = item.id('ExclusionId', 'vpcbpa-exclude')
    const is = item.oneOf('State', EXCLUSION_STATES, 'create-complete')
    const excluded = excludedBy(item)
    const mode = item.oneOf('InternetGatewayExclusionMode', ['allow-bidirectional', 'allow-egress'] as const)
    const [creation = now, lastUpdate] = [item.timeIf('CreationTimestamp'), item.timeIf('LastUpdateTimestamp')]
    item.skip('Reason', 'DeletionTimestamp')
    const base = baseOf(item, id, 'create-complete' as const, home, building)
    const inForce = IN_FORCE.find((one) => one === is)
    if (!inForce)
      return notes.add('left-out', 'exclusions from VPC Block Public Access that are not in force', 'none is here', id)
    const there = 'vpcId' in excluded ? state.get('vpc', excluded.vpcId) : state.get('subnet', excluded.subnetId)
    if (!there) return notes.add('outside', 'what VPC Block Public Access excludes', 'the exclusion is left out', id)
    state.put('vpc-block-public-access-exclusion', {
      ...base,
      ...excluded,
      ...{ state: inForce, mode, creation, ...(lastUpdate !== undefined && { lastUpdate }) },
    } satisfies VpcBlockPublicAccessExclusion)
  },
}

/** An exclusion names what it excludes by its ARN alone. */
function excludedBy(item: Item): { readonly vpcId: string } | { readonly subnetId: string } {
  const arn = item.text('ResourceArn')
  const [, kind, id = ''] = /^arn:[\w-]+:ec2:[a-z0-9-]*:\d*:(vpc|subnet)\/([a-z0-9-]+)$/.exec(arn) ?? []
  if (kind === 'vpc') return { vpcId: id }
  if (kind === 'subnet') return { subnetId: id }
  throw item.wrong('must be the ARN of a VPC or a subnet.', 'ResourceArn')
}
