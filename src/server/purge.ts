/** Removes a state: the files that are Isthmus's, and the folder if nothing else is in it. */
import { rmdirSync, rmSync } from 'node:fs'
import { rm } from 'node:fs/promises'
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
  'rootless.json',
]

export async function purgeState(folder: string): Promise<void> {
  for (const file of files) rmSync(join(folder, file), { force: true })
  await removeGuests(join(folder, 'guests'))
  try {
    rmdirSync(folder)
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException
    if (!['ENOTEMPTY', 'EEXIST', 'ENOENT', 'EBUSY', 'EACCES', 'EPERM'].includes(code)) throw error
  }
}

/** Their files belong to ids that, without privilege, are the user's only in a user namespace of his own. */
async function removeGuests(folder: string): Promise<void> {
  try {
    await rm(folder, { recursive: true, force: true })
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException
    if (!['EACCES', 'EPERM'].includes(code) || process.platform !== 'linux') throw error
    const { removeInside } = await import('../engines/linux/rootless/holder.ts')
    await removeInside(folder)
  }
}
