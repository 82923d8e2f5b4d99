/** What a guest does when it comes up: the script that process 1 runs, as root, with its output on the console. */
import type { GuestFile } from '../../engines/engine.ts'
import { HOST_KEYS, loginAccount } from './account-set-up.ts'
import { script } from './file.ts'
import { FUNCTIONS, functionFiles, STAGES } from './functions.ts'
import type { Machine } from './machine.ts'

/** Folders and files that programs expect; what the host's programs need from its /etc is below /run/host/etc. */
const GROUND = `
ln -s /run/host/etc/* /etc/ 2> /dev/null
[ -e /etc/mtab ] || ln -s /proc/self/mounts /etc/mtab
[ -e /etc/localtime ] || [ -h /etc/localtime ] || ln -s /usr/share/zoneinfo/UTC /etc/localtime
mkdir -p /run/sshd /run/lock /run/sudo /run/cloud-init /var/lib/cloud/data \\
  /var/lib/cloud/instance/scripts /var/lib/cloud/instance/sem /var/lib/cloud/scripts/per-boot \\
  /var/lib/cloud/scripts/per-instance /var/lib/cloud/scripts/per-once /var/log /var/lib /var/cache \\
  /var/spool/mail /var/www /etc/ssh/sshd_config.d /etc/profile.d
[ -e /var/run ] || ln -s /run /var/run
[ -e /var/lock ] || ln -s /run/lock /var/lock
[ -e /var/mail ] || ln -s spool/mail /var/mail
for file in /run/utmp /var/log/wtmp /var/log/lastlog /var/log/btmp; do [ -e $file ] || : > $file; done
chgrp utmp /run/utmp /var/log/wtmp /var/log/lastlog /var/log/btmp
chmod 664 /run/utmp /var/log/wtmp /var/log/lastlog
chmod 660 /var/log/btmp
# Anybody may ping: capabilities of the host's programs do not count inside.
echo '0 65535' > /proc/sys/net/ipv4/ping_group_range
read -r name < /etc/hostname && hostname "$name"
`

/** Programs that user data starts may hold the log open for as long as they run: nothing waits for that. */
const LOG = `
mkfifo -m 600 /run/isthmus/log
tee -a /var/log/cloud-init-output.log < /run/isthmus/log &
exec > /run/isthmus/log 2>&1
rm -f /run/isthmus/log
`

/** A stage counts as done when it begins: user data that reboots must not do so for ever. */
const ONCE = `
is_new() {
  done=
  [ ! -e /var/lib/cloud/instance/sem/$1 ] || read -r done < /var/lib/cloud/instance/sem/$1
  [ "$done" != "$INSTANCE_ID" ]
}
stage() { [ ! -s ${STAGES}/$1 ] || sh ${STAGES}/$1; }
mark() { echo "$INSTANCE_ID" > /var/lib/cloud/instance/sem/$1; }
once() {
  is_new $1 || return
  mark $1
  stage $1
}
`

const bootOf = (machine: Machine): string => `#!/bin/sh
umask 022
. ${FUNCTIONS}
cd /
${GROUND}${LOG}${HOST_KEYS}${loginAccount(machine)}${ONCE}
say "$INSTANCE_ID starts at $(date -R), in place of ${machine.image}"
echo "$INSTANCE_ID" > /var/lib/cloud/data/instance-id
if is_new account; then
  login_account
  host_keys
  mark account
fi
stage boot
once first
show_host_keys
if is_new scripts; then
  mark scripts
  scripts per-once
  scripts per-instance
fi
scripts per-boot
once last
stage boot-last
echo "$INSTANCE_ID" > /var/lib/cloud/instance/boot-finished
date -R > /run/cloud-init/result.json
stage message
read -r name < /proc/sys/kernel/hostname
printf '\\n%s login: \\n' "$name"
once power
`

/** Scripts ask for it to wait until the user data is done; the rest of cloud-init is not there. */
const CLOUD_INIT = `#!/bin/sh
# cloud-init status [--wait]
if [ "$1" = status ]; then
  while [ "$2" = --wait ] && [ ! -e /run/cloud-init/result.json ]; do sleep 0.2; done
  if [ -e /run/cloud-init/result.json ]; then echo 'status: done'; else echo 'status: running'; fi
  exit 0
fi
echo 'cloud-init: an Isthmus guest carries user data out by itself; only "status" is there.' >&2
exit 1
`

export const bootFiles = (machine: Machine): GuestFile[] => [
  script('/opt/isthmus/boot', bootOf(machine), 0o755),
  script('/opt/isthmus/bin/cloud-init', CLOUD_INIT),
  ...functionFiles(machine),
]
