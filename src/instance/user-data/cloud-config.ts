/** A useful part of cloud-config: each top-level key that is known becomes shell; each other one a line in the log. */
import { parseDocument } from 'yaml'
import { ownersKeys } from '../system/account-set-up.ts'
import type { Machine } from '../system/machine.ts'
import { fed, word } from '../system/shell.ts'
import { fields, flag, isText, line, lines, list, text } from './reading.ts'
import { note, type Steps, Unfit } from './stage.ts'
import { groups, users } from './users.ts'
import { writeFiles } from './write-files.ts'

type Config = Readonly<Record<string, unknown>>
type Key = (value: unknown, machine: Machine, config: Config) => Steps

const NOTHING: Steps = {}
const nothing: Key = () => NOTHING
function refuse(why: string): never {
  throw new Unfit(why)
}
const NO_PASSWORDS = 'nobody has a password here; keys open accounts'
const NO_PACKAGES = "nothing can be installed here; the instance has this machine's own programs"

/** In the order in which they take effect. */
const KEYS: Readonly<Record<string, Key>> = {
  bootcmd: (value) => ({ boot: [fed('part bootcmd', commands(value, 'bootcmd'))] }),
  write_files: writeFiles,
  hostname: (value, _, config) => (config.fqdn === undefined ? rename(line(value, 'hostname'), config) : NOTHING),
  fqdn: (value, _, config) => rename(line(value, 'fqdn'), config),
  preserve_hostname: nothing,
  prefer_fqdn_over_hostname: nothing,
  manage_etc_hosts: (value) => ({ first: flag(value) || value === 'localhost' ? [OWN_ADDRESS] : [] }),
  groups,
  users,
  user: users,
  ssh_authorized_keys: (value, { login }) => ({ first: ownersKeys(login.name, lines(value, 'it')) }),
  disable_root: (value) => ({ first: flag(value) ? [] : [ROOT_MAY] }),
  ssh_pwauth: (value) => (flag(value) || value === 'yes' ? refuse(NO_PASSWORDS) : NOTHING),
  password: () => refuse(NO_PASSWORDS),
  chpasswd: () => refuse(NO_PASSWORDS),
  timezone: (value) => ({ first: [zone(line(value, 'it'))] }),
  ntp: () => refuse("the clock is this machine's, and set there"),
  package_update: (value) => (flag(value) ? refuse(NO_PACKAGES) : NOTHING),
  package_upgrade: (value) => (flag(value) ? refuse(NO_PACKAGES) : NOTHING),
  packages: () => refuse(NO_PACKAGES),
  runcmd: (value) => ({ last: [fed('part runcmd', commands(value, 'runcmd'))] }),
  power_state: powerState,
  final_message: (value) => ({ message: [message(text(value, 'it'))] }),
}

/** Parts in their order: a key of a later one takes the place of the same key of an earlier one. */
export function cloudConfig(parts: readonly Uint8Array[], machine: Machine): Steps[] {
  const read = parts.map(configOf)
  const config: Config = Object.assign({}, ...read.map((r) => r.config))
  const known = Object.keys(KEYS).filter((key) => Object.hasOwn(config, key))
  const unknown = Object.keys(config).filter((key) => !Object.hasOwn(KEYS, key))
  return [
    { first: read.flatMap((r) => r.notes) },
    { first: unknown.map((key) => note(`${key} is not supported here`)) },
    ...known.map((key) => stepsOf(key, config, machine)),
  ]
}

function stepsOf(key: string, config: Config, machine: Machine): Steps {
  try {
    return (KEYS[key] as Key)(config[key], machine, config)
  } catch (error) {
    if (!(error instanceof Unfit)) throw error
    return { first: [note(`${key}: ${error.message}`)] }
  }
}

/** By YAML 1.1, as cloud-init reads it: `0644` is octal, `yes` is true. */
function configOf(bytes: Uint8Array): { config: Config; notes: string[] } {
  const unread = (why: string) => ({ config: {}, notes: [note(`this cloud-config can not be read: ${why}`)] })
  try {
    const document = parseDocument(Buffer.from(bytes).toString('utf8'), {
      version: '1.1',
      uniqueKeys: false,
      logLevel: 'silent',
    })
    const [error] = document.errors
    if (error) return unread(error.message.split('\n', 1)[0] ?? '')
    const value: unknown = document.toJS({ maxAliasCount: 100 })
    return { config: value === null ? {} : fields(value, 'it'), notes: [] }
  } catch (error) {
    return unread((error as Error).message)
  }
}

/** A text is for the shell; a list is a command and its arguments. */
function commands(value: unknown, what: string): Uint8Array {
  const script = list(value, what).map((item) => {
    if (Array.isArray(item)) return item.map((argument) => word(argumentOf(argument, what))).join(' ')
    return item === null ? '' : text(item, what)
  })
  return Buffer.from(['#!/bin/sh', ...script, ''].join('\n'))
}

const argumentOf = (value: unknown, what: string): string =>
  typeof value === 'boolean' ? `${value}` : text(value, what)

function rename(full: string, config: Config): Steps {
  if (flag(config.preserve_hostname)) return NOTHING
  if (!/^[A-Za-z0-9]([A-Za-z0-9.-]{0,62})$/.test(full)) throw new Unfit(`${JSON.stringify(full)} is no host name`)
  const name = flag(config.prefer_fqdn_over_hostname) ? full : full.replace(/\..*/, '')
  return { first: [`echo ${word(name)} > /etc/hostname`, `hostname ${word(name)}`] }
}

const OWN_ADDRESS = 'printf \'127.0.1.1 %s\\n\' "$(hostname)" >> /etc/hosts'
/** Takes away the answer that root's keys lead to. */
const ROOT_MAY =
  "[ ! -f /root/.ssh/authorized_keys ] || sed -i 's/^no-port-forwarding.*exit 142\" //' /root/.ssh/authorized_keys"

function zone(name: string): string {
  if (!/^[A-Za-z0-9_+/-]+$/.test(name)) throw new Unfit(`${JSON.stringify(name)} is no time zone`)
  const file = `/usr/share/zoneinfo/${name}`
  return `if [ -e ${file} ]; then ln -sfn ${file} /etc/localtime; else ${note(`there is no time zone ${name}`)}; fi`
}

function powerState(value: unknown): Steps {
  const { mode, delay = 'now', condition } = fields(value, 'it')
  if (condition !== undefined && condition !== true) throw new Unfit('a condition is not supported here')
  const option = { poweroff: '-P', halt: '-H', reboot: '-r' }[`${mode}`]
  if (!option) throw new Unfit(`the mode ${JSON.stringify(mode)} is not known`)
  const when = isText(delay) && /^\d+$/.test(`${delay}`) ? `+${delay}` : text(delay, 'delay')
  return { power: [`shutdown ${option} ${word(when)}`] }
}

/** `$UPTIME`, `$TIMESTAMP`, `$VERSION` and `$DATASOURCE` stand for what they say, in either case. */
function message(template: string): string {
  const values: Readonly<Record<string, string>> = {
    uptime: '"$(ps -o etimes= -p 1 | tr -d " ")"',
    timestamp: '"$(date -R)"',
    version: "'Isthmus'",
    datasource: "'DataSourceEc2'",
  }
  const pieces = template.split(/\$\{?(uptime|timestamp|version|datasource)\b\}?/i)
  const words = pieces.map((piece, index) => (index % 2 === 1 ? values[piece.toLowerCase()] : word(piece)))
  return `printf '%s\\n' ${words.join('')}`
}
