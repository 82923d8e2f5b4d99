/** Runs the tools of the kernel with a script on their input. */
import { spawn } from 'node:child_process'
import { pathOf } from './names.ts'
import { nftLibrary } from './nft-library.ts'

/** What a tool printed. Throws with its words where it failed, unless `force`. */
export function run(command: string, args: readonly string[], input = '', force = false): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'] })
    const out: Buffer[] = []
    const err: Buffer[] = []
    child.stdout.on('data', (data: Buffer) => out.push(data))
    child.stderr.on('data', (data: Buffer) => err.push(data))
    child.on('error', reject)
    child.stdin.on('error', () => {})
    child.on('close', (code) => {
      const text = Buffer.concat(out).toString()
      if (code === 0 || force) resolve(text)
      else
        reject(
          new Error(`${[command, ...args].join(' ')}: ${Buffer.concat(err).toString().trim() || `exit code ${code}`}`),
        )
    })
    child.stdin.end(input)
  })
}

/** `ip -batch` with `lines`, in a namespace or in the host's own; `force` goes on after errors. */
export async function ipBatch(
  namespace: string | undefined,
  lines: readonly string[],
  force = false,
  options: readonly string[] = [],
): Promise<string> {
  if (lines.length === 0) return ''
  const args = [...options, ...(force ? ['-force'] : []), '-batch', '-']
  return runIn(namespace, 'ip', args, `${lines.join('\n')}\n`, force)
}

/** One transaction. */
export async function nftTransaction(namespace: string, lines: readonly string[]): Promise<void> {
  if (lines.length === 0) return
  const text = `${lines.join('\n')}\n`
  const isDone = await nftLibrary()?.(pathOf(namespace), text)
  if (!isDone) await runIn(namespace, 'nft', ['-f', '-'], text)
}

/** Runs a tool in a namespace. */
export const runIn = (
  namespace: string | undefined,
  command: string,
  args: readonly string[],
  input = '',
  force = false,
): Promise<string> =>
  namespace === undefined
    ? run(command, args, input, force)
    : run('nsenter', [`--net=${pathOf(namespace)}`, '--', command, ...args], input, force)

/** Runs `work` on all items, a few at a time: each is a process. */
export async function eachOf<T>(items: Iterable<T>, work: (item: T) => Promise<void>, atOnce = 8): Promise<void> {
  const queue = [...items]
  const worker = async () => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) await work(item)
  }
  await Promise.all(Array.from({ length: Math.min(atOnce, queue.length) }, worker))
}
