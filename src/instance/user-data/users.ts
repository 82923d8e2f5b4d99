/** `users` and `groups` of cloud-config: accounts made with the machine's own useradd and groupadd. */
import { fed, word } from '../system/shell.ts'
import { type Fields, fields, flag, isText, line, lines, list, name, names } from './reading.ts'
import { note, type Steps, Unfit } from './stage.ts'

const SUDOERS = '/etc/sudoers.d/90-cloud-init-users'

/** Keys that are carried out; `lock_passwd` is so anyway. */
const KNOWN = [
  ...['name', 'gecos', 'groups', 'primary_group', 'uid', 'homedir', 'shell', 'no_create_home', 'no_user_group'],
  ...['system', 'sudo', 'ssh_authorized_keys', 'ssh-authorized-keys', 'lock_passwd', 'lock-passwd'],
]

/** `default` is the image's own account, which is there in any case. */
export function users(value: unknown): Steps {
  const wanted = typeof value === 'string' ? names(value, 'users') : Array.isArray(value) ? value : [value]
  return { first: wanted.filter((user) => user !== 'default').flatMap(userLines) }
}

function userLines(value: unknown): string[] {
  const user: Fields = isText(value) ? { name: value } : fields(value, 'a user')
  const who = name(user.name, 'the name of a user')
  const unknown = Object.keys(user).filter((key) => !KNOWN.includes(key))
  return [
    ...unknown.map((key) => note(`users: ${who}: ${key} is not supported here`)),
    `id -u ${who} > /dev/null 2>&1 || useradd ${options(user).join(' ')} ${who} ||`,
    `  ${note(`${who} could not be added`)}`,
    ...groupLines(user, who),
    ...sudoLines(user.sudo, who),
    ...keyLines(user.ssh_authorized_keys ?? user['ssh-authorized-keys'], who),
  ]
}

/** Option → the field that it takes. */
const OPTIONS: Readonly<Record<string, string>> = {
  '--comment': 'gecos',
  '--uid': 'uid',
  '--home-dir': 'homedir',
  '--gid': 'primary_group',
}

function options(user: Fields): string[] {
  const taken = Object.entries(OPTIONS).filter(([, field]) => isText(user[field]))
  return [
    ...taken.flatMap(([option, field]) => [option, word(line(user[field], field))]),
    ...['--shell', word(isText(user.shell) ? line(user.shell, 'shell') : '/bin/bash')],
    flag(user.no_create_home) || flag(user.system) ? '--no-create-home' : '--create-home',
    ...(flag(user.system) ? ['--system'] : []),
    ...(isText(user.primary_group) || flag(user.no_user_group) ? [] : ['--user-group']),
    // An account that is locked with `!` could not be logged in to with a key either.
    "--password '*'",
  ]
}

function groupLines({ groups: value }: Fields, who: string): string[] {
  if (value === undefined || value === null) return []
  const wanted =
    Array.isArray(value) || typeof value === 'string' ? names(value, 'groups') : Object.keys(fields(value, 'groups'))
  return wanted.flatMap((group) => [ensureGroup(name(group, 'a group')), `usermod --append --groups ${group} ${who}`])
}

const ensureGroup = (group: string): string => `getent group ${group} > /dev/null || groupadd ${group}`

function sudoLines(value: unknown, who: string): string[] {
  if (value === undefined || value === null || value === false) return []
  const rules = lines(value, 'sudo').map((rule) => `${who} ${rule}`)
  return rules.map((rule) => `printf '%s\\n' ${word(rule)} >> ${SUDOERS}`)
}

function keyLines(value: unknown, who: string): string[] {
  return value === undefined || value === null ? [] : [authorized(who, lines(value, 'ssh_authorized_keys'))]
}

/** Lets those with the keys log in as `who`. */
const authorized = (who: string, keys: readonly string[]): string =>
  fed(`authorize ${who}`, keys.map((key) => `${key}\n`).join(''))

/** `- name` or `- name: [members]`. */
export function groups(value: unknown): Steps {
  const wanted =
    typeof value === 'string' ? names(value, 'groups') : list(Array.isArray(value) ? value : [value], 'groups')
  const of = (group: unknown): string[] => {
    if (isText(group)) return [ensureGroup(name(group, 'a group'))]
    return Object.entries(fields(group, 'a group')).flatMap(([group, members]) => [
      ensureGroup(name(group, 'a group')),
      ...(members === null ? [] : names(members, 'members')).map((who) => `usermod --append --groups ${group} ${who}`),
    ])
  }
  if (wanted.length === 0) throw new Unfit('there is no group in it')
  return { first: wanted.flatMap(of) }
}
