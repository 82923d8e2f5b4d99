/** Who may log in by ssh, made at the first boot: host keys, the login account's home, and its authorized keys. */
import { LOGIN_ID } from './accounts.ts'
import type { Machine } from './machine.ts'
import { fed } from './shell.ts'

/** The ed25519 key comes last: sshd waits for it. */
export const HOST_KEYS = `
host_keys() {
  if ! command -v ssh-keygen > /dev/null; then
    say 'there is no ssh-keygen on this machine: nobody can log in by ssh'
    return
  fi
  rm -rf /etc/ssh/new
  mkdir /etc/ssh/new
  for type in ecdsa ed25519; do
    ssh-keygen -q -t $type -N '' -C "root@$name" -f /etc/ssh/new/ssh_host_\${type}_key < /dev/null
  done
  mv -f /etc/ssh/new/*.pub /etc/ssh/new/*_ecdsa_key /etc/ssh/new/*_ed25519_key /etc/ssh/
  rm -rf /etc/ssh/new
}

show_host_keys() {
  echo '-----BEGIN SSH HOST KEY FINGERPRINTS-----'
  cat /etc/ssh/ssh_host_*_key.pub | ssh-keygen -l -f -
  echo '-----END SSH HOST KEY FINGERPRINTS-----'
  echo '-----BEGIN SSH HOST KEY KEYS-----'
  cat /etc/ssh/ssh_host_*_key.pub
  echo '-----END SSH HOST KEY KEYS-----'
}
`

/** As images do it: root's login says whose login to use. */
const rootIsTold = (login: string): string =>
  'no-port-forwarding,no-agent-forwarding,no-X11-forwarding,' +
  `command="echo 'Please login as the user \\"${login}\\" rather than the user \\"root\\".';echo;sleep 10;exit 142" `

/** Keys of the image's owner open the login account; root's login with them only says so. */
export const ownersKeys = (login: string, keys: readonly string[]): string[] => [
  fed(`authorize ${login}`, keys.map((key) => `${key}\n`).join('')),
  fed('authorize root', keys.map((key) => `${rootIsTold(login)}${key}\n`).join('')),
]

export const loginAccount = ({ login, publicKey }: Machine): string => `
login_account() {
  home=/home/${login.name}
  [ -d $home ] || { mkdir -p $home && cp -r /etc/skel/. $home; }
  chown -R ${LOGIN_ID}:${LOGIN_ID} $home
  chmod 700 $home
${publicKey === undefined ? '' : ownersKeys(login.name, [publicKey.trim()]).join('\n')}
}
`
