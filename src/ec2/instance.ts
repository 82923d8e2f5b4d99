/** Instance: a virtual machine with one or more network interfaces; its record, and how it comes and goes. */
import { ApiError } from './errors.ts'
import { instanceFilters } from './instance-filters.ts'
import { checkId, find, isVisible, remove } from './lookup.ts'
import { deleteInterface, interfacesOfInstance, isLive } from './network-interface.ts'
import { detach } from './network-interface-attachment.ts'
import { type Context, defineKind, inState, type Resource, weak } from './resource.ts'
import { volumesOf } from './volume.ts'

export interface Instance extends Resource {
  readonly state: InstanceState
  readonly reservationId: string
  /** Among those of one launch, from 0. */
  readonly launchIndex: number
  readonly clientToken: string
  readonly imageId: string
  readonly architecture: 'x86_64' | 'arm64'
  readonly rootDevice: string
  readonly instanceType: string
  readonly keyName?: string
  /** The key pair's half that goes into the instance, in OpenSSH's form: it stays when the key pair is deleted. */
  readonly publicKey?: string
  readonly vpcId: string
  readonly subnetId: string
  readonly availabilityZone: string
  readonly availabilityZoneId: string
  readonly tenancy: string
  /** Of the last start. */
  readonly launchTime: number
  /** How many times it has been booted: launched, started, rebooted. The engine boots it again when this grows. */
  readonly boots: number
  /** Base64, as it was given. */
  readonly userData?: string
  readonly disableApiTermination: boolean
  readonly disableApiStop: boolean
  readonly shutdownBehavior: 'stop' | 'terminate'
  readonly monitoring: boolean
  readonly ebsOptimized: boolean
  /** Absent where all cores and threads of the type are on. */
  readonly cpuOptions?: CpuOptions
  readonly capacityPreference?: 'open' | 'none'
  readonly maintenance?: MaintenanceOptions
  readonly cpuCredits: 'standard' | 'unlimited'
  readonly metadataOptions: MetadataOptions
  readonly hostnameType: 'ip-name' | 'resource-name'
  readonly resourceNameDnsARecord: boolean
  readonly stateReason?: { readonly code: string; readonly message: string }
  /** `User initiated (2026-01-01 00:00:00 GMT)`, or nothing. */
  readonly transitionReason: string
}

export type InstanceState = 'pending' | 'running' | 'shutting-down' | 'terminated' | 'stopping' | 'stopped'

export interface CpuOptions {
  readonly cores: number
  readonly threadsPerCore: number
}

export interface MaintenanceOptions {
  readonly autoRecovery: 'default' | 'disabled'
  readonly rebootMigration: 'default' | 'disabled'
}

export interface MetadataOptions {
  readonly httpTokens: 'optional' | 'required'
  readonly httpPutResponseHopLimit: number
  readonly httpEndpoint: 'enabled' | 'disabled'
  readonly instanceMetadataTags: 'enabled' | 'disabled'
}

declare module './resource.ts' {
  interface ResourceTypes {
    instance: Instance
  }
}

const HOUR = 3_600_000

export const instance = defineKind({
  type: 'instance',
  idPrefix: 'i',
  noun: 'instance ID',
  codes: { notFound: 'InvalidInstanceID.NotFound', malformed: 'InvalidInstanceID.Malformed' },
  // Its interfaces hold the subnet and the VPC back; a terminated instance is only a memory.
  references: { subnetId: weak('subnet'), vpcId: weak('vpc') },
  // The other states follow the engine: see `settle`.
  lifecycle: { terminated: { after: HOUR, gone: true } },
  indexed: { 'instance-id': 'id', 'vpc-id': 'vpcId', 'subnet-id': 'subnetId' },
  filters: instanceFilters,
  compile: (i) =>
    i.state === 'pending' || i.state === 'running'
      ? [{ node: { id: i.id, kind: 'host', origin: { resource: i.id } } }]
      : [],
  routeTarget: (i, _, state) => {
    const primary = interfacesOfInstance(state, i.id)[0]
    return primary && isLive(state, primary) ? { kind: 'interface', interface: primary.id } : undefined
  },
})

/** The caller's instances. Throws one InvalidInstanceID.NotFound that names all that are missing. */
export function findInstances(context: Context, ids: readonly string[]): Instance[] {
  for (const id of ids) checkId('instance', id)
  const missing = ids.filter((id) => {
    const record = context.state.get('instance', id)
    return !record || !isVisible('instance', record, context)
  })
  if (missing.length > 1)
    throw new ApiError('InvalidInstanceID.NotFound', `The instance IDs '${missing.join(', ')}' do not exist`)
  return [...new Set(ids)].map((id) => find(context, 'instance', id))
}

/** The caller's instance, while it is there to be changed. Throws IncorrectInstanceState once it ends. */
export function findLiving(context: Context, id: string): Instance {
  const i = find(context, 'instance', id)
  if (i.state === 'terminated' || i.state === 'shutting-down')
    throw new ApiError('IncorrectInstanceState', `The instance '${i.id}' is not in a valid state for this operation.`)
  return i
}

/** Throws IncorrectInstanceState unless the instance is stopped. */
export function refuseUnlessStopped({ id, state }: Instance): void {
  if (state !== 'stopped')
    throw new ApiError('IncorrectInstanceState', `The instance '${id}' is not in the 'stopped' state.`)
}

/**
 * Moves on the instances that the engine has caught up with, of all accounts and Regions; `reached` says which.
 * An instance is `running` when it can answer, and `stopped` or `terminated` when nothing of it is left.
 */
export function settle(context: Context, reached: (record: Instance) => boolean): void {
  for (const [state, step] of Object.entries(steps))
    for (const record of context.state.where('instance', 'state', state)) if (reached(record)) step(context, record)
}

const steps = {
  pending: (context: Context, i: Instance) => {
    context.state.put('instance', inState(i, 'running', context.now))
  },
  stopping: (context: Context, i: Instance) => {
    context.state.put('instance', inState(i, 'stopped', context.now))
    releasePublicIps(context, i)
  },
  'shutting-down': (context: Context, i: Instance) => {
    context.state.put('instance', inState(i, 'terminated', context.now))
    endInterfaces(context, i)
    for (const { id, deleteOnTermination } of volumesOf(context.state, i))
      if (deleteOnTermination) remove(context, 'volume', id)
  },
}

/** G7: an auto-assigned address goes with a stop; an Elastic IP and the private addresses stay. */
function releasePublicIps(context: Context, { id }: Instance): void {
  for (const { publicIp, ...rest } of interfacesOfInstance(context.state, id))
    if (publicIp) context.state.put('network-interface', rest)
}

/** Interfaces end with the instance, or are free again, as their attachment says. */
function endInterfaces(context: Context, { id }: Instance): void {
  for (const eni of interfacesOfInstance(context.state, id)) {
    if (eni.attachment?.deleteOnTermination) deleteInterface(context, eni)
    else detach(context, eni)
  }
}
