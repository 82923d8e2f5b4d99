/**
 * What every EC2 resource declares once: record, references, life cycle, filters, wire form, part of the network.
 *
 * Invariants: records are plain immutable JSON; one file is one kind; a kind never edits another kind's file;
 * what a caller may see is decided here and in `lookup.ts`, nowhere else.
 */
import type { Prefix } from '../ip/prefix.ts'
import type { Fact, NextHop } from '../network/network.ts'
import type { Action, Input, Output } from '../protocol/types.ts'
import type { Analyst } from './network-insights-analyst.ts'
import type { Field } from './record-index.ts'
import type { Draft, State } from './state.ts'

/** Key to value, in the order they were set. */
export type Tags = Readonly<Record<string, string>>

/** What all records have. Times are milliseconds since the epoch. */
export interface Resource {
  readonly id: string
  readonly account: string
  readonly region: string
  readonly tags: Tags
  /** How others who see the record tagged it for themselves (X14): `account/region` → tags. */
  readonly othersTags?: Readonly<Record<string, Tags>>
  /** A name of the kind's life cycle; since when it holds. */
  readonly state: string
  readonly stateSince: number
}

/** Each resource file adds its own line by declaration merging: AWS's tag resource type → record. */
export interface ResourceTypes {}
export type ResourceType = keyof ResourceTypes

/** Who calls, and where: 12-digit account, Region name. */
export interface Caller {
  readonly account: string
  readonly region: string
  readonly requestId: string
  /** What the client calls itself, if it says so: to be shown, and to decide nothing. */
  readonly client?: string
}

/** What a handler is given. It is re-runnable: ids and time come from here. */
export interface Context {
  readonly caller: Caller
  readonly state: Draft
  /** Milliseconds since the epoch. */
  readonly now: number
  /** The public addresses there are to give away. */
  readonly publicPool: Prefix
  /** What runs, beyond what is recorded. */
  readonly guests: Guests
  /** Who says what reaches what, for Network Insights. */
  readonly analyst: Analyst
  /** A fresh id such as `vpc-` and 17 hex digits. */
  newId(prefix: string): string
  /** A fresh number for the kernel (tables, marks); never used again. */
  newNumber(): number
}

/** What instances do now. */
export interface Guests {
  /** The newest output on the serial console, 64 KiB at most, and when the last of it came (milliseconds). */
  console(instanceId: string): { readonly output: Uint8Array; readonly at: number } | undefined
  /** Whether the instance's own system answers: it boots, it does, or it no longer does. */
  health(instanceId: string): 'initializing' | 'ok' | 'impaired'
}

export type Handlers = { readonly [A in Action]?: (input: Input<A>, context: Context) => Output<A> }

/**
 * A field that holds ids of another kind. `blocks`: the other can not be deleted while this one is there (the usual);
 * `owned`: this one is deleted with the other; `weak`: neither.
 */
export interface Reference<R> {
  readonly type: ResourceType
  readonly strength: (record: R, state: State) => 'blocks' | 'owned' | 'weak'
}

/** state → what follows by itself, and after how many milliseconds; `gone`: the record disappears. */
export type Lifecycle = Readonly<
  Record<string, { readonly after: number; readonly to: string } | { readonly after: number; readonly gone: true }>
>

export type FilterValue = string | number | boolean | undefined | readonly (string | number | boolean | undefined)[]

export interface ResourceKind<T extends ResourceType> {
  /** The name AWS's tag specifications use. */
  readonly type: T
  /** Without the dash. */
  readonly idPrefix: string
  /** As in `The vpc ID 'vpc-1' does not exist`. */
  readonly noun: string
  readonly codes: { readonly notFound: string; readonly malformed: string }
  /** Yields NotFound errors, DependencyViolation on delete, and the edges of the resource map. */
  readonly references: { readonly [F in keyof ResourceTypes[T] & string]?: Reference<ResourceTypes[T]> }
  readonly lifecycle: Lifecycle
  /** Beyond its own account and Region, who sees it (a peering's other side). */
  readonly alsoSeenBy?: (record: ResourceTypes[T], caller: Caller) => boolean
  /** From whom it is hidden by now, though it is still there (the two sides of a deleted peering). */
  readonly hiddenFrom?: (record: ResourceTypes[T], caller: Caller, now: number) => boolean
  /** Filter name → the values a record has for it. `tag:*`, `tag-key`, `tag-value` are added for all. */
  readonly filters: Readonly<Record<string, (record: ResourceTypes[T], state: State) => FilterValue>>
  /** Filters whose values stand in one field: who asks for these looks at no other records. */
  readonly indexed?: Readonly<Record<string, 'id' | Field<T>>>
  /** What the resource adds to the network. It changes no neighbour. */
  readonly compile?: (record: ResourceTypes[T], state: State) => Fact[]
  /** For kinds a route may name: where the router of `vpcId` sends the packet; undefined while it can not (R7). */
  readonly routeTarget?: (record: ResourceTypes[T], vpcId: string, state: State) => NextHop | undefined
}

export const defineKind = <T extends ResourceType>(kind: ResourceKind<T>): ResourceKind<T> => kind

export const blocks = (type: ResourceType): Reference<unknown> => ({ type, strength: () => 'blocks' })
export const owned = (type: ResourceType): Reference<unknown> => ({ type, strength: () => 'owned' })
export const weak = (type: ResourceType): Reference<unknown> => ({ type, strength: () => 'weak' })

/** The fields all records have, for a new one of the caller's. */
export function newResource(
  context: Context,
  kind: { readonly idPrefix: string },
  state: string,
  tags: Tags,
): Resource {
  const { account, region } = context.caller
  return { id: context.newId(kind.idPrefix), account, region, tags, state, stateSince: context.now }
}

/** Whether the record is of the caller's account and Region. */
export const isOwn = ({ account, region }: Resource, caller: Caller): boolean =>
  account === caller.account && region === caller.region

/** How many records of a kind the caller's account has in his Region: what most quotas count (1.12). */
export const ownCount = ({ caller, state }: Pick<Context, 'caller' | 'state'>, type: ResourceType): number =>
  state.count(type, 'account/region', `${caller.account}/${caller.region}`)

/** The record in another state of its life cycle, from now on. */
export const inState = <R extends Resource>(record: R, state: R['state'], now: number): R => ({
  ...record,
  state,
  stateSince: now,
})

export const arnOf = (record: Resource, type: string): string =>
  `arn:aws:ec2:${record.region}:${record.account}:${type}/${record.id}`
