/** The server under test: control plane, store and HTTP server as `isthmus up` wires them, with a clock of its own. */
import type { AddressInfo } from 'node:net'
import { simulator } from '../../src/engines/simulator/simulator.ts'
import { prefix } from '../../src/ip/prefix.ts'
import { createHttpServer } from '../../src/protocol/http.ts'
import { routes, services } from '../../src/server/api.ts'
import { controlPlane } from '../../src/server/control-plane.ts'
import { IN_MEMORY } from '../../src/store/open.ts'
import { sqliteStore } from '../../src/store/sqlite.ts'
import type { Store } from '../../src/store/store.ts'
import { CALLERS } from './call.ts'
import { consistent } from './consistency.ts'
import { connection, type Target } from './wire.ts'

/** Handlers may not write into a record that others see: whoever tries it now throws. */
function frozen<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value) || ArrayBuffer.isView(value)) return value
  for (const part of Object.values(value)) frozen(part)
  return Object.freeze(value)
}

const freezing = (store: Store): Store => ({
  ...store,
  commit(base, changes, number) {
    for (const { record } of changes) frozen(record)
    return store.commit(base, changes, number)
  },
})

const START = Date.UTC(2026, 0, 1)

export async function target(): Promise<Target> {
  let log: string[] = []
  let now = START
  const store = freezing(sqliteStore(IN_MEMORY))
  const engine = simulator()
  const plane = controlPlane({
    store,
    publicPool: prefix('198.18.0.0/22'),
    guests: { console: () => undefined, health: () => 'ok' },
    isUp: () => true,
    now: () => now,
    onCommit: () => {},
    log: (line) => void log.push(line),
  })
  const http = createHttpServer(services(plane), {
    routes: routes(plane, engine, true),
    log: (line) => void log.push(line),
  })
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  const { port } = http.address() as AddressInfo
  for (const [account, region] of CALLERS) plane.execute('DescribeVpcs', {}, { account, region, requestId: 'first' })
  const client = connection(port)
  let looked = plane.revision
  plane.compiled()
  return {
    get revision() {
      return plane.revision
    },
    hasNetworkChanged() {
      const { removed = [], added = [] } = plane.since(looked)?.difference ?? {}
      looked = plane.revision
      return removed.length + added.length > 0
    },
    logged() {
      const lines = log
      log = []
      return lines
    },
    pass(ms) {
      now += ms
      plane.settle(plane.revision)
    },
    send: client.send,
    async realize() {
      await engine.apply(plane.network(), plane.revision)
      consistent(plane, store)
    },
    async close() {
      client.close()
      await new Promise<void>((resolve) => {
        http.close(() => resolve())
        http.closeAllConnections()
      })
      store.close()
    },
  }
}
