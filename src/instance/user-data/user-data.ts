/**
 * User data of an instance, as files of its guest: its stages as shell, and the data itself.
 *
 * Invariants: whatever the user data is, the boot goes on; what is not carried out is named in the log; nothing in it
 * is run anywhere but inside the guest.
 */
import type { GuestFile } from '../../engines/engine.ts'
import { fresh } from '../system/file.ts'
import { FUNCTIONS, STAGES } from '../system/functions.ts'
import type { Machine } from '../system/machine.ts'
import { fed } from '../system/shell.ts'
import { cloudConfig } from './cloud-config.ts'
import { type Part, partsOf, userDataBytes } from './payload.ts'
import { joined, note, type StageName, type Steps, Unfit } from './stage.ts'

/** Stage → its script. The data itself is for root's eyes: it may hold secrets. */
const FILES: Readonly<Record<StageName, string>> = {
  boot: 'boot',
  first: 'first',
  last: 'last',
  bootLast: 'boot-last',
  message: 'message',
  power: 'power',
}

/** `userData` is base64, as it was given. */
export function userDataFiles(userData: string | undefined, machine: Machine): GuestFile[] {
  const steps = joined([KEEP_IT(userData), ...stepsOf(userData ?? '', machine), DONE])
  return Object.entries(FILES).map(([stage, file]) => {
    const lines = steps[stage as StageName]
    // A stage without anything to do is an empty file, for which no shell is started.
    return fresh(`${STAGES}/${file}`, lines.length > 0 ? [`. ${FUNCTIONS}`, ...lines, ''].join('\n') : '', 0o600)
  })
}

const KEEP_IT = (userData: string | undefined): Steps =>
  userData === undefined
    ? {}
    : { first: [fed('put /var/lib/cloud/instance/user-data.txt root:root 0600 new plain', userDataBytes(userData))] }

const DONE: Steps = { message: ['say "boot finished at $(date -R)"'] }

function stepsOf(userData: string, machine: Machine): Steps[] {
  try {
    const parts = partsOf(userDataBytes(userData))
    const configs = parts.filter(({ type }) => type === 'text/cloud-config').map(({ body }) => body)
    const others = parts.filter(({ type }) => type !== 'text/cloud-config')
    // Set-up comes before scripts; and scripts of their own before those that are a key of a cloud-config.
    return [...others.map(partSteps), ...cloudConfig(configs, machine)]
  } catch (error) {
    if (!(error instanceof Unfit)) throw error
    return [{ first: [note(error.message)] }]
  }
}

/** Sort of part → what becomes of it. */
const SORTS: Readonly<Record<string, (part: Part) => Steps>> = {
  'text/x-shellscript': (part) => ({ last: [run(part)] }),
  'text/x-shellscript-per-instance': (part) => ({ last: [run(part)] }),
  'text/x-shellscript-per-once': (part) => ({ last: [run(part)] }),
  'text/x-shellscript-per-boot': (part) => ({ bootLast: [run(part)] }),
  'text/cloud-boothook': (part) => ({ boot: [run({ ...part, body: boothook(part.body) })] }),
}

const partSteps = (part: Part): Steps =>
  SORTS[part.type]?.(part) ?? { first: [note(`${part.name}: ${part.type} is not supported here`)] }

/** With the line ends that the kernel wants, as cloud-init makes them. */
const run = ({ name, body }: Part): string =>
  fed(`part ${name}`, Buffer.from(Buffer.from(body).toString('latin1').replaceAll('\r\n', '\n'), 'latin1'))

/** Its first line only says what it is. */
const boothook = (body: Uint8Array): Uint8Array => {
  const text = Buffer.from(body).toString('latin1')
  const rest = /^#cloud-boothook/i.test(text) ? text.slice(text.indexOf('\n') + 1 || text.length) : text
  return Buffer.from(rest.startsWith('#!') ? rest : `#!/bin/sh\n${rest}`, 'latin1')
}
