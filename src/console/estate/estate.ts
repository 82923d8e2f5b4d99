/**
 * What there is in a Region, as the console shows it: plain data, read through the public API.
 *
 * Invariants of this folder and of `map/layout`: nothing here needs a browser; an id is the only way to another thing.
 */

/** `name` is the Name tag; empty where there is none. */
export interface Thing {
  readonly id: string
  readonly name: string
}

export interface Vpc extends Thing {
  readonly cidrs: readonly string[]
  readonly ipv6Cidrs?: readonly string[]
  readonly isDefault: boolean
}

export interface Subnet extends Thing {
  readonly vpcId: string
  readonly cidr: string
  readonly zone: string
  readonly free: number
  readonly assignsPublicIp?: boolean
}

/** `target` is an id or `local`. */
export interface Route {
  readonly destination: string
  readonly target: string
  readonly state: string
}

export interface RouteTable extends Thing {
  readonly vpcId: string
  readonly main: boolean
  /** What makes it the main one; empty where it is not. */
  readonly mainAssociationId?: string
  /** Of the subnets explicitly associated with it. */
  readonly associations: readonly { readonly id: string; readonly subnetId: string }[]
  readonly routes: readonly Route[]
}

export interface Gateway extends Thing {
  readonly kind: 'internet gateway' | 'NAT gateway' | 'egress-only internet gateway'
  /** Empty while it is attached to none. */
  readonly vpcId: string
  /** Where a NAT gateway is; empty for others. */
  readonly subnetId: string
  readonly state: string
  readonly publicIp: string
}

export interface Side {
  readonly vpcId: string
  /** Empty until the peering is accepted. */
  readonly cidrs: readonly string[]
  readonly region: string
  readonly owner: string
}

export interface Peering extends Thing {
  readonly status: string
  /** AWS's own sentence on the status. */
  readonly message: string
  readonly requester: Side
  readonly accepter: Side
}

export interface Instance extends Thing {
  readonly state: string
  readonly type: string
  readonly vpcId: string
  readonly subnetId: string
  readonly privateIp: string
  /** Empty where it has none. */
  readonly publicIp: string
  readonly groupIds: readonly string[]
}

/** `peer` is a block, a group or a prefix list. */
export interface Rule {
  readonly id: string
  readonly egress: boolean
  readonly protocol: string
  readonly from: number
  readonly to: number
  readonly peer: string
  readonly description: string
}

export interface Group extends Thing {
  readonly vpcId: string
  readonly groupName: string
  readonly description: string
}

/** Of a network ACL, the lowest number that matches decides; `FINAL_ENTRY` is the one that all ACLs end with. */
export interface Entry {
  readonly number: number
  readonly egress: boolean
  readonly protocol: string
  readonly from: number
  readonly to: number
  readonly peer: string
  readonly allow: boolean
}
/** AWS shows it as `*`. */
export const FINAL_ENTRY = 32767

export interface Acl extends Thing {
  readonly vpcId: string
  readonly isDefault: boolean
  readonly associations: readonly { readonly id: string; readonly subnetId: string }[]
  /** By number. */
  readonly entries: readonly Entry[]
}

export interface Address extends Thing {
  readonly publicIp: string
  /** Empty where it is associated with nothing. */
  readonly associationId: string
  readonly instanceId: string
  readonly privateIp: string
}

export interface Estate {
  readonly vpcs: readonly Vpc[]
  readonly subnets: readonly Subnet[]
  readonly tables: readonly RouteTable[]
  readonly gateways: readonly Gateway[]
  readonly peerings: readonly Peering[]
  /** Without those that are terminated. */
  readonly instances: readonly Instance[]
  readonly groups: readonly Group[]
  /** By group id. */
  readonly rules: ReadonlyMap<string, readonly Rule[]>
  readonly acls: readonly Acl[]
  readonly addresses: readonly Address[]
}

export const EMPTY: Estate = {
  vpcs: [],
  subnets: [],
  tables: [],
  gateways: [],
  peerings: [],
  instances: [],
  groups: [],
  rules: new Map(),
  acls: [],
  addresses: [],
}

/** What a form would make beside what there is; it comes first. */
export const merged = (estate: Estate, more: Estate): Estate =>
  more === EMPTY
    ? estate
    : {
        ...estate,
        vpcs: [...more.vpcs, ...estate.vpcs],
        subnets: [...more.subnets, ...estate.subnets],
        tables: [...more.tables, ...estate.tables],
        gateways: [...more.gateways, ...estate.gateways],
      }

/** Peerings in these states carry nothing any more; AWS shows them for hours or days. */
const OVER: ReadonlySet<string> = new Set(['deleted', 'deleting', 'rejected', 'failed', 'expired'])
export const isOver = ({ status }: Peering): boolean => OVER.has(status)

/** The Name, else the id. */
export const labelOf = ({ id, name }: Thing): string => name || id

/** The table that a subnet uses: its own, else the VPC's main one. */
export const tableOf = ({ tables }: Estate, { id, vpcId }: Subnet): RouteTable | undefined =>
  tables.find(({ associations }) => associations.some(({ subnetId }) => subnetId === id)) ??
  tables.find((table) => table.main && table.vpcId === vpcId)

/** Whether the table leads to an internet gateway: that makes a subnet public. */
export const isPublic = (table: RouteTable | undefined): boolean =>
  table?.routes.some(({ target, state }) => target.startsWith('igw-') && state === 'active') ?? false
