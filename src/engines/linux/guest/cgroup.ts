/** Control groups of guests: bounds on memory and on processes, where the machine lets us set them. */
import { existsSync, mkdirSync, readdirSync, rmdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const ROOT = '/sys/fs/cgroup'
/** Processes and threads of one guest: enough for services, too few for a fork bomb to fill the machine. */
export const TASKS = 1024

/** One hierarchy: where groups are made, and the files that bound them. */
interface Hierarchy {
  readonly folder: string
  readonly files: (memory: number) => readonly (readonly [file: string, value: string])[]
}

/** Version 2 has one hierarchy for all controllers; version 1 one for each. None where there is no permission. */
function hierarchies(): Hierarchy[] {
  if (existsSync(join(ROOT, 'cgroup.controllers'))) {
    return [
      {
        folder: ROOT,
        files: (memory) => [
          ['memory.max', `${memory}`],
          ['memory.swap.max', '0'],
          ['pids.max', `${TASKS}`],
        ],
      },
    ]
  }
  const one = (controller: string, files: Hierarchy['files']) =>
    existsSync(join(ROOT, controller, 'cgroup.procs')) ? [{ folder: join(ROOT, controller), files }] : []
  return [
    ...one('memory', (memory) => [
      ['memory.limit_in_bytes', `${memory}`],
      ['memory.memsw.limit_in_bytes', `${memory}`],
    ]),
    ...one('pids', () => [['pids.max', `${TASKS}`]]),
  ]
}

const folderOf = (hierarchy: Hierarchy, tag: string): string => join(hierarchy.folder, tag)

/** Makes the group of a node in every hierarchy and answers their folders; those that can not be had are left out. */
export function cgroupsFor(tag: string, node: string, memory: number): string[] {
  return hierarchies().flatMap((hierarchy) => {
    const parent = folderOf(hierarchy, tag)
    const folder = join(parent, node)
    try {
      mkdirSync(folder, { recursive: true })
      if (hierarchy.folder === ROOT) {
        write(join(ROOT, 'cgroup.subtree_control'), '+memory +pids')
        write(join(parent, 'cgroup.subtree_control'), '+memory +pids')
      }
      const bounded = hierarchy.files(memory).filter(([file, value]) => write(join(folder, file), value))
      return bounded.length > 0 ? [folder] : []
    } catch {
      return []
    }
  })
}

/** Whether it could be written: a controller may be missing, or swap not counted. */
function write(path: string, value: string): boolean {
  try {
    writeFileSync(path, value)
    return true
  } catch {
    return false
  }
}

/** The groups of a node that are there, for a process that joins it. */
export const cgroupsOf = (tag: string, node: string): string[] =>
  hierarchies()
    .map((hierarchy) => join(folderOf(hierarchy, tag), node))
    .filter((folder) => existsSync(folder))

/** Removes the group of a node, or all of `tag`; one with processes in it stays. */
export function removeCgroups(tag: string, node?: string): void {
  for (const hierarchy of hierarchies()) {
    const parent = folderOf(hierarchy, tag)
    if (!existsSync(parent)) continue
    for (const name of node === undefined ? groupsIn(parent) : [node]) remove(join(parent, name))
    if (groupsIn(parent).length === 0) remove(parent)
  }
}

const groupsIn = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)

function remove(folder: string): void {
  try {
    rmdirSync(folder)
  } catch {
    // Gone, or still in use: the next one to remove it will.
  }
}

/** How long the last processes of a group may take to be gone, in milliseconds: until somebody has reaped them. */
const PATIENCE_MS = 5000

/** Removes all groups of `tag`, whose processes have been ended. */
export async function removeAllCgroups(tag: string): Promise<void> {
  const isLeft = () => hierarchies().some((hierarchy) => existsSync(folderOf(hierarchy, tag)))
  for (const until = Date.now() + PATIENCE_MS; isLeft() && Date.now() < until; ) {
    removeCgroups(tag)
    if (isLeft()) await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
