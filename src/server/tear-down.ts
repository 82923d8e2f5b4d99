/** Takes down what a server that was killed has left behind. */
import { existsSync } from 'node:fs'
import { missingForLinux } from '../engines/linux/availability.ts'
import { sqliteStore } from '../store/sqlite.ts'
import { endRootless } from './rootless.ts'
import { removeNote, stateDir } from './state-dir.ts'

/** Removes the namespaces, links, routes and processes of the state in `path`; its records stay. */
export async function tearDown(path: string): Promise<void> {
  const dir = stateDir(path)
  if (!existsSync(dir.database)) return
  await endRootless(dir)
  const store = sqliteStore(dir.database)
  const tag = store.meta('tag')
  store.close()
  if (tag && missingForLinux().length === 0) {
    // Loaded only where it can run: it needs Linux's C library.
    const { tearDown: tearDownLinux } = await import('../engines/linux/tear-down.ts')
    await tearDownLinux(tag, dir.path)
  }
  removeNote(dir)
}
