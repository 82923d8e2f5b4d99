/** Detailed monitoring of instances: kept and shown, though nothing here measures. */
import { findInstances, type Instance } from './instance.ts'
import type { Context, Handlers } from './resource.ts'

export const instanceMonitoringActions: Handlers = {
  MonitorInstances: ({ InstanceIds }, context) => ({ InstanceMonitorings: monitor(context, InstanceIds, true) }),
  UnmonitorInstances: ({ InstanceIds }, context) => ({ InstanceMonitorings: monitor(context, InstanceIds, false) }),
}

const monitor = (context: Context, ids: readonly string[], monitoring: boolean) =>
  findInstances(context, ids).map((i) => {
    context.state.put('instance', { ...i, monitoring })
    return { InstanceId: i.id, Monitoring: { State: stateBetween(i, monitoring) } }
  })

/** AWS names the way to what is asked for, unless it is so already. */
function stateBetween({ monitoring: before }: Instance, monitoring: boolean) {
  if (before === monitoring) return monitoring ? ('enabled' as const) : ('disabled' as const)
  return monitoring ? ('pending' as const) : ('disabling' as const)
}
