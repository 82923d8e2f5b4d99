/** Joins the records of instances to the guests that run them, and to the services that these ask. */
import type { Instance } from '../ec2/instance.ts'
import { endedByItself } from '../ec2/instance-state.ts'
import { activeKeys } from '../ec2/pushed-key.ts'
import type { State } from '../ec2/state.ts'
import type { Host, Services } from '../engines/engine.ts'
import { guestOf } from '../instance/guest.ts'
import { type Keeper, keeper } from '../instance/keeper.ts'
import { services } from '../instance/services.ts'
import { type ControlPlane, SYSTEM } from './control-plane.ts'

export const servicesOf = (state: () => State): Services => services({ state, now: Date.now, activeKeys })

/** Keeps guests as the records of `plane` say. */
export const keeperOf = (plane: ControlPlane, host: Host, onChange: () => void, log: (line: string) => void): Keeper =>
  keeper({
    host,
    onChange,
    log,
    wanted: () =>
      instancesIn(plane, ['pending', 'running']).map((i) => ({
        id: i.id,
        boots: i.boots,
        guest: () => guestOf(plane.state, plane.state.get('instance', i.id) ?? i),
      })),
    kept: () => new Set([...plane.state.all('instance')].filter((i) => i.state !== 'terminated').map(({ id }) => id)),
  })

/** A guest that ends by itself changes the records; one that was lost is only booted again, as after a power cut. */
export function heedEnds(plane: ControlPlane, host: Host, onChange: () => void, log: (line: string) => void): void {
  host.onEnd((id, how) => {
    try {
      if (how !== 'lost') plane.carryOut(SYSTEM, (context) => endedByItself(context, id, how))
    } catch (error) {
      // It is booted again then, as the records say that it runs.
      log(`${id} has ended by itself, which can not be recorded: ${(error as Error).message}`)
    }
    onChange()
  })
}

const instancesIn = ({ state }: ControlPlane, states: readonly Instance['state'][]): Instance[] =>
  [...state.all('instance')].filter((i) => states.includes(i.state))
