/** Files that appear as a whole, for their owner alone, and are still there after a power cut. */
import { chmodSync, closeSync, fsyncSync, linkSync, openSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'

/**
 * Gives a finished file its name. Throws EEXIST where another has it: that one is never replaced.
 */
export function publish(finished: string, name: string): void {
  chmodSync(finished, 0o600)
  sync(finished)
  linkSync(finished, name)
  rmSync(finished)
  sync(dirname(name))
}

function sync(path: string): void {
  const descriptor = openSync(path, 'r')
  try {
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}
