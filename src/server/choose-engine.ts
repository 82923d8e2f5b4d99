/** The best engine this machine allows, and why. */
import type { Engine } from '../engines/engine.ts'
import { missingForLinux } from '../engines/linux/availability.ts'
import type { LinuxOptions } from '../engines/linux/linux.ts'
import { simulator } from '../engines/simulator/simulator.ts'
import { otherLinkTo } from './public-pool.ts'
import type { ServerOptions } from './server.ts'
import { StartError } from './start-error.ts'

export interface Choice {
  readonly engine: Engine
  /** Sentences for people. */
  readonly why: readonly string[]
}

const SIMULATED = 'So the simulator runs: the same API, simulated packets.'
const ROOTLESS = [
  'Linux, rootless: packets are real, in namespaces of your own.',
  'As root it could also bound the memory and processes of each instance, let programs of this machine reach ' +
    'Elastic IPs,',
  'and raise the limit on neighbours, which some hundreds of instances that talk to each other meet.',
]

type Wishes = Pick<ServerOptions, 'sim' | 'rootless' | 'notRootless'>

/** The Linux engine where it can run, unless `sim` asks for the simulator. Throws StartError. */
export async function chooseEngine(wishes: Wishes, options: LinuxOptions): Promise<Choice> {
  const { sim, rootless, notRootless = [] } = wishes
  const simulated = () => simulator(options.services ? { services: options.services } : {})
  if (sim) return { engine: simulated(), why: ['The simulator was asked for (--sim): packets are simulated.'] }
  const missing = missingForLinux()
  if (missing.length > 0) return { engine: simulated(), why: [...missing, ...notRootless, SIMULATED] }
  // Loaded only where it can run: it needs Linux's C library.
  const { linuxEngine } = await import('../engines/linux/linux.ts')
  await refuseOthersRoute(options)
  return {
    engine: linuxEngine(options),
    why: rootless ? ROOTLESS : ['Linux, with the privilege and the tools it needs: packets are real.'],
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
