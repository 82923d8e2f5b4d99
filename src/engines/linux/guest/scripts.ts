/**
 * How a guest comes up, in two scripts: the host's part, which sees the host's paths and builds the root file system in
 * a mount namespace of its own; and the guest's part, which runs as the guest's root and can reach nothing else.
 */

/** File descriptors that the scripts are started with. */
export const FD = {
  /** The user namespace. */
  owner: 3,
  /** A pipe: the number of the guest's first process, then `up`. */
  news: 4,
  /** The script that writes the guest's files. */
  files: 5,
  /** A file: how the guest ended. */
  end: 6,
} as const

/** The host's top-level folders with programs; where they are links into /usr, the guest has the same links. */
export const PROGRAM_FOLDERS = ['usr', 'bin', 'sbin', 'lib', 'lib32', 'lib64', 'libx32'] as const
/** The guest's own top-level folders. */
export const OWN_FOLDERS = [
  ...['dev', 'etc', 'home', 'media', 'mnt', 'opt', 'proc', 'root', 'run', 'srv', 'sys', 'tmp', 'var'],
] as const
const DEVICES = ['null', 'zero', 'full', 'random', 'urandom', 'tty']

/** Mounted by the guest's part. */
const DEVICE_MOUNTS = [
  ...DEVICES.map((device) => `/dev/${device} /mnt/dev/${device} none bind 0 0`),
  'devpts /mnt/dev/pts devpts newinstance,ptmxmode=0666,mode=620,gid=5 0 0',
  'tmpfs /mnt/dev/shm tmpfs mode=1777,nosuid,nodev 0 0',
  'proc /mnt/proc proc nosuid,nodev,noexec 0 0',
]
const DEVICE_TABLE = '/mnt/run/isthmus/devices'

/**
 * The host's part. Environment: TABLES, a folder with tables of what is mounted (see `mounts.ts`), FOLDERS and FILES,
 * where the rest of it is mounted, NETNS, CGROUPS, ROOT (the host's id of the guest's root), GUEST (the guest's part).
 * What is mounted here can not be taken apart inside: it is locked.
 */
export const HOST_PART = `
set -eu
for group in $CGROUPS; do echo 0 > "$group/cgroup.procs"; done
mount -n -a -T "$TABLES/ground"
mkdir -p $FOLDERS /mnt/run/isthmus /mnt/run/old
for file in $FILES; do : > $file; done
chown "$ROOT:$ROOT" /mnt/run/isthmus /mnt/run/old
mount -n -a -T "$TABLES/rest"
printf '%s\\n' ${DEVICE_MOUNTS.map((line) => `'${line}'`).join(' ')} > ${DEVICE_TABLE}
cd /
exec nsenter --user=/proc/self/fd/${FD.owner} --net="$NETNS" -- \\
  unshare --mount --uts --ipc --pid --cgroup -- /bin/sh -c "$GUEST"
`

/** The guest's part. Environment: HOSTNAME. Its first child is the guest's process 1. */
export const GUEST_PART = `
(
set -e
mount -n --rbind /mnt /mnt
cd /mnt
mount -n -t tmpfs -o mode=755,nosuid tmpfs dev
for d in ${DEVICES.join(' ')}; do : > dev/$d; done
mkdir dev/pts dev/shm
mount -n -a -T ${DEVICE_TABLE}
ln -s pts/ptmx /proc/self/fd dev/
ln -s /proc/self/fd/0 dev/stdin; ln -s /proc/self/fd/1 dev/stdout; ln -s /proc/self/fd/2 dev/stderr
mkfifo -m 622 dev/console
mount -n -t sysfs -o ro,nosuid,nodev,noexec sysfs sys 2> /dev/null || :
pivot_root . run/old
cd /
umount -n -l run/old
rmdir run/old
hostname "$HOSTNAME" 2> /dev/null || echo "$HOSTNAME" > /proc/sys/kernel/hostname
. /proc/self/fd/${FD.files}
exec ${FD.owner}<&- ${FD.files}<&-
exec env -i PATH=/opt/isthmus/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 \\
  /bin/sh /run/isthmus/init
) &
echo $! >&${FD.news}
`

/** Process 1's own: the console from inside. */
const CONSOLE = 7

/**
 * Process 1: reaps, copies what is written to /dev/console to the console, and ends the guest when it is told to, by
 * TERM from outside or by USR1 from inside. Wishes from inside stand in /run/isthmus/wish.
 *
 * The console is slow, as a serial line is: 64 pieces, then a rest. Who floods it waits, and does not fill the disk.
 */
export const INIT = {
  path: '/run/isthmus/init',
  mode: 0o755,
  text: `#!/bin/sh
end() {
  trap '' TERM USR1
  how=halt
  [ ! -f /run/isthmus/wish ] || read -r how < /run/isthmus/wish
  echo "The system is going down ($how)."
  kill -TERM -1 2> /dev/null
  tenths=0
  while kill -0 -1 2> /dev/null && [ $tenths -lt 20 ]; do sleep 0.1; tenths=$((tenths + 1)); done
  [ "$1" = outside ] || echo "$how" >&${FD.end}
  exit 0
}
trap 'end outside' TERM
trap 'end inside' USR1
trap : HUP INT QUIT PIPE USR2
cd /
echo up >&${FD.news}
exec ${FD.news}>&-
# Kept open, so that writers find a reader also while it rests.
exec ${CONSOLE}<> /dev/console
if [ -x /opt/isthmus/boot ]; then /opt/isthmus/boot > /dev/console 2>&1 ${FD.end}>&- ${CONSOLE}>&- & fi
while :; do
  dd bs=4096 count=64 <&${CONSOLE} 2> /dev/null ${FD.end}>&- ${CONSOLE}>&- &
  wait $!
  sleep 0.1
done
`,
} as const
