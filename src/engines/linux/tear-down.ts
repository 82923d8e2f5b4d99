/** Leaves nothing: works on what is there, with or without the server that made it. */
import { remove } from './apply.ts'
import { removeAllCgroups } from './guest/cgroup.ts'
import { undoHostChanges } from './host-changes.ts'
import { forgetTables } from './memory.ts'
import { namespacesThere } from './read.ts'

/**
 * Removes all namespaces of `tag` with the processes in them, and undoes what `stateDir` records of the host. The disks
 * of guests stay: they are part of the state.
 */
export async function tearDown(tag: string, stateDir: string): Promise<void> {
  await remove(namespacesThere(tag))
  await removeAllCgroups(tag)
  await undoHostChanges(stateDir)
  forgetTables(stateDir)
}
