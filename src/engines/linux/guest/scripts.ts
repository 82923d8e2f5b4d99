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

/** Folders of the host that programs in /usr need beside it. They appear below /run/host/etc, and links lead there. */
const BESIDE_USR = ['alternatives', 'ssl', 'pki', 'crypto-policies', 'ca-certificates', 'ld.so.cache', 'ld.so.conf.d']
/** The host's top-level folders with programs; where they are links into /usr, the guest has the same links. */
export const PROGRAM_FOLDERS = ['usr', 'bin', 'sbin', 'lib', 'lib32', 'lib64', 'libx32'] as const
/** The guest's own top-level folders. */
export const OWN_FOLDERS = [
  ...['dev', 'etc', 'home', 'media', 'mnt', 'opt', 'proc', 'root', 'run', 'srv', 'sys', 'tmp', 'var'],
] as const
const DEVICES = ['null', 'zero', 'full', 'random', 'urandom', 'tty']

/**
 * The host's part. Environment: DISK, PROGRAMS (own copies of programs), NETNS, CGROUPS, ROOT (the host's id of the
 * guest's root), GUEST (the guest's part). Mounts made here can not be taken apart inside: they are locked.
 */
export const HOST_PART = `
set -eu
for group in $CGROUPS; do echo 0 > "$group/cgroup.procs"; done
mount -n --make-rprivate /
mount -n --bind "$DISK" /mnt
for d in ${PROGRAM_FOLDERS.join(' ')}; do
  [ -d "/mnt/$d" ] && [ ! -h "/mnt/$d" ] && [ ! -h "/$d" ] || continue
  mount -n --bind "/$d" "/mnt/$d"
  mount -n -o remount,bind,ro,nodev "/mnt/$d"
done
for f in "$PROGRAMS"/*; do
  name=\${f##*/}
  for d in /usr/bin /usr/sbin; do
    [ -f "$d/$name" ] || continue
    mount -n --bind "$f" "/mnt$d/$name"
    # All guests share the copy: none may write to it, though it belongs to their root.
    mount -n -o remount,bind,ro,nodev "/mnt$d/$name"
  done
done
[ -d /mnt/run ] && [ ! -h /mnt/run ]
mount -n -t tmpfs -o mode=755,nosuid,nodev,uid=$ROOT,gid=$ROOT tmpfs /mnt/run
mkdir -p /mnt/run/host/etc /mnt/run/isthmus /mnt/run/old
chown "$ROOT:$ROOT" /mnt/run/isthmus /mnt/run/old
for name in ${BESIDE_USR.join(' ')}; do
  [ -e "/etc/$name" ] || continue
  if [ -d "/etc/$name" ]; then mkdir "/mnt/run/host/etc/$name"; else : > "/mnt/run/host/etc/$name"; fi
  mount -n --bind "/etc/$name" "/mnt/run/host/etc/$name"
  mount -n -o remount,bind,ro,nosuid,nodev "/mnt/run/host/etc/$name"
done
cd /
exec nsenter --user=/proc/self/fd/${FD.owner} --net="$NETNS" -- \\
  unshare --mount --uts --ipc --pid --cgroup -- /bin/sh -c "$GUEST"
`

/** The guest's part. Environment: HOSTNAME. Its first child is the guest's process 1. */
export const GUEST_PART = `
(
set -e
mount -n --make-rprivate /
mount -n --rbind /mnt /mnt
cd /mnt
mount -n -t tmpfs -o mode=755,nosuid tmpfs dev
for d in ${DEVICES.join(' ')}; do : > dev/$d; mount -n --bind /dev/$d dev/$d; done
mkdir dev/pts dev/shm
mount -n -t devpts -o newinstance,ptmxmode=0666,mode=620,gid=5 devpts dev/pts
mount -n -t tmpfs -o mode=1777,nosuid,nodev tmpfs dev/shm
ln -s pts/ptmx dev/ptmx; ln -s /proc/self/fd dev/fd
ln -s /proc/self/fd/0 dev/stdin; ln -s /proc/self/fd/1 dev/stdout; ln -s /proc/self/fd/2 dev/stderr
mkfifo -m 622 dev/console
mount -n -t proc -o nosuid,nodev,noexec proc proc
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

/**
 * Process 1: reaps, copies what is written to /dev/console to the console, and ends the guest when it is told to, by
 * TERM from outside or by USR1 from inside. Wishes from inside stand in /run/isthmus/wish.
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
if [ -x /opt/isthmus/boot ]; then /opt/isthmus/boot ${FD.end}>&- & fi
while :; do
  cat <> /dev/console ${FD.end}>&- &
  wait $!
done
`,
} as const
