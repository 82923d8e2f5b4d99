/** Starts a command inside a node: its own network, processes, mounts and names; the host's files read-only. */
import { type ChildProcess, spawn } from 'node:child_process'
import type { Running } from '../engine.ts'
import { pathOf } from './names.ts'
import { childrenOf, piped } from './running.ts'

/** What root inside may still do: its own network and its own processes. Without SYS_ADMIN no mount can be undone. */
const CAPABILITIES = [
  'chown',
  'dac_override',
  'fowner',
  'fsetid',
  'kill',
  'setgid',
  'setuid',
  'net_bind_service',
  'net_admin',
  'net_raw',
]
const BOUNDING_SET = ['-all', ...CAPABILITIES.map((c) => `+${c}`)].join(',')

/** Read-only first, for every mount there is; then what a command needs to write, in memory; devices by name. */
const SETUP = `
set -e
mount -n --make-rprivate /
while read -r _ dir _; do mount -n -o remount,bind,ro "$dir" 2>/dev/null || :; done < /proc/mounts
mount -n -t tmpfs -o mode=755 tmpfs /mnt
for d in null zero full random urandom tty; do : > /mnt/$d; mount -n --bind /dev/$d /mnt/$d; done
mkdir /mnt/pts /mnt/shm
mount -n -t devpts -o newinstance,ptmxmode=0666,mode=620 devpts /mnt/pts
ln -s pts/ptmx /mnt/ptmx; ln -s /proc/self/fd /mnt/fd
ln -s /proc/self/fd/0 /mnt/stdin; ln -s /proc/self/fd/1 /mnt/stdout; ln -s /proc/self/fd/2 /mnt/stderr
mount -n --move /mnt /dev
mount -n -t sysfs -o ro sysfs /sys
mount -n -t proc proc /proc
for p in /proc/sys /proc/sysrq-trigger /proc/irq /proc/bus; do
  [ ! -e $p ] || { mount -n --bind $p $p; mount -n -o remount,bind,ro $p; }
done
mount -n --bind /proc/sys/net /proc/sys/net; mount -n -o remount,bind,rw /proc/sys/net
for d in /tmp /run /home /root /dev/shm; do [ -d $d ] && mount -n -t tmpfs tmpfs $d; done
chmod 1777 /tmp /dev/shm
hostname "$ISTHMUS_NODE"
unset ISTHMUS_NODE
cd /root
exec unshare --fork -- setpriv --bounding-set=${BOUNDING_SET} --inh-caps=-all --no-new-privs -- "$@"
`

export function spawnInside(namespace: string, node: string, command: readonly string[]): Running {
  const child = spawn(
    'nsenter',
    [
      `--net=${pathOf(namespace)}`,
      '--',
      'unshare',
      '--mount',
      '--uts',
      '--ipc',
      '--pid',
      '--fork',
      '--kill-child',
      '--',
      '/bin/sh',
      '-c',
      SETUP,
      'sh',
      ...command,
    ],
    { stdio: ['pipe', 'pipe', 'pipe'], env: environment(node) },
  )
  return piped(child, (signal) => signalCommand(child, signal))
}

const environment = (node: string): NodeJS.ProcessEnv => ({
  PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  HOME: '/root',
  LANG: 'C.UTF-8',
  TERM: process.env.TERM ?? 'dumb',
  ISTHMUS_NODE: node,
})

/** unshare (the child), its pid 1 (unshare again), the command: both unshares ignore signals, it gets them itself. */
function signalCommand(child: ChildProcess, signal: NodeJS.Signals): void {
  const [first] = childrenOf(child.pid)
  const [command] = childrenOf(first)
  if (signal === 'SIGKILL' || command === undefined) child.kill('SIGKILL')
  else send(command, signal)
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch {
    // It has ended meanwhile.
  }
}
