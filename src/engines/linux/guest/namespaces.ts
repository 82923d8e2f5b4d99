/** Network namespaces of guests: each belongs to a user namespace of its own, made with it. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync, writeFileSync } from 'node:fs'
import { eachOf, ipBatch } from '../command.ts'
import { ownerOf } from '../libc.ts'
import { pathOf } from '../names.ts'
import { guestIds } from './ids.ts'

/**
 * Makes them, with names. Root of the user namespace, and nobody else beside the host's root, may change what is in
 * them; the user namespace lives as long as the network namespace does.
 */
export async function createGuestNamespaces(names: readonly string[]): Promise<void> {
  await eachOf(
    chunks(names, 32),
    async (some) => {
      const born = await Promise.all(some.map(bear))
      try {
        await ipBatch(
          undefined,
          some.map((name, index) => `netns attach ${name} ${born[index]?.pid}`),
        )
      } finally {
        for (const child of born) child.stdin?.end()
      }
    },
    1,
  )
}

/** A process in fresh namespaces, which it holds until its input ends. */
async function bear(): Promise<ChildProcess> {
  const child = spawn('unshare', ['--user', '--net', '--', 'sh', '-c', 'echo; exec cat'], {
    stdio: ['pipe', 'pipe', 'ignore'],
  })
  child.stdin.on('error', () => {})
  const ended = once(child, 'close').then(() => {
    throw new Error('no user namespace can be made')
  })
  await Promise.race([once(child.stdout, 'data'), ended])
  ended.catch(() => {})
  const { first, count } = guestIds()
  for (const map of ['uid_map', 'gid_map']) writeFileSync(`/proc/${child.pid}/${map}`, `0 ${first} ${count}\n`)
  return child
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
