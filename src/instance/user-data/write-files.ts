/** `write_files` of cloud-config. */
import { fed, word } from '../system/shell.ts'
import { fields, flag, isText, text } from './reading.ts'
import { note, type Steps, Unfit } from './stage.ts'

/** Name of an encoding → what is to be undone. */
const ENCODINGS: Readonly<Record<string, { readonly base64: boolean; readonly gzip: boolean }>> = {
  '': { base64: false, gzip: false },
  'text/plain': { base64: false, gzip: false },
  b64: { base64: true, gzip: false },
  base64: { base64: true, gzip: false },
  gz: { base64: false, gzip: true },
  gzip: { base64: false, gzip: true },
  'gz+b64': { base64: true, gzip: true },
  'gzip+b64': { base64: true, gzip: true },
  'gz+base64': { base64: true, gzip: true },
  'gzip+base64': { base64: true, gzip: true },
}

/** Each file for itself: one that is wrong does not keep the others from being written. */
export function writeFiles(value: unknown): Steps {
  if (!Array.isArray(value)) throw new Unfit('it is not a list')
  const first: string[] = []
  const last: string[] = []
  for (const entry of value) {
    try {
      const { command, deferred } = fileStep(entry)
      ;(deferred ? last : first).push(command)
    } catch (error) {
      if (!(error instanceof Unfit)) throw error
      first.push(note(`write_files: ${error.message}`))
    }
  }
  return { first, last }
}

function fileStep(entry: unknown): { command: string; deferred: boolean } {
  const file = fields(entry, 'a file')
  const path = `/${text(file.path, 'path').trim()}`.replace(/^\/+/, '/')
  if (path === '/') throw new Unfit('a file has no path')
  if (file.source !== undefined) throw new Unfit(`${path}: there is no internet to fetch it from`)
  const encoding = ENCODINGS[isText(file.encoding) ? `${file.encoding}`.toLowerCase() : '']
  if (!encoding) throw new Unfit(`${path}: the encoding ${JSON.stringify(file.encoding)} is not known`)
  const owner = file.owner === undefined ? 'root:root' : text(file.owner, 'owner')
  const words = [word(path), word(owner), modeOf(file.permissions), flag(file.append) ? 'append' : 'new']
  const command = `put ${words.join(' ')} ${encoding.gzip ? 'gzip' : 'plain'}`
  return { command: fed(command, contentOf(file.content, encoding.base64)), deferred: flag(file.defer) }
}

function contentOf(content: unknown, base64: boolean): Uint8Array {
  if (content instanceof Uint8Array)
    return base64 ? Buffer.from(Buffer.from(content).toString('latin1'), 'base64') : content
  if (content === undefined || content === null) return new Uint8Array()
  const string = isText(content) || typeof content === 'boolean' ? `${content}` : text(content, 'content')
  return Buffer.from(string, base64 ? 'base64' : 'utf8')
}

/** A number is the mode itself, as YAML reads `0644`; a text has its octal digits. */
function modeOf(permissions: unknown): string {
  if (permissions === undefined || permissions === null) return '0644'
  if (typeof permissions === 'number' && permissions >= 0 && permissions <= 0o7777) return `0${permissions.toString(8)}`
  const digits = /^(?:0o)?([0-7]{1,5})$/.exec(text(permissions, 'permissions').trim())?.[1]
  if (!digits) throw new Unfit(`the permissions ${JSON.stringify(permissions)} are not octal`)
  return digits
}
