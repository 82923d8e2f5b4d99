/** Functions of shell that the boot script and the stages of the user data share. */
import type { GuestFile } from '../../engines/engine.ts'
import { fresh, PATH } from './file.ts'
import type { Machine } from './machine.ts'

/** Stages of the user data, each a script for `sh`: see `user-data/stage.ts`. */
export const STAGES = '/opt/isthmus/user-data'
export const FUNCTIONS = '/opt/isthmus/functions'

const functionsOf = (machine: Machine): string => `# Functions of the boot script and of the user data's stages.
export PATH=${PATH}
export LANG=C.UTF-8
export INSTANCE_ID=${machine.instanceId}
unset HOME

say() { printf 'isthmus: %s\\n' "$*"; }

# USER: adds the public keys on standard input (base64) to those the user may log in with.
authorize() {
  home=$(getent passwd "$1" | cut -d : -f 6)
  [ -n "$home" ] || { say "there is no user $1 to give keys to"; return; }
  mkdir -p "$home/.ssh"
  base64 -d >> "$home/.ssh/authorized_keys"
  chmod 700 "$home/.ssh"
  chmod 600 "$home/.ssh/authorized_keys"
  chown -R "$(id -u "$1"):$(id -g "$1")" "$home/.ssh"
}

# NAME: runs the script on standard input (base64), and says how it ended.
part() {
  file=/var/lib/cloud/instance/scripts/$1
  base64 -d > "$file"
  chmod 700 "$file"
  say "user data: running $1"
  "$file" < /dev/null
  code=$?
  [ $code = 0 ] || say "user data: $1 failed with exit code $code"
}

# FOLDER: runs what can be run in a folder of scripts, by name, and says how it ended.
scripts() {
  for file in /var/lib/cloud/scripts/$1/*; do
    [ -f "$file" ] && [ -x "$file" ] || continue
    say "running $file"
    "$file" < /dev/null
    code=$?
    [ $code = 0 ] || say "$file failed with exit code $code"
  done
}

# PATH OWNER MODE new|append plain|gzip: writes a file from standard input (base64).
put() {
  mkdir -p -- "$(dirname -- "$1")" || return
  [ "$4" = append ] || rm -f -- "$1"
  case $5 in
    gzip) base64 -d | gzip -dc >> "$1" ;;
    *) base64 -d >> "$1" ;;
  esac || { say "user data: $1 could not be written"; return; }
  chmod -- "$3" "$1"
  chown -- "$2" "$1" || say "user data: $1 could not be given to $2"
}
`

export const functionFiles = (machine: Machine): GuestFile[] => [fresh(FUNCTIONS, functionsOf(machine))]
