/** The engine without a kernel: the network is a value, and packets are moved by `forward`. */
import { roundTrip } from '../../forward/forward.ts'
import type { Tracked } from '../../forward/walk.ts'
import type { Flow, Trace } from '../../network/flow.ts'
import type { Network } from '../../network/network.ts'
import type { Engine } from '../engine.ts'
import { simulatedCommand } from './commands.ts'

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
}

/** Serves the same networks and probes everywhere; its packets are simulated and it says so. */
export function simulator(): Engine {
  let network = EMPTY
  let reached = 0
  const sessions = new Map<string, Tracked>()

  function send(flow: Flow, from: string, session?: string): Trace {
    if (!network.nodes.has(from)) throw new Error(`${from} is not running`)
    const earlier = session === undefined ? undefined : sessions.get(session)
    const { trace, tracked } = roundTrip(network, flow, from, earlier)
    if (session !== undefined) sessions.set(session, tracked)
    return trace
  }

  return {
    name: 'simulator',
    get reached() {
      return reached
    },
    async apply(wanted, revision) {
      network = wanted
      reached = revision
    },
    probe: async (flow, from, session) => send(flow, from, session),
    host: { spawn: (node, command) => simulatedCommand({ network: () => network, send }, node, command) },
    async close() {
      network = EMPTY
      sessions.clear()
    },
  }
}
