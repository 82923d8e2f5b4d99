/** The best engine this machine allows, and why. */
import type { Engine } from '../engines/engine.ts'
import { missingForLinux } from '../engines/linux/availability.ts'
import type { LinuxOptions } from '../engines/linux/linux.ts'
import { simulator } from '../engines/simulator/simulator.ts'
import { otherLinkTo } from './public-pool.ts'
import { StartError } from './start-error.ts'

export interface Choice {
  readonly engine: Engine
  /** Sentences for people. */
  readonly why: readonly string[]
}

/** The Linux engine where it can run, unless `sim` asks for the simulator. Throws StartError. */
export async function chooseEngine(sim: boolean, options: LinuxOptions): Promise<Choice> {
  if (sim) return { engine: simulator(), why: ['The simulator was asked for (--sim): packets are simulated.'] }
  const missing = missingForLinux()
  if (missing.length > 0)
    return { engine: simulator(), why: [...missing, 'So the simulator runs: the same API, simulated packets.'] }
  // Loaded only where it can run: it needs Linux's C library.
  const { linuxEngine } = await import('../engines/linux/linux.ts')
  await refuseOthersRoute(options)
  return {
    engine: linuxEngine(options),
    why: ['Linux, with the privilege and the tools it needs: packets are real.'],
  }
}

/** Public addresses that lead elsewhere would be taken away from whoever has them. */
async function refuseOthersRoute({ tag, hostLink }: LinuxOptions): Promise<void> {
  if (!hostLink) return
  const { hostLinkName } = await import('../engines/linux/host-link.ts')
  const other = await otherLinkTo(hostLink.pool, hostLinkName(tag))
  if (other !== undefined)
    throw new StartError(
      `The public addresses of this state, ${hostLink.pool}, already lead to ${other} on this machine: ` +
        'stop what uses them, start with --sim, or choose another folder with --state.',
    )
}
