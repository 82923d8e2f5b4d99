/** What an instance and its interface must be: running, and without a check where packets of others pass (E1). */
import { callerOf } from './caller.ts'
import type { Cures, Task } from './task.ts'

export function startCures({ state, remedy }: Task<'start'>): Cures {
  const found = state.get('instance', remedy.instance)
  if (!found) return `${remedy.instance} is no longer there.`
  if (found.state === 'terminated' || found.state === 'shutting-down')
    return `${found.id} is terminated, and nothing starts it again.`
  return [
    {
      style: 'address',
      carryOut: (r) => {
        if (r.state.get('instance', found.id)?.state === 'stopped')
          r.call('StartInstances', { InstanceIds: [found.id] }, callerOf(found))
      },
    },
  ]
}

export function checkCures({ state, blocker }: Task<'no-check'>): Cures {
  const eni = state.get('network-interface', blocker.at)
  if (!eni) return `${blocker.at} is no network interface whose check could be switched off.`
  const input = { NetworkInterfaceId: eni.id, SourceDestCheck: { Value: false } }
  return [
    {
      style: 'address',
      carryOut: (r) => {
        if (r.state.get('network-interface', eni.id)?.sourceDestCheck)
          r.call('ModifyNetworkInterfaceAttribute', input, callerOf(eni))
      },
    },
  ]
}
