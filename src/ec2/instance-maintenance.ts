/** What may be done to an instance where its hardware fails, and how its bandwidth is shared: kept and shown. */
import type { Input } from '../protocol/types.ts'
import { missingParameter, unsupported } from './errors.ts'
import { findLiving, type Instance, type MaintenanceOptions, refuseUnlessStopped } from './instance.ts'
import type { Handlers } from './resource.ts'

export const instanceMaintenanceActions: Handlers = {
  ModifyInstanceMaintenanceOptions({ InstanceId, AutoRecovery, RebootMigration }, context) {
    const i = findLiving(context, InstanceId)
    if (AutoRecovery === undefined && RebootMigration === undefined) throw missingParameter('AutoRecovery')
    const maintenance = maintenanceFor({ AutoRecovery, RebootMigration }, maintenanceOf(i))
    context.state.put('instance', { ...i, maintenance })
    return { InstanceId: i.id, ...showMaintenance(maintenance) }
  },
  ModifyInstanceNetworkPerformanceOptions({ InstanceId, BandwidthWeighting }, context) {
    const i = findLiving(context, InstanceId)
    refuseUnlessStopped(i)
    refuseWeighting(BandwidthWeighting, i.instanceType)
    return { InstanceId: i.id, BandwidthWeighting }
  },
}

type Wish = Pick<Input<'ModifyInstanceMaintenanceOptions'>, 'AutoRecovery' | 'RebootMigration'>

const DEFAULT: MaintenanceOptions = { autoRecovery: 'default', rebootMigration: 'default' }

export const maintenanceOf = (i: Instance): MaintenanceOptions => i.maintenance ?? DEFAULT

/** The options a call asks for; what it does not name stays as in `before`. */
export const maintenanceFor = (wish: Wish = {}, before = DEFAULT): MaintenanceOptions => ({
  autoRecovery: wish.AutoRecovery ?? before.autoRecovery,
  rebootMigration: wish.RebootMigration ?? before.rebootMigration,
})

export const showMaintenance = ({ autoRecovery, rebootMigration }: MaintenanceOptions) => ({
  AutoRecovery: autoRecovery,
  RebootMigration: rebootMigration,
})

/** Of the types here none has a bandwidth that can be weighted. unverified: AWS's words. */
export function refuseWeighting(weighting: string | undefined, type: string): void {
  if (weighting !== undefined && weighting !== 'default')
    throw unsupported(`The instance type ${type} does not support the bandwidth weighting ${weighting}.`)
}
