/** `isthmus down`: stops the server and leaves nothing on the machine, also after the server was killed. */
import type { Command } from 'commander'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { type Stopped, stop } from './launch.ts'
import { withExamples, withState } from './options.ts'
import { stateFolder } from './state-folder.ts'

export function registerDown(program: Command): void {
  const command = program
    .command('down')
    .summary('stop the server and take everything down')
    .description('Stop the server and take down networks and instances. What was created is there again after `up`.')
    .option('--purge', 'forget what was created, too', false)
    .action(down)
  withExamples(withState(command), [
    ['isthmus down', 'stop; the state is kept'],
    ['isthmus down --purge', 'stop, and remove the state'],
  ])
}

const sentences: Readonly<Record<Stopped, string>> = {
  stopped: 'Stopped: networks and instances are taken down.',
  cleaned: 'The server had ended without cleaning up; what it had left is taken down.',
  nothing: 'Isthmus is not running, and nothing is left of it.',
}

async function down({ state, purge }: { state?: string; purge: boolean }): Promise<void> {
  const folder = stateFolder(state)
  const outcome = await stop(folder, { purge })
  process.stdout.write(`${sentences[outcome]}\n`)
  if (!purge) return
  const kept = existsSync(join(folder, 'snapshots')) ? ' What was saved stays: `isthmus snapshot list` shows it.' : ''
  process.stdout.write(`The state in ${folder} is removed.${kept}\n`)
}
