/** Who is known in a guest: users, groups, and what each may do as root. */
import type { GuestFile } from '../../engines/engine.ts'
import { kept, PATH } from './file.ts'
import type { Login, Machine } from './machine.ts'

interface User {
  readonly name: string
  readonly id: number
  readonly comment?: string
  readonly home: string
  readonly shell: string
}

const NOLOGIN = '/usr/sbin/nologin'
/** The account that images log in to, under every name it has. */
export const LOGIN_ID = 1000

/** System users as distributions have them; `sshd` and `ec2-instance-connect` are named by sshd's own settings. */
const SYSTEM_USERS: readonly User[] = [
  { name: 'root', id: 0, comment: 'root', home: '/root', shell: '/bin/bash' },
  { name: 'bin', id: 1, home: '/bin', shell: NOLOGIN },
  { name: 'daemon', id: 2, home: '/sbin', shell: NOLOGIN },
  { name: 'mail', id: 8, home: '/var/spool/mail', shell: NOLOGIN },
  { name: 'www-data', id: 33, home: '/var/www', shell: NOLOGIN },
  { name: 'apache', id: 48, home: '/usr/share/httpd', shell: NOLOGIN },
  { name: 'sshd', id: 74, comment: 'Privilege-separated SSH', home: '/run/sshd', shell: NOLOGIN },
  { name: 'tcpdump', id: 72, home: '/', shell: NOLOGIN },
  { name: 'ec2-instance-connect', id: 980, home: '/', shell: NOLOGIN },
  { name: 'nobody', id: 65534, comment: 'Kernel Overflow User', home: '/', shell: NOLOGIN },
]

/** Group → id, beside one for each user; `tty` is the group that terminals belong to. */
const GROUPS: Readonly<Record<string, number>> = {
  ...{ sys: 3, adm: 4, tty: 5, disk: 6, mem: 9, kmem: 10, wheel: 11, man: 15, sudo: 27, utmp: 43, shadow: 42 },
  ...{ users: 100, 'systemd-journal': 190, nogroup: 65533 },
}

/** ec2-user is a second name of the account where the image calls it otherwise, so that every guide's name works. */
const namesOf = ({ name }: Login): string[] => [...new Set([name, 'ec2-user'])]

function usersOf({ login }: Machine): User[] {
  const home = `/home/${login.name}`
  const own = namesOf(login).map((name) => ({ name, id: LOGIN_ID, comment: login.comment, home, shell: '/bin/bash' }))
  return [...SYSTEM_USERS, ...own]
}

const passwd = (users: readonly User[]): string =>
  users.map(({ name, id, comment = '', home, shell }) => `${name}:x:${id}:${id}:${comment}:${home}:${shell}\n`).join('')

function groups(users: readonly User[], login: Login): string {
  const own = users.filter(({ name, id }) => id !== LOGIN_ID || name === login.name).map(({ name, id }) => [name, id])
  return [...own, ...Object.entries(GROUPS)]
    .map(([name, id]) => `${name}:x:${id}:${login.groups.includes(`${name}`) ? namesOf(login).join(',') : ''}\n`)
    .join('')
}

/** No password opens an account; a locked one (`!`) sshd would refuse even with a key. */
const shadow = (users: readonly User[]): string => users.map(({ name }) => `${name}:*:20000:0:99999:7:::\n`).join('')

const gshadow = (group: string): string =>
  group.replaceAll(/^([^:]+):x:\d+:(.*)$/gm, (_, name: string, members: string) => `${name}:*::${members}`)

/** `!fqdn`: a name server that is switched off must not hold up every command. */
const SUDOERS = `Defaults !fqdn, env_reset, !requiretty
Defaults secure_path = "${PATH}"
Defaults env_keep += "LANG LC_ALL LC_CTYPE COLORTERM"
root ALL=(ALL:ALL) ALL
%wheel ALL=(ALL:ALL) ALL
%sudo ALL=(ALL:ALL) ALL
#includedir /etc/sudoers.d
`

/** Its plugins are the host's, and so belong to nobody inside; in this mode it takes them all the same. */
const SUDO_CONF = 'Set developer_mode true\n'

export function accountFiles(machine: Machine): GuestFile[] {
  const users = usersOf(machine)
  const group = groups(users, machine.login)
  const rights = namesOf(machine.login).map((name) => `${name} ALL=(ALL) NOPASSWD:ALL\n`)
  return [
    kept('/etc/passwd', passwd(users)),
    kept('/etc/group', group),
    kept('/etc/shadow', shadow(users), 0o600),
    kept('/etc/gshadow', gshadow(group), 0o600),
    kept('/etc/shells', '/bin/sh\n/bin/bash\n/usr/bin/sh\n/usr/bin/bash\n'),
    kept('/etc/sudoers', SUDOERS, 0o440),
    kept('/etc/sudo.conf', SUDO_CONF),
    kept('/etc/sudoers.d/90-cloud-init-users', rights.join(''), 0o440),
  ]
}
