/** A server for a lab alone: made for it, and gone afterwards, whatever happens. */
import { mkdtempSync, rmSync } from 'node:fs'
import { constants, tmpdir } from 'node:os'
import { join } from 'node:path'
import { Failure } from './failure.ts'
import { launch, stop } from './launch.ts'
import { openSession, type ServerOptions, type Session } from './session.ts'

/** Does the work on a server, port and state of its own; its folder is gone afterwards. */
export function onOwnServer<T>(
  options: ServerOptions & { readonly sim: boolean },
  work: (session: Session, signal: AbortSignal, folder: string) => Promise<T>,
): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'isthmus-lab-'))
  const clear = async () => {
    await stop(folder, { purge: true })
    rmSync(folder, { recursive: true, force: true })
  }
  return interruptible(clear, async (signal) => {
    await launch(folder, ['--port', '0', ...(options.sim ? ['--sim'] : [])])
    return work(await openSession({ ...options, state: folder }), signal, folder)
  })
}

/** Does the work, and clears up after it, also at Ctrl-C. */
export async function interruptible<T>(
  clear: () => Promise<void>,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const stopping = new AbortController()
  const interrupted = Promise.withResolvers<never>()
  const interrupt = (signal: NodeJS.Signals) => {
    stopping.abort(new Failure(`Ended by ${signal}; cleaned up.`, 128 + constants.signals[signal]))
    interrupted.reject(stopping.signal.reason)
  }
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
  for (const signal of signals) process.once(signal, interrupt)
  try {
    return await Promise.race([work(stopping.signal), interrupted.promise])
  } finally {
    await clear()
    for (const signal of signals) process.off(signal, interrupt)
  }
}
