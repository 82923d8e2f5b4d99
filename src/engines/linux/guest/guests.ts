/** The guests of this machine: boots them, finds those of an earlier server again, and notices when one ends. */
import { statSync } from 'node:fs'
import type { Socket } from 'node:net'
import type { Host, Running, SpawnOptions } from '../../engine.ts'
import { eachOf } from '../command.ts'
import { namespaceOf, pathOf } from '../names.ts'
import { killInside } from '../processes.ts'
import { bootGuest } from './boot.ts'
import { cgroupsFor, cgroupsOf, removeCgroups } from './cgroup.ts'
import { enter, spawnInGuest } from './enter.ts'
import { isAlive, signal } from './process.ts'
import { guestPrograms } from './programs.ts'
import { sshSockets } from './ssh-socket.ts'
import { type Booted, guestStore, guestsFolder } from './store.ts'

export interface Guests extends Pick<Host, 'boot' | 'guests' | 'halt' | 'keepDisks' | 'onEnd' | 'console'> {
  /** Runs a command in a node's guest; undefined where it never had one. Throws where it is not up. */
  spawn(node: string, command: readonly string[], options?: SpawnOptions): Running | undefined
  /** Lets go: what runs goes on. */
  close(): void
}

export interface GuestsOptions {
  readonly tag: string
  readonly stateDir: string
  readonly log: (line: string) => void
  /** Makes the network namespace of a node anew, as the network has it. */
  readonly renew: (node: string) => Promise<void>
}

const WATCH_MS = 500
const TRIM_MS = 10_000
/** How long a guest may take to end its processes. */
const PATIENCE_MS = 4000

/** Host keys are made at the first boot: whoever is quicker waits for them. */
const SSHD = `
n=0; while [ ! -e /etc/ssh/ssh_host_ed25519_key ] && [ $n -lt 100 ]; do sleep 0.1; n=$((n + 1)); done
mkdir -p /run/sshd
exec /usr/sbin/sshd -i`

export function linuxGuests({ tag, stateDir, log, renew }: GuestsOptions): Guests {
  const store = guestStore(stateDir)
  const running = new Map<string, Booted>()
  const disks = new Set(store.all().keys())
  /** Those of which something could not be removed. */
  const stuck = new Set<string>()
  const listeners: Parameters<Host['onEnd']>[0][] = []
  const ssh = sshSockets(log)
  /** Node → the network namespace of its latest boot, by inode: root inside may have made anything of it. */
  const used = new Map<string, number | undefined>()
  let programs: string | undefined

  const serveSsh = (node: string, booted: Booted) =>
    ssh.open(node, namespaceOf(tag, node), (socket: Socket) => {
      const child = enter(booted.pid, cgroupsOf(tag, node), ['/bin/sh', '-c', SSHD], [socket, socket, 'ignore'])
      child.on('error', (error) => log(`sshd of ${node}: ${error.message}`))
      // The program has it now; here it would only keep the connection open.
      child.on('spawn', () => socket.destroy())
      child.unref()
    })

  const adopt = () => {
    for (const [node, booted] of store.all()) {
      if (!booted) continue
      running.set(node, booted)
      used.set(node, inodeOf(namespaceOf(tag, node)))
      if (isAlive(booted)) serveSsh(node, booted)
    }
  }

  const ended = (node: string) => {
    running.delete(node)
    ssh.close(node)
    store.note(node, undefined)
    removeCgroups(tag, node)
  }

  const look = () => {
    for (const [node, booted] of [...running]) {
      if (isAlive(booted)) continue
      ended(node)
      const how = store.takeEnd(node)
      for (const listener of listeners) listener(node, how)
    }
  }
  const watch = setInterval(look, WATCH_MS)
  const trimAll = () => {
    for (const node of running.keys()) store.trimConsole(node)
  }
  const trim = setInterval(trimAll, TRIM_MS)
  for (const timer of [watch, trim]) timer.unref()
  adopt()

  const halt = async (node: string) => {
    const booted = running.get(node)
    if (!booted) return
    // From now on nobody is told of its end, which was asked for.
    running.delete(node)
    signal(booted, 'SIGTERM')
    if (!(await goneWithin(booted, PATIENCE_MS))) {
      signal(booted, 'SIGKILL')
      await goneWithin(booted, PATIENCE_MS)
    }
    ended(node)
  }

  return {
    async boot(node, guest) {
      const namespace = namespaceOf(tag, node)
      await halt(node)
      // One that was begun by a server which ended before it could note it.
      await killInside([namespace])
      // A kernel that starts again knows no address, route or rule of before.
      if (used.has(node) && used.get(node) === inodeOf(namespace)) await renew(node)
      store.ensureDisk(node)
      disks.add(node)
      programs ??= guestPrograms(guestsFolder(stateDir))
      const cgroups = cgroupsFor(tag, node, guest.memory)
      const paths = store.paths(node)
      used.set(node, inodeOf(namespace))
      const booted = await bootGuest({ guest, paths, namespace, programs, cgroups, firstBoot: !store.isMade(node) })
      running.set(node, booted)
      store.note(node, booted)
      serveSsh(node, booted)
    },
    guests: () => running,
    halt,
    async keepDisks(nodes) {
      const unwanted = [...disks].filter((node) => !nodes.has(node) && !running.has(node))
      await eachOf(unwanted, async (node) => {
        used.delete(node)
        removeCgroups(tag, node)
        try {
          // At once again, as what removes it may have been killed.
          await store.remove(node).catch(() => store.remove(node))
          disks.delete(node)
          stuck.delete(node)
        } catch (error) {
          // What is left is tried again the next time, and said once.
          if (!stuck.has(node)) log(`the disk of ${node}: ${(error as Error).message}`)
          stuck.add(node)
        }
      })
    },
    onEnd(listener) {
      listeners.push(listener)
      look()
    },
    console: (node) => store.console(node),
    spawn(node, command, options) {
      const booted = running.get(node)
      if (booted ? !isAlive(booted) : disks.has(node))
        throw new Error(`${node} is not up: it is just booting, or ending.`)
      return booted && spawnInGuest(booted.pid, cgroupsOf(tag, node), command, options)
    },
    close() {
      clearInterval(watch)
      clearInterval(trim)
      ssh.closeAll()
    },
  }
}

/** Undefined where it is not there. */
const inodeOf = (namespace: string): number | undefined => statSync(pathOf(namespace), { throwIfNoEntry: false })?.ino

/** Resolves to whether it has ended. */
async function goneWithin(booted: Booted, limit: number): Promise<boolean> {
  for (const until = Date.now() + limit; isAlive(booted); ) {
    if (Date.now() > until) return false
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  return true
}
