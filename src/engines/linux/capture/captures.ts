/**
 * All captures of an engine.
 *
 * Invariants: the kernel traces for captures in tables of their own, which are recorded before they are made, so that
 * the next server takes away those of one that was killed; no socket is open in a namespace that is to go.
 */
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Capture, Captured } from '../../engine.ts'
import { nftTransaction } from '../command.ts'
import type { Plan } from '../diff.ts'
import type { Machine } from '../machine.ts'
import { namespacesThere } from '../read.ts'
import { newCapture, type RunningCapture } from './capture.ts'
import { placesOf, type Watched } from './places.ts'
import { captureTable, noCaptureTable } from './table.ts'
import type { InForce } from './verdicts.ts'

export interface CapturesOptions {
  readonly tag: string
  readonly stateDir: string
  readonly machine: Machine
  /** Runs what changes the machine, one thing after another. */
  readonly inTurn: <T>(task: () => Promise<T>) => Promise<T>
  readonly log: (line: string) => void
}

/** All but `open` and the closing of a capture are called in turn. */
export interface Captures {
  /** Whether any runs: the kernel then traces more than probes. */
  active(): boolean
  open(inForce: InForce, where: string, listener: (packet: Captured) => void): Promise<Capture>
  /** Lets go of what is about to be removed. */
  release(plan: Pick<Plan, 'removed' | 'unlinked'>): Promise<void>
  /** Something has changed: looks at what is there now. */
  follow(now: InForce): Promise<void>
  /** Takes away what a server that was killed has left. */
  clean(): Promise<void>
  close(): Promise<void>
}

export function linuxCaptures({ tag, stateDir, machine, inTurn, log }: CapturesOptions): Captures {
  const running = new Set<RunningCapture>()
  const record = recordIn(stateDir)

  /** Makes the tables those that the running captures need. */
  const writeTables = async () => {
    const watched = Map.groupBy(
      [...running].flatMap((c) => c.watched),
      (w) => w.namespace,
    )
    const before = record.read()
    record.write([...new Set([...before, ...watched.keys()])])
    const there = new Set(namespacesThere(tag))
    for (const namespace of new Set([...before, ...watched.keys()])) {
      if (!there.has(namespace)) continue
      await writeTable(machine, namespace, watched.get(namespace))
    }
    record.write([...watched.keys()])
  }
  const stop = async (capture: RunningCapture) => {
    if (!running.delete(capture)) return
    await capture.pause()
    await writeTables()
  }
  return {
    active: () => running.size > 0,
    async open(inForce, where, listener) {
      if (!placesOf(inForce.network, tag, where)) throw new Error(`nothing can be captured at ${where}`)
      const failed = (error: Error) => log(`a capture of ${where}: ${error.message}`)
      const capture = newCapture(inForce, { where, listener, failed })
      await capture.aim(inForce)
      running.add(capture)
      await writeTables()
      capture.open()
      return { missed: capture.missed, close: () => inTurn(() => stop(capture)) }
    },
    async release({ removed, unlinked }) {
      for (const capture of running) if (isHit(capture, removed, unlinked)) await capture.pause()
    },
    async follow(now) {
      if (running.size === 0) return
      try {
        for (const capture of running) await capture.aim(now)
        await writeTables()
        for (const capture of running) capture.open()
      } catch (error) {
        // The network is in force all the same.
        log(`captures: ${(error as Error).message}`)
      }
    },
    async clean() {
      if (record.read().length > 0) await writeTables()
    },
    async close() {
      for (const capture of running) await stop(capture)
    },
  }
}

const writeTable = (machine: Machine, namespace: string, watched: readonly Watched[] | undefined): Promise<void> =>
  machine.beside(namespace, () => nftTransaction(namespace, watched ? captureTable(watched) : noCaptureTable()))

const isHit = ({ watched }: RunningCapture, removed: Plan['removed'], unlinked: Plan['unlinked']): boolean =>
  watched.some((w) => removed.includes(w.namespace) || unlinked.get(w.namespace)?.includes(w.port.name))

/** The namespaces that have a table of a capture. */
function recordIn(stateDir: string) {
  const file = join(stateDir, 'captures.json')
  return {
    read(): readonly string[] {
      try {
        return JSON.parse(readFileSync(file, 'utf8')) as string[]
      } catch {
        return []
      }
    },
    write(namespaces: readonly string[]): void {
      if (namespaces.length === 0) rmSync(file, { force: true })
      else writeFileSync(file, JSON.stringify(namespaces))
    },
  }
}
