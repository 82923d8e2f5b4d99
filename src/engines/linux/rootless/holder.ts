/**
 * The namespaces of a user without privilege, and the process that holds them: a user namespace in which he is root,
 * with a network and mounts that belong to it. To the engine they are the machine.
 *
 * Invariants: nothing outside is changed; with the last process inside, all of it is gone.
 */
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, realpathSync } from 'node:fs'
import type { Socket } from 'node:net'
import type { Readable } from 'node:stream'
import { promisify } from 'node:util'
import { toolPath } from '../availability.ts'
import { type ProcessId, processNow } from '../guest/process.ts'
import { type Machine, thisMachine } from './missing.ts'
import { mapWords, rangesOf, SUBORDINATE } from './subordinate-ids.ts'

const tool = promisify(execFile)

/** It waits until it is told to stay: where nobody tells it, because its maker has ended, it ends too. */
const HOLD = 'echo; read -r _ && exec sleep infinity < /dev/null > /dev/null 2>&1'

/** A process that holds namespaces and does nothing else. */
export interface Holder {
  readonly process: ProcessId
  /** A descriptor: a line written there makes it stay; until then it ends with whoever has it open. */
  readonly stay: number
  end(): void
}

/** Makes a user namespace, and others (flags of unshare(1)). Throws with the reason where it is not allowed. */
async function hold(namespaces: readonly string[], machine: Machine): Promise<Holder> {
  const child = spawn('unshare', ['--user', ...namespaces, '--', 'sh', '-c', HOLD], {
    stdio: ['pipe', 'pipe', 'pipe'],
    cwd: '/',
    env: environment(),
    // A session of its own: what ends the server from a terminal does not end it.
    detached: true,
  })
  child.on('error', () => {})
  child.stdin.on('error', () => {})
  const refused = refusal(child.stderr)
  refused.catch(() => {})
  const end = () => void child.kill('SIGKILL')
  try {
    await Promise.race([once(child.stdout, 'data'), refused])
    const { pid = 0 } = child
    const { uid, gid } = machine.user
    await words('newuidmap', [`${pid}`, ...mapWords(uid, ranges(machine, SUBORDINATE.uid))])
    await words('newgidmap', [`${pid}`, ...mapWords(gid, ranges(machine, SUBORDINATE.gid))])
    const now = processNow(pid)
    if (!now) throw new Error('the process that holds them has ended')
    for (const output of [child.stdout, child.stderr]) output.destroy()
    child.unref()
    return { process: now, stay: descriptorOf(child.stdin as Socket), end }
  } catch (error) {
    end()
    throw error
  }
}

/** Node has it, and does not say so. */
const descriptorOf = (socket: Socket): number => (socket as unknown as { _handle: { fd: number } })._handle.fd

const ranges = ({ user, read }: Machine, file: string) => rangesOf(read(file) ?? '', user)

/** Rejects with what was said when nothing more can be. */
async function refusal(stderr: Readable): Promise<never> {
  let said = ''
  for await (const part of stderr) said += part
  throw new Error(said.trim() || 'no user namespace can be made')
}

/** Runs a tool; throws its own words alone. */
async function words(command: string, args: readonly string[]): Promise<void> {
  await tool(command, args, { env: environment() }).catch((error: { stderr?: string; message: string }) => {
    throw new Error(error.stderr?.trim() || error.message)
  })
}

const environment = () => ({ ...process.env, PATH: toolPath() })

/** Words of nsenter(1) that run a command in the namespaces; groups that give access to files outside are kept. */
export const entering = ({ pid }: ProcessId, namespaces: readonly string[] = ['--net', '--mount']): string[] => [
  ...['--target', `${pid}`, '--user', ...namespaces, '--preserve-credentials', '--'],
]

/**
 * Makes of new namespaces a machine for the engine: a /run of its own (the state stays where it is), its loopback; and
 * tries what the engine and its guests will need. $1: the state folder.
 */
const SETUP = `
set -eu
try() { why=$1; shift; said=$("$@" 2>&1) || { echo "$why\${said:+ ($(echo $said))}" >&2; exit 1; }; }
try 'settings of the network cannot be written' [ -w /proc/sys/net/ipv4/ip_forward ]
case $1 in
  /run/*) mount -n --rbind /run /mnt ;;
esac
mount -n -t tmpfs -o mode=755,nosuid,nodev tmpfs /run
case $1 in
  /run/*) mkdir -p "$1"; mount -n --rbind "/mnt\${1#/run}" "$1"; umount -n -l /mnt ;;
esac
mkdir /run/netns
mount -n --bind /run/netns /run/netns
mount -n --make-shared /run/netns
ip link set lo up
try 'links between networks (veth) cannot be made' ip link add name isthmus0 type veth peer name isthmus1
ip link del isthmus0
try 'nftables cannot be used' nft 'add table inet isthmus
  add chain inet isthmus a { type filter hook forward priority 0; }
  add rule inet isthmus a ct state established accept'
nft delete table inet isthmus
try 'a process tree of its own cannot see its /proc: parts of this one are hidden, as in containers' \\
  unshare --pid --fork --mount-proc true
try 'user namespaces cannot be made within one' unshare --user --net true
`

/** Makes the namespaces of a state. Throws with the reason where the machine does not allow it. */
export async function makeNamespaces(stateDir: string, machine: Machine = thisMachine()): Promise<Holder> {
  // Mounts that come and go outside do so inside, too.
  const holder = await hold(['--net', '--mount', '--propagation', 'slave'], machine)
  try {
    const state = realpathSync(stateDir)
    await words('nsenter', [...entering(holder.process), 'sh', '-c', SETUP, 'sh', state])
    return holder
  } catch (error) {
    holder.end()
    throw error
  }
}

/** Removes a folder with what belongs to ids that only a user namespace of the user's makes his. */
export async function removeInside(path: string, machine: Machine = thisMachine()): Promise<void> {
  const holder = await hold([], machine)
  try {
    await words('nsenter', [...entering(holder.process, []), 'rm', '-rf', '--', path])
  } finally {
    holder.end()
  }
}

/** Names this start of the machine: numbers of processes mean nothing in another. */
export const bootId = (): string => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
