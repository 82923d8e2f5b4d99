/** The engine without a kernel: the network is a value, and packets are moved by `forward`. */
import { roundTrip } from '../../forward/forward.ts'
import type { Tracked } from '../../forward/walk.ts'
import type { Flow, Trace } from '../../network/flow.ts'
import type { Network } from '../../network/network.ts'
import type { Engine, Services } from '../engine.ts'
import { counting } from '../counting.ts'
import type { Simulation } from './commands.ts'
import { simulatedCaptures } from './capture.ts'
import { simulatedDial } from './dial.ts'
import { simulatedGuests } from './guests.ts'
import { simulatedCommand } from './spawn.ts'

const EMPTY: Network = {
  nodes: new Map(),
  segments: new Map(),
  interfaces: new Map(),
  tables: new Map(),
  ruleSets: new Map(),
  addressSets: new Map(),
  routes: [],
  rules: [],
  translations: [],
  services: [],
}

/** Bytes of a packet of which no length is told: its headers. */
const SMALLEST = 28

export interface SimulatorOptions {
  /** What answers at the addresses of the network's services; without it they are silent. */
  readonly services?: Services
}

/** Serves the same networks and probes everywhere; its packets are simulated and it says so. */
export function simulator({ services }: SimulatorOptions = {}): Engine {
  let network = EMPTY
  let reached = 0
  const sessions = new Map<string, Tracked>()
  const captures = simulatedCaptures(() => network)
  const counters = counting()

  function send(flow: Flow, from: string, session?: string): Trace {
    if (!network.nodes.has(from)) throw new Error(`${from} is not running`)
    const earlier = session === undefined ? undefined : sessions.get(session)
    const { trace, tracked } = roundTrip(network, flow, from, earlier)
    if (session !== undefined) sessions.set(session, tracked)
    captures.moved(trace, session)
    count(trace)
    return trace
  }

  function count({ request, reply }: Trace): void {
    for (const { steps, flow } of [request, ...(reply ? [reply] : [])])
      for (const { origin, outcome } of steps)
        counters.add(origin, outcome, { packets: 1, bytes: flow.length ?? SMALLEST })
  }

  const { guest, clear, ...host } = simulatedGuests(Date.now)
  const simulation: Simulation = { network: () => network, send, services, guest }

  return {
    name: 'simulator',
    get reached() {
      return reached
    },
    async apply(wanted, revision) {
      network = wanted
      reached = revision
    },
    counters: async (resource) => counters.of(resource),
    probe: async (flow, from, session) => send(flow, from, session),
    host: {
      ...host,
      spawn: (node, command, options) => simulatedCommand(simulation, node, command, options),
      dial: simulatedDial(simulation),
      capture: captures.capture,
    },
    async close() {
      network = EMPTY
      sessions.clear()
      counters.clear()
      clear()
    },
  }
}
