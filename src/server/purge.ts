/** Removes a state: the files that are Isthmus's, and the folder if nothing else is in it. */
import { execFile } from 'node:child_process'
import { existsSync, rmdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'

// By name, never the whole folder: `--state` may be somebody's home.
const files = [
  'state.db',
  'state.db-wal',
  'state.db-shm',
  'state.db.new',
  'state.db.new-journal',
  'control.sock',
  'server.json',
  'server.json.new',
  'server.log',
  'host-changes.json',
  'kernel.json',
  'captures.json',
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

/**
 * `rm` goes down trees of any depth, such as what runs in guests may make. Their files belong to ids that, without
 * privilege, are the user's only in a user namespace of his own.
 */
async function removeGuests(folder: string): Promise<void> {
  if (!existsSync(folder)) return
  await promisify(execFile)('rm', ['-rf', '--', folder]).catch(() => {})
  if (!existsSync(folder)) return
  const { removeInside } = await import('../engines/linux/rootless/holder.ts')
  await removeInside(folder)
}
