/** What must be so after a crash, once the next server has caught up: by its own answers, its records, the kernel. */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { isKind } from '../../src/server/state-snapshot.ts'
import { examine } from '../../src/store/examine.ts'
import { alone } from '../server/machine.ts'
import { kernelFacts, type Looked } from './kernel-facts.ts'
import { firstProcesses } from './machine.ts'
import { differences, type Reading, reading } from './reading.ts'
import { contradictions, recordsIn } from './records.ts'

const freshEngine = fileURLToPath(new URL('fresh.ts', import.meta.url))

export interface Checked {
  readonly problems: readonly string[]
  readonly namespaces: number
  readonly records: number
  readonly counts: Looked['counts']
}

/** Of a state whose network is in force and whose server is gone, so that nobody mends anything meanwhile. */
export async function checkStanding(stateDir: string): Promise<Checked> {
  const file = join(stateDir, 'state.db')
  examine(file, isKind)
  const kept = recordsIn(file)
  const tag = kept.meta.tag ?? ''
  const there = await reading(tag)
  const wanted = (await alone(freshEngine, file)) as Reading
  const { problems, counts } = kernelFacts(kept.records, there)
  return {
    problems: [
      ...contradictions(kept).map((text) => `records: ${text}`),
      ...differences(there, wanted).map((text) => `kernel: ${text}`),
      ...problems.map((text) => `kernel and records: ${text}`),
      ...guests(tag, kept.records).map((text) => `guests: ${text}`),
      ...disks(stateDir, kept.records).map((text) => `disks: ${text}`),
    ],
    namespaces: Object.keys(there).length - 1,
    records: kept.records.everything().length,
    counts,
  }
}

type Records = ReturnType<typeof recordsIn>['records']

/** Each instance that runs has one first process, not two, and no other has any. */
function guests(tag: string, records: Records): string[] {
  const first = firstProcesses(tag)
  const running = [...records.all('instance')].filter(({ state }) => state === 'running').map(({ id }) => id)
  const pending = [...records.all('instance')].filter(({ state }) => /ing$/.test(state) && state !== 'running')
  return [
    ...pending.map(({ id, state }) => `${id} is still ${state}`),
    ...running
      .filter((id) => first.get(id)?.length !== 1)
      .map((id) => `${id} has ${first.get(id)?.length ?? 0} first processes`),
    ...[...first.keys()].filter((node) => !running.includes(node)).map((node) => `${node} runs, and should not`),
  ]
}

/** Only what is not terminated keeps a disk. */
function disks(stateDir: string, records: Records): string[] {
  const kept = new Set([...records.all('instance')].filter(({ state }) => state !== 'terminated').map(({ id }) => id))
  return folders(join(stateDir, 'guests'))
    .filter((node) => !node.startsWith('.') && !kept.has(node))
    .map((node) => `${node} still has a folder`)
}

function folders(path: string): string[] {
  try {
    return readdirSync(path)
  } catch {
    return []
  }
}
