/** A process of the machine as a command that runs in a node: what it says, how it ended, and what it is given. */
import type { ChildProcess } from 'node:child_process'
import { readFileSync } from 'node:fs'
import type { Readable, Writable } from 'node:stream'
import type { Running } from '../engine.ts'

/** A process whose input and output are pipes. */
export type Piped = ChildProcess & { readonly stdin: Writable; readonly stdout: Readable; readonly stderr: Readable }

export function piped(child: Piped, kill: Running['kill']): Running {
  const { stdin, stdout, stderr } = child
  stdin.on('error', () => {})
  const output = outputOf({ stdout, stderr })
  return {
    onOutput: output.listen,
    exit: exitOf(child, new Promise((resolve) => child.once('close', resolve)), output.quiet),
    write: (data) => (data === null ? void stdin.end() : taken(stdin, data)),
    kill,
    hold: output.hold,
  }
}

/** Milliseconds for what a command has said to arrive after its end: something it left behind may hold its output. */
const DRAIN_MS = 200

/** What a command says: it can be held back, and is quiet when it has said nothing for a while though it could. */
export function outputOf(streams: { readonly stdout: Readable; readonly stderr?: Readable }) {
  const named = Object.entries(streams) as ['stdout' | 'stderr', Readable][]
  let held = false
  let at = 0
  return {
    listen(listener: Parameters<Running['onOutput']>[0]): void {
      for (const [name, stream] of named)
        stream.on('data', (data: Buffer) => {
          at = Date.now()
          listener(name, data)
        })
    },
    hold(on: boolean): void {
      held = on
      at = Date.now()
      for (const [, stream] of named) on ? stream.pause() : stream.resume()
    },
    async quiet(): Promise<void> {
      for (at = Date.now(); held || Date.now() - at < DRAIN_MS; )
        await new Promise((resolve) => setTimeout(resolve, DRAIN_MS / 4))
    },
  }
}

/** Writes, and resolves when more is welcome. */
export const taken = (stream: Writable, data: Uint8Array): Promise<void> =>
  new Promise((resolve) => void stream.write(data, () => resolve()))

/** How it ended, once what it said has arrived: all of it, or what comes before it is quiet. */
export function exitOf(child: ChildProcess, drained: Promise<unknown>, quiet: () => Promise<void>): Running['exit'] {
  const exit = Promise.withResolvers<{ code: number | null; signal: string | null }>()
  child.on('error', exit.reject)
  child.on('exit', (code, signal) => {
    void Promise.race([drained, quiet()]).then(() => exit.resolve({ code, signal }))
  })
  return exit.promise
}

/** The numbers of a process's children. */
export function childrenOf(pid: number | undefined): number[] {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number)
  } catch {
    return []
  }
}
