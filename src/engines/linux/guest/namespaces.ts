/** Network namespaces of guests: each belongs to a user namespace of its own, made with it. */
import { spawn } from 'node:child_process'
import { closeSync, openSync, writeFileSync } from 'node:fs'
import { ipBatch } from '../command.ts'
import { ownerOf } from '../libc.ts'
import { pathOf } from '../names.ts'
import { guestIds } from './ids.ts'

/**
 * Makes them, with names. Root of the user namespace, and nobody else beside the host's root, may change what is in
 * them; the user namespace lives as long as the network namespace does.
 */
export async function createGuestNamespaces(names: readonly string[]): Promise<void> {
  for (const some of chunks(names, AT_ONCE)) {
    const nursery = born(some.length)
    try {
      const { first, count } = guestIds()
      const pids = await nursery.pids
      for (const pid of pids)
        for (const map of ['uid_map', 'gid_map']) writeFileSync(`/proc/${pid}/${map}`, `0 ${first} ${count}\n`)
      await ipBatch(
        undefined,
        some.map((name, index) => `netns attach ${name} ${pids[index]}`),
      )
    } finally {
      nursery.end()
    }
  }
}

const AT_ONCE = 64

/**
 * A shell starts them, not the server: what a start costs grows with the memory of who starts. What runs in the
 * background would have no input if it were not given one.
 */
const NURSERY = `
exec 3<&0
n=0
while [ $n -lt "$1" ]; do
  unshare --user --net -- sh -c 'echo $$; read -r end' <&3 &
  n=$((n + 1))
done
wait`

/** So many processes in fresh namespaces, which they hold until `end`. */
function born(count: number): { readonly pids: Promise<number[]>; readonly end: () => void } {
  const child = spawn('sh', ['-c', NURSERY, 'sh', `${count}`], { stdio: ['pipe', 'pipe', 'ignore'] })
  child.stdin.on('error', () => {})
  const pids = new Promise<number[]>((resolve, reject) => {
    let text = ''
    child.stdout.on('data', (data: Buffer) => {
      text += data.toString()
      const lines = text.split('\n')
      if (lines.length > count) resolve(lines.slice(0, count).map(Number))
    })
    child.on('error', reject)
    child.on('close', () => reject(new Error('no user namespace can be made')))
  })
  return { pids, end: () => void child.stdin.end() }
}

const chunks = <T>(items: readonly T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, index) => items.slice(index * size, (index + 1) * size))

/** Hands `work` a descriptor of the user namespace that a network namespace belongs to. */
export function withOwner<T>(namespace: string, work: (fd: number) => T): T {
  const network = openSync(pathOf(namespace), 'r')
  try {
    const owner = ownerOf(network)
    try {
      return work(owner)
    } finally {
      closeSync(owner)
    }
  } finally {
    closeSync(network)
  }
}
