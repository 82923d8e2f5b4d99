/** Brings the engine to the newest revision: one apply at a time, the newest wins; then instances move on. */
import type { Engine } from '../engines/engine.ts'
import type { ControlPlane } from './control-plane.ts'

export interface Reconciler {
  /** There is a newer revision. */
  wake(): void
  /** Resolves once the engine has reached `revision` and instances have settled; false after `timeout` ms. */
  reached(revision: number, timeout: number): Promise<boolean>
  /** Resolves when nothing runs any more. */
  stop(): Promise<void>
}

const RETRY_MS = 1000

export function reconciler(plane: ControlPlane, engine: Engine, log: (line: string) => void): Reconciler {
  let running: Promise<void> | undefined
  let stopped = false
  let retry: NodeJS.Timeout | undefined
  const waiting = new Set<() => void>()

  async function run(): Promise<void> {
    while (!stopped && engine.reached !== plane.revision) {
      const { revision } = plane
      await engine.apply(plane.network(), revision)
      plane.settle(engine.reached)
      for (const look of [...waiting]) look()
    }
  }

  function wake(): void {
    if (running || stopped) return
    clearTimeout(retry)
    running = run()
      .catch((error: unknown) => {
        log(
          `The network could not be brought to revision ${plane.revision}: ` +
            `${error instanceof Error ? error.stack : error}`,
        )
        retry = setTimeout(wake, RETRY_MS)
      })
      .finally(() => {
        running = undefined
      })
  }

  return {
    wake: () => void setImmediate(wake),
    reached(revision, timeout) {
      return new Promise((resolve) => {
        const done = (ok: boolean) => {
          clearTimeout(timer)
          waiting.delete(look)
          resolve(ok)
        }
        const look = () => {
          if (engine.reached >= revision && engine.reached === plane.revision) done(true)
        }
        const timer = setTimeout(() => done(false), timeout)
        waiting.add(look)
        look()
      })
    },
    async stop() {
      stopped = true
      clearTimeout(retry)
      await running
    },
  }
}
