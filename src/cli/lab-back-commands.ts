/** The commands that go to and fro in a lab. */
import type { Command } from 'commander'
import { wholeNumber, withExamples, withOutput, withServer } from './options.ts'

export function registerLabBack(lab: Command): void {
  for (const register of [save, restore, jump, reset]) register(lab)
}

function save(lab: Command): void {
  const command = lab
    .command('save')
    .summary('save a checkpoint')
    .description('Save how everything is now, to go back to it. As each step passes, one is saved by itself.')
    .argument('[name]', 'what to call it (default: save-1, save-2, ...)')
    .action(async (name, options) => (await import('./lab-back.ts')).saveCheckpoint(name, options))
  withExamples(withOutput(withServer(command)), [['isthmus lab save before-i-try', 'then try whatever you like']])
}

function restore(lab: Command): void {
  const command = lab
    .command('restore')
    .summary('go back to a checkpoint')
    .description(
      'Go back to a checkpoint: network, instances, and how far you are. What happened stays in the journal. Without ' +
        'a name, say which there are.',
    )
    .argument('[name]', 'a name of yours, or step-2, step-3 and so on: as that step began')
    .action(async (name, options) => (await import('./lab-back.ts')).restoreCheckpoint(name, options))
  withExamples(withOutput(withServer(command)), [
    ['isthmus lab restore', 'which there are'],
    ['isthmus lab restore step-3', 'as step 3 began'],
  ])
}

function jump(lab: Command): void {
  const command = lab
    .command('jump')
    .summary('go to the beginning of a step')
    .description(
      'Go to the beginning of a step. Where you have been there, everything is as it was then; else the solutions of ' +
        'the steps before it are played.',
    )
    .argument('<step>', 'its number', wholeNumber(1, 999))
    .action(async (step, options) => (await import('./lab-back.ts')).jumpTo(step, options))
  withExamples(withServer(command), [['isthmus lab jump 7', 'to the ping, with all before it done']])
}

function reset(lab: Command): void {
  const command = lab
    .command('reset')
    .summary('go back to the start of the lab')
    .description(
      'Go back to the start: everything that was made on this server since the lab began is removed, its setup is ' +
        'run again, and a new journal begins. The old one is kept.',
    )
    .action(async (options) => (await import('./lab-back.ts')).resetLab(options))
  withExamples(withServer(command), [['isthmus lab reset', 'once more, from the beginning']])
}
