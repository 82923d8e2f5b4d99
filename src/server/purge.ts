/** Removes a state: the files that are Isthmus's, and the folder if nothing else is in it. */
import { rmdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'

// By name, never the whole folder: `--state` may be somebody's home.
const files = [
  'state.db',
  'state.db-wal',
  'state.db-shm',
  'control.sock',
  'server.json',
  'server.json.new',
  'server.log',
  'host-changes.json',
  'kernel.json',
]

export function purgeState(folder: string): void {
  for (const file of files) rmSync(join(folder, file), { force: true })
  try {
    rmdirSync(folder)
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException
    if (!['ENOTEMPTY', 'EEXIST', 'ENOENT', 'EBUSY'].includes(code)) throw error
  }
}
