/** Starting, stopping, rebooting and terminating instances. Each call acts on all of its instances or on none. */
import { restorePublicIp } from './address-association.ts'
import { ApiError, unsupported } from './errors.ts'
import { findInstances, type Instance, type InstanceState } from './instance.ts'
import { showState } from './instance-view.ts'
import { interfacesOfInstance } from './network-interface.ts'
import { type Context, type Handlers, inState } from './resource.ts'

export const instanceStateActions: Handlers = {
  StartInstances(input, context) {
    const found = findInstances(context, input.InstanceIds)
    refuseStates(
      found,
      ['stopped', 'pending', 'running'],
      (id) => `The instance '${id}' is not in a state from which it can be started.`,
    )
    return { StartingInstances: found.map((i) => moved(i, i.state === 'stopped' ? start(context, i) : i)) }
  },
  StopInstances(input, context) {
    if (input.Hibernate) throw unsupported('Hibernation is not supported.')
    const found = findInstances(context, input.InstanceIds)
    // A first boot can not be stopped; a later one says what any other state says.
    refuseStates(
      found.filter((i) => i.boots === 1 && i.state === 'pending'),
      [],
      (id) => `Instance '${id}' cannot be stopped as it has never reached the 'running' state.`,
    )
    refuseStates(
      found,
      ['running', 'stopping', 'stopped'],
      (id) => `This instance '${id}' is not in a state from which it can be stopped.`,
    )
    refuseProtected(
      found.filter((i) => i.state === 'running' && i.disableApiStop),
      'stopped',
      'disableApiStop',
    )
    return { StoppingInstances: found.map((i) => moved(i, i.state === 'running' ? end(context, i, 'stopping') : i)) }
  },
  TerminateInstances(input, context) {
    const found = findInstances(context, input.InstanceIds)
    const living = found.filter((i) => !isEnding(i))
    refuseProtected(
      living.filter((i) => i.disableApiTermination),
      'terminated',
      'disableApiTermination',
    )
    return { TerminatingInstances: found.map((i) => moved(i, isEnding(i) ? i : end(context, i, 'shutting-down'))) }
  },
  RebootInstances(input, context) {
    const found = findInstances(context, input.InstanceIds)
    refuseStates(found, ['running'], (id) => `The instance '${id}' is not in the 'running' state.`)
    for (const i of found) reboot(context, i)
    return {}
  },
}

/**
 * What follows when the instance's own system ended or rebooted the instance: as its launch asked for, it stops or is
 * terminated, whatever its protection says. Nothing follows unless it runs.
 */
export function endedByItself(context: Context, instanceId: string, how: 'halt' | 'reboot'): void {
  const i = context.state.get('instance', instanceId)
  if (i?.state !== 'running') return
  if (how === 'reboot') reboot(context, i)
  else end(context, i, i.shutdownBehavior === 'stop' ? 'stopping' : 'shutting-down', BY_ITSELF)
}

const reboot = (context: Context, i: Instance): Instance => context.state.put('instance', { ...i, boots: i.boots + 1 })

const isEnding = ({ state }: Instance): boolean => state === 'shutting-down' || state === 'terminated'

/** With a new launch time, and a new public address where the launch asked for one (G7). */
function start(context: Context, i: Instance): Instance {
  const { stateReason: _, ...rest } = inState(i, 'pending', context.now)
  const started = context.state.put('instance', {
    ...rest,
    boots: i.boots + 1,
    launchTime: context.now,
    transitionReason: '',
  })
  const [primary] = interfacesOfInstance(context.state, i.id)
  if (primary) restorePublicIp(context, primary)
  return started
}

/** Who ended an instance: what the answers say of it. */
interface Ending {
  readonly code: string
  readonly words: string
  readonly transition: (at: string) => string
}
const BY_USER: Ending = {
  code: 'Client.UserInitiatedShutdown',
  words: 'User initiated shutdown',
  transition: (at) => `User initiated (${at} GMT)`,
}
/** unverified: that AWS leaves the reason of the transition empty. */
const BY_ITSELF: Ending = {
  code: 'Client.InstanceInitiatedShutdown',
  words: 'Instance initiated shutdown',
  transition: () => '',
}

const end = (context: Context, i: Instance, state: 'stopping' | 'shutting-down', by = BY_USER): Instance =>
  context.state.put('instance', {
    ...inState(i, state, context.now),
    stateReason: { code: by.code, message: `${by.code}: ${by.words}` },
    transitionReason: by.transition(new Date(context.now).toISOString().slice(0, 19).replace('T', ' ')),
  })

function refuseStates(found: readonly Instance[], from: readonly InstanceState[], words: (id: string) => string): void {
  const wrong = found.find((i) => !from.includes(i.state))
  if (wrong) throw new ApiError('IncorrectInstanceState', words(wrong.id))
}

function refuseProtected([first]: readonly Instance[], what: string, attribute: string): void {
  if (!first) return
  throw new ApiError(
    'OperationNotPermitted',
    `The instance '${first.id}' may not be ${what}. Modify its '${attribute}' instance attribute and try again.`,
  )
}

const moved = (before: Instance, after: Instance) => ({
  InstanceId: after.id,
  PreviousState: showState(before.state),
  CurrentState: showState(after.state),
})
