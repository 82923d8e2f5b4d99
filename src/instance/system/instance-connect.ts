/**
 * EC2 Instance Connect inside a guest: sshd asks the metadata service which keys are good for a user right now (I1).
 * The paths and the two steps are those of Amazon's package, by which people know it.
 */
import type { GuestFile } from '../../engines/engine.ts'
import { script } from './file.ts'

const FOLDER = '/opt/aws/bin'
/** Called by sshd with a user name and the fingerprint of the key that is offered. */
export const KEYS_COMMAND = `${FOLDER}/eic_run_authorized_keys`

/** Whatever goes wrong, sshd goes on with the keys it has; and a silent service must not hold it up. */
const RUN = `#!/bin/sh
# The keys that EC2 Instance Connect has pushed for a user: at most five seconds, and never a failure.
timeout 5 ${FOLDER}/eic_curl_authorized_keys "$@" 2> /dev/null
exit 0
`

/** bash can open connections itself, so that it works where curl is missing, and starts one process instead of four. */
const ASK = `#!/bin/bash
# Prints the keys that EC2 Instance Connect has pushed for user $1, from the metadata service (version 2).
case $1 in '' | *[!A-Za-z0-9._-]*) exit 1 ;; esac
unset HTTP_PROXY http_proxy

# METHOD PATH HEADER: prints the body of a 200, fails on all else.
ask() {
  local line status
  exec 3<> /dev/tcp/169.254.169.254/80 || return 1
  printf '%s /latest/%s HTTP/1.0\\r\\n%s\\r\\nConnection: close\\r\\n\\r\\n' "$1" "$2" "$3" >&3
  read -r _ status _ <&3
  while IFS= read -r line <&3 && [ -n "\${line%$'\\r'}" ]; do :; done
  [ "$status" = 200 ] && cat <&3
  status=$?
  exec 3>&-
  return $status
}

token=$(ask PUT api/token 'X-aws-ec2-metadata-token-ttl-seconds: 5') || exit 1
[ -n "$token" ] || exit 1
token="X-aws-ec2-metadata-token: $token"

# Keys of another instance, as on a disk that was moved, are not this one's.
instance=$(ask GET meta-data/instance-id "$token") || exit 1
[ "$instance" = "$(cat /var/lib/cloud/data/instance-id)" ] || exit 1

ask GET "meta-data/managed-ssh-keys/active-keys/$1/" "$token" | grep -E '^(ssh|ecdsa|sk)-[a-z0-9@.-]+ '
exit 0
`

export const instanceConnectFiles = (): GuestFile[] => [
  script(KEYS_COMMAND, RUN),
  script(`${FOLDER}/eic_curl_authorized_keys`, ASK),
]
