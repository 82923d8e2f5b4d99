/** A command inside an instance or on the internet, run to its end or until nobody waits any more. */
import { setTimeout as sleep } from 'node:timers/promises'
import { UnreachableError } from '../../client/ec2-client.ts'
import { executeQuietly } from '../../client/exec.ts'
import { UnboundError } from '../names/bind.ts'
import type { Sight } from './look.ts'

/** Milliseconds. */
const PATIENCE = 30_000

interface Ended {
  /** Undefined where it did not end in time. */
  readonly code: number | undefined
  readonly output: string
}

/** Throws UnboundError where it can not start, in the server's own words. */
export async function runInside({ session }: Sight, node: string, command: readonly string[]): Promise<Ended> {
  const execution = await executeQuietly(session.stateDir, node, command).catch((error: Error) => {
    throw error instanceof UnreachableError ? error : new UnboundError(error.message)
  })
  let output = ''
  execution.onOutput((_, data) => {
    output += data.toString()
  })
  execution.write(null)
  const { code } = await Promise.race([execution.exit, sleep(PATIENCE, { code: undefined }, { ref: false })])
  execution.leave()
  // What a signal ended has no code: it is none that anybody expects.
  return { code: code === null ? -1 : code, output }
}
