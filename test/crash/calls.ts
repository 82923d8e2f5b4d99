/** Random calls for a client that only knows what it was told: those of `test/compile`, and what takes things away. */
import type { Change, Records } from '../../src/ec2/state.ts'
import type { ResourceType } from '../../src/ec2/resource.ts'
import { type Any, type Call, calls } from '../compile/any-call.ts'
import type { World } from '../compile/laid-out.ts'
import { randomCall } from '../compile/random-calls.ts'
import type { Random } from '../differential/random.ts'
import { CALL } from './seen.ts'

/** One call, ready to be sent. */
export interface Planned {
  readonly action: string
  readonly input: Readonly<Record<string, unknown>>
  /** Counts calls; what is made carries it as a tag. */
  readonly number: number
}

/** More of a kind than this, and one of them goes instead: a state must not grow for ever. */
const MOST: readonly (readonly [action: string, type: ResourceType, most: number])[] = [
  ['RunInstances', 'instance', 8],
  ['CreateNetworkInterface', 'network-interface', 16],
  ['CreateSubnet', 'subnet', 16],
  ['CreateRouteTable', 'route-table', 14],
  ['CreateNetworkAcl', 'network-acl', 10],
  ['CreateSecurityGroup', 'security-group', 14],
  ['AuthorizeSecurityGroupIngress', 'security-group-rule', 80],
  ['AllocateAddress', 'elastic-ip', 10],
  ['CreateNatGateway', 'natgateway', 3],
  ['CreateManagedPrefixList', 'prefix-list', 6],
  ['CreateVpc', 'vpc', 5],
  ['CreateVpcPeeringConnection', 'vpc-peering-connection', 6],
  ['CreateVpcBlockPublicAccessExclusion', 'vpc-block-public-access-exclusion', 4],
]

const LESS: readonly (readonly [number, Call])[] = [
  [4, calls('TerminateInstances', (any) => ({ InstanceIds: [any.id('instance')] }))],
  [2, calls('RebootInstances', (any) => ({ InstanceIds: [any.id('instance')] }))],
  [2, calls('StopInstances', (any) => ({ InstanceIds: [any.id('instance')] }))],
  [3, calls('StartInstances', (any) => ({ InstanceIds: [any.id('instance')] }))],
  [3, calls('DeleteNetworkInterface', (any) => ({ NetworkInterfaceId: any.id('network-interface') }))],
  [
    3,
    calls('DetachNetworkInterface', (any) => ({
      AttachmentId: any.record('network-interface')?.attachment?.attachmentId ?? 'eni-attach-0',
    })),
  ],
  [
    2,
    calls('UnassignPrivateIpAddresses', (any) => {
      const eni = any.record('network-interface')
      return { NetworkInterfaceId: eni?.id ?? 'eni-0', PrivateIpAddresses: [eni?.privateIpAddresses.at(-1) ?? ''] }
    }),
  ],
  [2, calls('DeleteRouteTable', (any) => ({ RouteTableId: any.id('route-table') }))],
  [2, calls('DeleteNetworkAcl', (any) => ({ NetworkAclId: any.id('network-acl') }))],
  [2, calls('DeleteInternetGateway', (any) => ({ InternetGatewayId: any.id('internet-gateway') }))],
  [3, calls('DeleteSecurityGroup', (any) => ({ GroupId: any.id('security-group') }))],
  [2, calls('DeleteSubnet', (any) => ({ SubnetId: any.id('subnet') }))],
  [
    2,
    calls('DisassociateVpcCidrBlock', (any) => ({
      AssociationId: any.record('vpc')?.cidrBlocks.at(-1)?.associationId ?? 'vpc-cidr-assoc-0',
    })),
  ],
  [
    4,
    calls('CreateTags', (any, random) => ({
      Resources: [any.id('subnet'), any.id('network-interface'), any.id('instance')],
      Tags: [
        { Key: `k${random.below(4)}`, Value: `${random.below(99)}` },
        { Key: 'two', Value: `${random.below(99)}` },
      ],
    })),
  ],
  [
    2,
    calls('DeleteTags', (any, random) => ({ Resources: [any.id('subnet')], Tags: [{ Key: `k${random.below(4)}` }] })),
  ],
]

/** What takes one of a kind away. */
const TAKE: Partial<Record<ResourceType, Call>> = {
  instance: calls('TerminateInstances', (any) => ({ InstanceIds: [any.id('instance')] })),
  'network-interface': calls('DeleteNetworkInterface', (any) => ({ NetworkInterfaceId: any.id('network-interface') })),
  subnet: calls('DeleteSubnet', (any) => ({ SubnetId: any.id('subnet') })),
  'route-table': calls('DeleteRouteTable', (any) => ({ RouteTableId: any.id('route-table') })),
  'network-acl': calls('DeleteNetworkAcl', (any) => ({ NetworkAclId: any.id('network-acl') })),
  'security-group': calls('DeleteSecurityGroup', (any) => ({ GroupId: any.id('security-group') })),
  'security-group-rule': calls('RevokeSecurityGroupIngress', (any) => {
    const rule = any.record('security-group-rule')
    return { GroupId: rule?.groupId ?? 'sg-0', SecurityGroupRuleIds: [rule?.id ?? 'sgr-0'] }
  }),
  'elastic-ip': calls('ReleaseAddress', (any) => ({ AllocationId: any.id('elastic-ip') })),
  natgateway: calls('DeleteNatGateway', (any) => ({ NatGatewayId: any.id('natgateway') })),
  'prefix-list': calls('DeleteManagedPrefixList', (any) => ({ PrefixListId: any.id('prefix-list') })),
  vpc: calls('DeleteVpc', (any) => ({ VpcId: any.id('vpc') })),
  'vpc-peering-connection': calls('DeleteVpcPeeringConnection', (any) => ({
    VpcPeeringConnectionId: any.id('vpc-peering-connection'),
  })),
  'vpc-block-public-access-exclusion': calls('DeleteVpcBlockPublicAccessExclusion', (any) => ({
    ExclusionId: any.id('vpc-block-public-access-exclusion'),
  })),
}

/** AWS's type of what an action makes, for its tags. */
export const MAKES: Readonly<Record<string, string>> = {
  CreateVpc: 'vpc',
  CreateSubnet: 'subnet',
  CreateInternetGateway: 'internet-gateway',
  CreateVpcPeeringConnection: 'vpc-peering-connection',
  CreateRouteTable: 'route-table',
  CreateSecurityGroup: 'security-group',
  AuthorizeSecurityGroupIngress: 'security-group-rule',
  AuthorizeSecurityGroupEgress: 'security-group-rule',
  CreateNetworkAcl: 'network-acl',
  CreateManagedPrefixList: 'prefix-list',
  CreateNetworkInterface: 'network-interface',
  AllocateAddress: 'elastic-ip',
  RunInstances: 'instance',
  CreateNatGateway: 'natgateway',
  CreateVpcBlockPublicAccessExclusion: 'vpc-block-public-access-exclusion',
}

const WITH_TOKEN = new Set(['RunInstances', 'CreateNetworkInterface', 'CreateNatGateway', 'CreateRouteTable'])

const OVER: ReadonlySet<string> = new Set(['terminated', 'deleted', 'failed', 'delete-complete'])

/** Plans calls on what `records` knows, which `learn` adds to. */
export class Planner {
  #number: number
  readonly #records: Records
  readonly #random: Random
  readonly #image: string
  #captured: { readonly action: string; readonly input: object } | undefined
  readonly #world: World

  /** Calls are numbered from `first` on. */
  constructor(records: Records, random: Random, image: string, first = 0) {
    this.#number = first
    this.#records = records
    this.#random = random
    this.#image = image
    const call = (action: string, input: object) => {
      if (action === 'DescribeImages') return { Images: [{ ImageId: this.#image }] }
      this.#captured = { action, input }
      return {}
    }
    // Enough of a world for calls to be written down instead of carried out.
    this.#world = { records, call, transaction: () => {}, clock: { advance: () => {} } } as unknown as World
  }

  /** What a call has made: calls to come can name it. */
  learn(changes: readonly Change[]): void {
    this.#records.accept(changes)
  }

  next(): Planned {
    this.#captured = undefined
    while (this.#captured === undefined) {
      if (this.#random.chance(0.25)) this.#random.weighted(LESS)(this.#world, this.#any, this.#random)
      else randomCall(this.#world, this.#random)
    }
    this.#keepFew()
    const { action, input } = this.#captured ?? { action: '', input: {} }
    return this.#numbered(action, { ...(input as Record<string, unknown>) })
  }

  /** A launch of one or two instances, in any subnet. */
  launch(): Planned {
    const SubnetId = this.#any.id('subnet')
    const input = { ImageId: this.#image, InstanceType: 't3.micro', MinCount: 2, MaxCount: 2, SubnetId }
    return this.#numbered('RunInstances', input)
  }

  /** The world's records, without those that are over. */
  readonly #any: Any = {
    record: (type) => {
      const all = [...this.#records.all(type)].filter(({ state }) => !OVER.has(state))
      return all.length > 0 ? this.#random.pick(all) : undefined
    },
    id: (type) => this.#any.record(type)?.id ?? `${type}-0`,
  }

  #keepFew(): void {
    const [, type, most] = MOST.find(([action]) => action === this.#captured?.action) ?? []
    if (type === undefined || most === undefined) return
    const there = [...this.#records.all(type)].filter(({ state }) => !OVER.has(state)).length
    if (there >= most) TAKE[type]?.(this.#world, this.#any, this.#random)
  }

  #numbered(action: string, input: Record<string, unknown>): Planned {
    const number = ++this.#number
    const type = MAKES[action]
    if (action === 'RunInstances') input.MinCount = input.MaxCount
    if (type) input.TagSpecifications = [{ ResourceType: type, Tags: [{ Key: CALL, Value: `${number}` }] }]
    if (WITH_TOKEN.has(action)) input.ClientToken = `crash-${number}`
    return { action, input, number }
  }
}

/** How many resources a call makes, if it makes any. */
export function countOf({ action, input }: Planned): number {
  if (action === 'RunInstances') return Number(input.MaxCount)
  return action.startsWith('Authorize') ? (input.IpPermissions as unknown[]).length : 1
}

const SHARED = /^(Create(?!Route$|Tags|NetworkAclEntry)|Run|Allocate)/
const ID = /^[a-z]+(-[a-z]+)*-[0-9a-f]{17}$/

/** What a call names: what it changes, and what it only needs. */
export function namedBy({ action, input }: Planned): { readonly changed: string[]; readonly shared: string[] } {
  const ids = idsIn(input)
  if (SHARED.test(action)) return { changed: [], shared: ids }
  return { changed: action.endsWith('PublicAccessOptions') ? [...ids, action] : ids, shared: [] }
}

const idsIn = (value: unknown): string[] => {
  if (typeof value === 'string') return ID.test(value) ? [value] : []
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(idsIn) : []
}
