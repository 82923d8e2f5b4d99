/** `isthmus snapshot`: saves the whole state, goes back to what was saved, and says what there is. */
import { existsSync } from 'node:fs'
import type { Command } from 'commander'
import { control, RefusedError } from '../client/control.ts'
import type { Restored, StateSnapshots } from '../server/state-snapshot.ts'
import { stateDir } from '../server/state-dir.ts'
import { type SavedState, savedStates } from '../store/saved-states.ts'
import { Failure } from './failure.ts'
import { runningStatus } from './launch.ts'
import { type OutputOption, print, withExamples, withOutput, withState } from './options.ts'
import { snapshotTable, sizeOf } from './snapshot-text.ts'
import { stateFolder } from './state-folder.ts'

interface SnapshotOptions extends OutputOption {
  readonly state?: string
}

export function registerSnapshot(program: Command): void {
  const parent = program
    .command('snapshot')
    .description('Save the whole state, and go back to it. All of it works with a server and without one.')
  registerSave(parent)
  registerRestore(parent)
  const list = parent
    .command('list')
    .summary('say what was saved')
    .description('List what was saved, the newest first: when, at which revision, how many VPCs and instances.')
    .action(listSnapshots)
  withExamples(withOutput(withState(list)), [
    ['isthmus snapshot list', 'also what was kept by itself, before a restore or an update'],
    ['isthmus snapshot list -o json', 'for programs'],
  ])
  const remove = parent
    .command('delete')
    .summary('delete one that was saved')
    .description('Delete what was saved by a name. What runs stays as it is.')
    .argument('<name>', 'its name, as `isthmus snapshot list` shows it')
    .action(deleteSnapshot)
  withExamples(withOutput(withState(remove)), [['isthmus snapshot delete monday', 'this one only']])
}

function registerSave(parent: Command): void {
  const save = parent
    .command('save')
    .summary('save the state as it is now')
    .description('Save all records as they are now, of every account and Region. Disks of instances are not in it.')
    .argument('[name]', 'letters, digits, dots, dashes, underscores (default: the time)')
    .action(saveSnapshot)
  withExamples(withOutput(withState(save)), [
    ['isthmus snapshot save', 'by the name of the time'],
    ['isthmus snapshot save before-the-lab', 'while the server goes on'],
  ])
}

function registerRestore(parent: Command): void {
  const restore = parent
    .command('restore')
    .summary('go back to what was saved')
    .description(
      'Go back to what was saved: records at once, and then the network; instances of now go, those of then come up. ' +
        'What is there until then is saved first.',
    )
    .argument('<name>', 'its name, as `isthmus snapshot list` shows it')
    .action(restoreSnapshot)
  withExamples(withOutput(withState(restore)), [
    ['isthmus snapshot restore before-the-lab', 'then `isthmus status --wait`'],
    ['isthmus snapshot restore monday --state ./b', 'of the server with this folder'],
  ])
}

function listSnapshots(options: SnapshotOptions): void {
  const found = savedStates(stateDir(stateFolder(options.state)).snapshots).list()
  print(options, found, snapshotTable(found))
}

function deleteSnapshot(name: string, options: SnapshotOptions): void {
  savedStates(stateDir(stateFolder(options.state)).snapshots).remove(name)
  print(options, { deleted: name }, `Deleted the snapshot ${name}.`)
}

async function saveSnapshot(name: string | undefined, options: SnapshotOptions): Promise<void> {
  const folder = stateFolder(options.state)
  if (!existsSync(stateDir(folder).database)) throw new Failure(`There is no state in ${folder}: nothing was saved.`)
  const asked = name === undefined ? {} : { name }
  const saved = (await carriedOut(folder, '/snapshot', asked, (snapshots) => snapshots.save(name))) as SavedState
  const { revision, vpcs, instances, bytes } = saved
  print(
    options,
    saved,
    `Saved ${saved.name}: revision ${revision}, VPCs: ${vpcs}, instances: ${instances}, ${sizeOf(bytes)}.\n` +
      `To go back to it: isthmus snapshot restore ${saved.name}`,
  )
}

async function restoreSnapshot(name: string, options: SnapshotOptions): Promise<void> {
  const folder = stateFolder(options.state)
  // Before a state is made where there is none.
  savedStates(stateDir(folder).snapshots).find(name)
  const work = (snapshots: StateSnapshots) => snapshots.restore(name)
  const restored = (await carriedOut(folder, '/restore', { name }, work)) as Restored
  const { before, changed, revision } = restored
  print(
    options,
    restored,
    `Restored ${name}: ${changed} records changed, revision ${revision}. What was there is saved as ${before}.\n` +
      '`isthmus status --wait` waits until it is in force.',
  )
}

/** By the server that runs, else on the file, which is opened in this process. Throws Failure. */
async function carriedOut(
  folder: string,
  path: '/snapshot' | '/restore',
  body: object,
  work: (snapshots: StateSnapshots) => unknown,
): Promise<unknown> {
  if (await runningStatus(folder))
    return control(folder)
      .ask(path, body)
      .catch((error: unknown) => {
        throw error instanceof RefusedError ? new Failure(error.message) : error
      })
  const { withSnapshots } = await import('../server/state-snapshot.ts')
  return withSnapshots(stateDir(folder), work)
}
