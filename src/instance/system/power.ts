/** Commands that end or restart a guest: process 1 takes a wish from a file and a signal. */
import type { GuestFile } from '../../engines/engine.ts'
import { script } from './file.ts'

const FOLDER = '/opt/isthmus/bin'

/** WISH [SECONDS]: what the other commands are made of. */
const WISH = `#!/bin/sh
# Asks process 1 to end this instance: halt or reboot.
if [ "$(id -u)" != 0 ]; then
  echo "\${2:-$1}: only root may do this. Try sudo." >&2
  exit 1
fi
echo "$1" > /run/isthmus/wish
kill -USR1 1
`

const now = (name: string, wish: 'halt' | 'reboot'): GuestFile =>
  script(`${FOLDER}/${name}`, `#!/bin/sh\nexec /opt/isthmus/wish ${wish} ${name}\n`)

const SHUTDOWN = `#!/bin/sh
# shutdown [-h|-P|-H|-r|-c] [now|+MINUTES|HH:MM] [message]
timer=/run/isthmus/shutdown
wish=halt
cancel=
while :; do
  case $1 in
    -r | --reboot) wish=reboot ;;
    -h | -P | -H | --poweroff | --halt) wish=halt ;;
    -c) cancel=yes ;;
    -k | --help) echo 'usage: shutdown [-h|-P|-H|-r|-c] [now|+MINUTES|HH:MM] [message]'; exit 0 ;;
    -*) ;;
    *) break ;;
  esac
  shift
done
if [ "$(id -u)" != 0 ]; then
  echo 'shutdown: only root may do this. Try sudo.' >&2
  exit 1
fi
if [ -f $timer ]; then
  kill "$(cat $timer)" 2> /dev/null
  rm -f $timer
fi
[ -z "$cancel" ] || exit 0
case \${1:-+1} in
  now | +0 | 0) exec /opt/isthmus/wish $wish ;;
  +*[!0-9]* | +) echo "shutdown: $1 is no time" >&2; exit 1 ;;
  +*) seconds=$((\${1:-+1} * 60)) ;;
  *)
    at=$(date -d "$1" +%s 2> /dev/null) || { echo "shutdown: $1 is no time" >&2; exit 1; }
    seconds=$((at - $(date +%s)))
    [ $seconds -gt 0 ] || seconds=$((seconds + 86400))
    ;;
esac
setsid sh -c 'sleep "$1"; exec /opt/isthmus/wish "$2"' sh $seconds $wish < /dev/null > /dev/null 2>&1 &
echo $! > $timer
echo "Shutdown ($wish) at $(date -d "@$(($(date +%s) + seconds))" '+%Y-%m-%d %H:%M:%S %Z'); shutdown -c cancels it."
`

/** There is no systemd inside; of its command, what ends the machine works, and the rest says what is so. */
const SYSTEMCTL = `#!/bin/sh
for word; do
  case $word in
    poweroff | halt | reboot) exec /opt/isthmus/bin/$word ;;
  esac
done
echo 'systemctl: there is no systemd in an Isthmus guest. Start programs themselves.' >&2
exit 1
`

export const powerFiles = (): GuestFile[] => [
  script('/opt/isthmus/wish', WISH),
  now('poweroff', 'halt'),
  now('halt', 'halt'),
  now('reboot', 'reboot'),
  script(`${FOLDER}/shutdown`, SHUTDOWN),
  script(`${FOLDER}/systemctl`, SYSTEMCTL),
]
