/** What a user meets on logging in: what this system is, the shell's set-up, and the rules of logging in. */
import type { GuestFile } from '../../engines/engine.ts'
import { fresh, kept, PATH } from './file.ts'
import type { Machine } from './machine.ts'

/** An identity of its own: a tool that took it for the image's system would look for its package manager. */
const release = (image: string): string => `NAME="Isthmus guest"
ID=isthmus
PRETTY_NAME="Isthmus guest in place of ${image}"
`

const motd = (image: string): string =>
  `Isthmus guest in place of ${image}: this machine's own programs, nothing to install.\n`

const profile = `# For login shells.
export PATH=${PATH}
[ -n "$LANG" ] || export LANG=C.UTF-8
export HISTSIZE=1000
umask 022
for file in /etc/profile.d/*.sh; do
  [ ! -r "$file" ] || . "$file"
done
unset file
[ -z "$BASH_VERSION" ] || [ ! -r /etc/bashrc ] || . /etc/bashrc
`

const bashrc = (prompt: string): string => `# For interactive bash.
case $- in
  *i*)
    PS1='${prompt}'
    shopt -s checkwinsize histappend
    alias ls='ls --color=auto' ll='ls -l --color=auto' grep='grep --color=auto'
    ;;
esac
`

const BASH_PROFILE = '[ ! -f ~/.bashrc ] || . ~/.bashrc\n'
const BASHRC = '[ ! -f /etc/bashrc ] || . /etc/bashrc\n'

/** PATH for su and for programs that ask login.defs; numbers as distributions give them. */
const LOGIN_DEFS = `ENV_SUPATH PATH=${PATH}
ENV_PATH PATH=${PATH}
ALWAYS_SET_PATH yes
TTYGROUP tty
TTYPERM 0620
UMASK 022
HOME_MODE 0700
UID_MIN 1000
UID_MAX 60000
SYS_UID_MIN 201
SYS_UID_MAX 999
GID_MIN 1000
GID_MAX 60000
SYS_GID_MIN 201
SYS_GID_MAX 999
CREATE_HOME yes
USERGROUPS_ENAB yes
ENCRYPT_METHOD SHA512
PASS_MAX_DAYS 99999
PASS_MIN_DAYS 0
PASS_WARN_AGE 7
`

export const loginFiles = ({ image, login }: Machine): GuestFile[] => [
  fresh('/etc/os-release', release(image)),
  fresh('/etc/system-release', `Isthmus guest in place of ${image}\n`),
  kept('/etc/motd', motd(image)),
  kept('/etc/profile', profile),
  kept('/etc/bashrc', bashrc(login.prompt)),
  kept('/etc/bash.bashrc', BASHRC),
  kept('/etc/environment', `PATH=${PATH}\nLANG=C.UTF-8\n`),
  kept('/etc/locale.conf', 'LANG=C.UTF-8\n'),
  kept('/etc/login.defs', LOGIN_DEFS),
  kept('/etc/default/useradd', 'GROUP=100\nHOME=/home\nINACTIVE=-1\nEXPIRE=\nSHELL=/bin/bash\nSKEL=/etc/skel\n'),
  ...['/etc/skel', '/root'].flatMap((home) => [
    kept(`${home}/.bash_profile`, BASH_PROFILE),
    kept(`${home}/.bashrc`, BASHRC),
    kept(`${home}/.bash_logout`, ''),
  ]),
]
