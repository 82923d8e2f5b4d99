/** Notices that a namespace is no longer as it was left: by the kernel's own events, so that watching costs nothing. */
import { closeSync, fstatSync, openSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { run } from './command.ts'
import { pathOf } from './names.ts'
import { NETLINK_NETFILTER, NETLINK_ROUTE, nftGeneration, openNetlink } from './netlink.ts'

/** Links, neighbours, IPv4 addresses, routes and rules (RTMGRP_*). Inside a host only links are ours. */
const GROUPS = { router: 0x1 | 0x4 | 0x10 | 0x40 | 0x80, host: 0x1 } as const

export interface Watch {
  /** Whether links, addresses, routes or rules have been touched since the last call, by anyone. */
  touched(): boolean
  /** nft's generation now. */
  generation(): number
  /** Whether the name still means this namespace. */
  named(): boolean
  /** Gives the namespace its name back: with all that runs in it, it is still there as long as it is watched. */
  rename(): Promise<void>
  close(): void
}

export function watchNamespace(namespace: string, kind: 'host' | 'router'): Watch {
  const path = pathOf(namespace)
  const held = openSync(path, 'r')
  const events = openNetlink(path, NETLINK_ROUTE, GROUPS[kind])
  const netfilter = openNetlink(path, NETLINK_NETFILTER, 0)
  return {
    touched() {
      for (let count = 0; ; count++) {
        const event = events.read()
        if (event === undefined) return count > 0
        // More happened than fits the socket: what it was no longer matters.
        if (event === 'lost') return true
      }
    },
    generation: () => nftGeneration(netfilter),
    named() {
      try {
        return statSync(path).ino === fstatSync(held).ino
      } catch {
        return false
      }
    },
    async rename() {
      writeFileSync(path, '', { flag: 'a' })
      // The link in /proc means the namespace itself; its text is no path.
      await run('mount', ['-n', '--no-canonicalize', '--bind', `/proc/${process.pid}/fd/${held}`, path]).catch(
        (error: unknown) => {
          rmSync(path, { force: true })
          throw error
        },
      )
    },
    close() {
      events.close()
      netfilter.close()
      closeSync(held)
    },
  }
}
