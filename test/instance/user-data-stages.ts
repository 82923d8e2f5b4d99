/** Runs a stage of user data on this machine with functions that only note what they were asked. */
import { spawnSync } from 'node:child_process'
import type { StageName } from '../../src/instance/user-data/stage.ts'
import { userDataFiles } from '../../src/instance/user-data/user-data.ts'
import { machine } from './system-machine.ts'

/** A function that was called, its words, and what it was fed. */
export interface Call {
  readonly words: readonly string[]
  readonly input: string
}

/** Words as base64 on one line, then the input on another. */
const NOTED = `
noted() { for w; do printf %s "$w" | base64 -w 0; printf ' '; done; echo; }
fed_to() { noted "$@"; base64 -d | base64 -w 0; echo; }
say() { noted say "$@"; echo; }
part() { fed_to part "$@"; }
put() { fed_to put "$@"; }
authorize() { fed_to authorize "$@"; }
for command in useradd groupadd usermod getent id hostname shutdown chmod chown ln sed; do
  eval "$command() { return 1; }"
done
`

const fileOf = (stage: StageName): string => `/opt/isthmus/user-data/${stage === 'bootLast' ? 'boot-last' : stage}`

export function stageText(userData: string | Uint8Array, stage: StageName): string {
  const files = userDataFiles(Buffer.from(userData).toString('base64'), machine)
  const file = files.find(({ path }) => path === fileOf(stage))
  if (!file) throw new Error(`no stage ${stage}`)
  return file.text
}

/** What a stage calls, in its order, beside keeping the user data itself. */
export function callsOf(userData: string | Uint8Array, stage: StageName): Call[] {
  const script = NOTED + stageText(userData, stage).replace('. /opt/isthmus/functions\n', '')
  const { stdout, stderr, status } = spawnSync('sh', ['-s'], { input: script, encoding: 'utf8' })
  if (stderr || status === null) throw new Error(stderr)
  const decode = (word: string) => Buffer.from(word, 'base64').toString()
  const rows = stdout === '' ? [] : stdout.trimEnd().split('\n')
  const calls = rows.flatMap((row, index): Call[] => {
    if (index % 2 === 1) return []
    return [{ words: row.trimEnd().split(' ').map(decode), input: decode(rows[index + 1] ?? '') }]
  })
  return calls.filter(({ words }) => words[1] !== '/var/lib/cloud/instance/user-data.txt')
}

/** The lines that a stage writes to the log, without what all begin with. */
export const notesOf = (userData: string | Uint8Array, stage: StageName = 'first'): string[] =>
  callsOf(userData, stage)
    .filter(({ words }) => words[0] === 'say')
    .map(({ words }) =>
      words
        .slice(1)
        .join(' ')
        .replace(/^user data: /, ''),
    )
