/** The best engine this machine allows, and why. */
import type { Engine } from '../engines/engine.ts'
import { type LinuxOptions, linuxEngine, missingForLinux } from '../engines/linux/linux.ts'
import { simulator } from '../engines/simulator/simulator.ts'

export interface Choice {
  readonly engine: Engine
  /** Sentences for people. */
  readonly why: readonly string[]
}

/** The Linux engine where it can run, unless `sim` asks for the simulator. */
export async function chooseEngine(sim: boolean, options: LinuxOptions): Promise<Choice> {
  if (sim) return { engine: simulator(), why: ['The simulator was asked for (--sim): packets are simulated.'] }
  const missing = missingForLinux()
  if (missing.length > 0)
    return { engine: simulator(), why: [...missing, 'So the simulator runs: the same API, simulated packets.'] }
  return {
    engine: await linuxEngine(options),
    why: ['Linux, with the privilege and the tools it needs: packets are real.'],
  }
}
