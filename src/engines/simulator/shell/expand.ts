/** Words → arguments: variables and substitutions take their places. */
import type { Place } from '../commands.ts'
import type { Io } from '../process.ts'
import type { Part, Word } from './parse.ts'

/** What a shell remembers between commands. */
export interface Scope {
  readonly io: Io
  readonly at: Place
  readonly user: string
  readonly variables: Map<string, string>
  /** Of the last command. */
  status: number
  /** The code that `exit` gave. */
  exit: number | undefined
  /** What a script says; how it ended is told to `status`. */
  capture(scope: Scope, script: string, status: (code: number) => void): Promise<string>
}

/** The arguments of a word: what was not quoted is split at blanks. */
export async function expand(scope: Scope, word: Word): Promise<string[]> {
  let current: string | undefined
  const fields: string[] = []
  for (const part of word) {
    const value = await contentOf(scope, part)
    if (part.quoted || 'text' in part) {
      current = (current ?? '') + value
      continue
    }
    const [first = '', ...others] = value.split(/[ \t\n]+/)
    current = value === '' ? current : (current ?? '') + first
    for (const other of others) {
      if (current) fields.push(current)
      current = other
    }
  }
  return current === undefined ? fields : [...fields, current]
}

/** The assignment that a word is, if it is one. */
export async function assignment(scope: Scope, word: Word): Promise<{ name: string; value: string } | undefined> {
  const [first, ...others] = word
  const match = first && 'text' in first && !first.quoted ? /^([A-Za-z_]\w*)=(.*)$/.exec(first.text) : null
  if (!match) return undefined
  const values: string[] = []
  for (const part of others) values.push(await contentOf(scope, part))
  return { name: match[1] as string, value: (match[2] as string) + values.join('') }
}

async function contentOf(scope: Scope, part: Part): Promise<string> {
  if ('text' in part) return part.text
  if ('variable' in part)
    return part.variable === '?' ? String(scope.status) : (scope.variables.get(part.variable) ?? '')
  return scope.capture(scope, part.script, (code) => {
    scope.status = code
  })
}
