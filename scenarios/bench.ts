/** A control plane joined to an engine, without a wire: what scenarios and the differential test drive. */
import { type ControlPlane, controlPlane } from '../src/server/control-plane.ts'
import { activeKeys } from '../src/ec2/pushed-key.ts'
import type { Caller, Guests } from '../src/ec2/resource.ts'
import type { Engine, Services } from '../src/engines/engine.ts'
import { services } from '../src/instance/services.ts'
import { prefix } from '../src/ip/prefix.ts'
import type { Flow, Trace } from '../src/network/flow.ts'
import type { Network } from '../src/network/network.ts'
import type { Action, Input, Output } from '../src/protocol/types.ts'
import { sqliteStore } from '../src/store/sqlite.ts'

export const CALLER: Caller = { account: '123456789012', region: 'us-east-1', requestId: 'bench' }
export const POOL = prefix('198.18.0.0/22')

/** Nothing runs inside the instances of a bench: they are their network, and up as soon as that is. */
const NO_GUESTS: Guests = { console: () => undefined, health: () => 'ok' }

export interface Bench {
  readonly engine: Engine
  readonly plane: ControlPlane
  /** What the engine lets instances ask. */
  readonly services: Services
  /** Milliseconds since the epoch; only `advance` moves it. */
  readonly clock: { now: number }
  call<A extends Action>(action: A, input: Input<A>, caller?: Caller): Output<A>
  /** Brings the engine to the state, and instances to `running`, `stopped`, `terminated`. */
  catchUp(): Promise<Network>
  probe(flow: Flow, from: string, session?: string): Promise<Trace>
  close(): Promise<void>
}

/** `make` is given what answers at the addresses of the services of a VPC. */
export function bench(make: (services: Services) => Engine): Bench {
  const store = sqliteStore(':memory:')
  const clock = { now: Date.UTC(2026, 0, 1) }
  const now = () => clock.now
  const guests = { guests: NO_GUESTS, isUp: () => true }
  const plane = controlPlane({ store, publicPool: POOL, ...guests, now, onCommit: () => {} })
  const asked = services({ state: () => plane.state, now, activeKeys })
  const engine = make(asked)

  async function catchUp(): Promise<Network> {
    do await engine.apply(plane.network(), plane.revision)
    while (plane.settle(engine.reached))
    return plane.network()
  }

  return {
    engine,
    plane,
    services: asked,
    clock,
    call: (action, input, caller = CALLER) => plane.execute(action, input, caller) as never,
    catchUp,
    async probe(flow, from, session) {
      await catchUp()
      return engine.probe(flow, from, session)
    },
    async close() {
      await engine.close()
      store.close()
    },
  }
}
