/** The ways in which a server is ended, each at a moment that nobody chose. */
import { watch } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { Random } from '../differential/random.ts'
import { descendants, firstProcesses } from './machine.ts'
import type { Victim } from './server.ts'

/** A server that answers calls of clients, who go on until it is gone. */
export interface Scene {
  readonly victim: Victim
  readonly stateDir: string
  readonly tag: string
  readonly random: Random
  /** Makes a launch; resolves when it is answered. */
  launch(): Promise<void>
}

export interface Crash {
  readonly name: string
  /** Whether the server itself is gone afterwards. */
  readonly ends: boolean
  /** How many times the server was killed; what it does comes to an end with that. */
  carryOut(scene: Scene): Promise<number>
}

const crash = (name: string, ends: boolean, carryOut: Crash['carryOut']): Crash => ({ name, ends, carryOut })

/** As often as its number says. */
export const CRASHES: readonly (readonly [number, Crash])[] = [
  [
    8,
    crash('kill while clients call', true, async ({ victim, random }) => {
      await delay(30 + random.below(1200))
      await victim.kill()
      return 1
    }),
  ],
  [
    4,
    crash('kill while instances boot', true, async ({ victim, random, launch }) => {
      await delay(random.below(300))
      await launch()
      await delay(random.below(500))
      await victim.kill()
      return 1
    }),
  ],
  [
    6,
    crash('kill as it writes', true, async ({ victim, stateDir, random, launch }) => {
      await delay(random.below(500))
      const launching = launch()
      await written(stateDir, 1 + random.below(12))
      await victim.kill()
      await launching
      return 1
    }),
  ],
  [
    2,
    crash('kill while it takes everything down', true, async ({ victim, random }) => {
      await delay(100 + random.below(600))
      victim.signal('SIGTERM')
      await delay(random.below(400))
      await victim.kill()
      return 1
    }),
  ],
  [
    1,
    crash('SIGTERM while clients call', true, async ({ victim, random }) => {
      await delay(100 + random.below(600))
      victim.signal('SIGTERM')
      await victim.ended
      return 0
    }),
  ],
  [
    2,
    crash('kill of what it has started', false, async ({ victim, random }) => {
      const end = Date.now() + 600 + random.below(600)
      while (Date.now() < end) {
        await delay(20 + random.below(100))
        const [one] = descendants(victim.pid).toSorted(() => random.below(3) - 1)
        if (one !== undefined) killQuietly(one)
      }
      return 0
    }),
  ],
  [
    1,
    crash('kill of guests', false, async ({ tag, random }) => {
      await delay(random.below(400))
      for (const pid of [...firstProcesses(tag).values()].flat()) if (random.chance(0.5)) killQuietly(pid)
      await delay(random.below(400))
      return 0
    }),
  ],
]

/** Resolves at the very moment at which the state's file has been written to so many times, or after a while. */
async function written(stateDir: string, times: number): Promise<void> {
  let left = times
  const watcher = watch(join(stateDir, 'state.db-wal'))
  const seen = new Promise<void>((resolve) =>
    watcher.on('change', () => {
      if (--left === 0) resolve()
    }),
  )
  await Promise.race([seen, delay(2000)])
  watcher.close()
}

function killQuietly(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It has ended by itself.
  }
}
