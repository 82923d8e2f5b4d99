/**
 * What happened in a lab, a line of JSON each, in a file that is only added to.
 *
 * Invariants of this folder: the journal is all that is kept; how far somebody is follows from it.
 */
import { appendFileSync, existsSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ServerEvent } from '../../client/control.ts'
import type { NetworkSeen, Setting } from './network-seen.ts'

/** What a check has come to. */
export type Status = 'passed' | 'failed' | 'skipped'

/** Whether one end reaches the other, and what the analyzer says of it. */
export interface WayJudged {
  readonly from: string
  readonly to: string
  readonly isReachable: boolean
  /** A sentence, and one for each setting in the way. */
  readonly words: readonly string[]
}

/** What can happen. Steps are counted from 1. */
export type Happening =
  | {
      readonly kind: 'started'
      readonly slug: string
      readonly folder: string
      readonly engine: string
      readonly cursor: number
      /** The server's snapshot of what there was before the setup. */
      readonly before?: string
    }
  /** A call of the API or a login, as the server noted it. */
  | { readonly kind: 'event'; readonly event: ServerEvent }
  /** The server has forgotten some of what happened. */
  | { readonly kind: 'missed' }
  /** A check has come to something else than before. */
  | {
      readonly kind: 'check'
      readonly step: number
      readonly id: string
      readonly status: Status
      readonly words: string
      readonly evidence?: string
    }
  /** An expected error is there, or is no longer. */
  | {
      readonly kind: 'error'
      readonly step: number
      readonly id: string
      readonly isMet: boolean
      readonly words: string
      /** When it was met, where that is known: milliseconds since the epoch. */
      readonly since?: number
    }
  /** Somebody asked for a check, and the step was not done. */
  | { readonly kind: 'fail'; readonly step: number }
  | { readonly kind: 'hint'; readonly step: number; readonly index: number }
  /** A command of the solution. */
  | { readonly kind: 'command'; readonly step: number; readonly command: string }
  | { readonly kind: 'solved'; readonly step: number; readonly code: number }
  | { readonly kind: 'passed'; readonly step: number }
  /** What the learner has written below a heading of the report: the last counts. */
  | { readonly kind: 'words'; readonly about: string; readonly text: string }
  /** What there is: at the start (0), and after each step. */
  | { readonly kind: 'network'; readonly step: number; readonly network: NetworkSeen }
  /** A route table, group or ACL is otherwise than it was; `before` is absent where there was none. */
  | {
      readonly kind: 'changed'
      readonly setting: Setting
      readonly before?: readonly string[]
      /** The numbers of the events that made it so. */
      readonly by: readonly number[]
    }
  /** What the analyzer says of a check's ends, in both directions. */
  | { readonly kind: 'verdict'; readonly step: number; readonly id: string; readonly ways: readonly WayJudged[] }
  /** Everything was saved: `snapshot` is its name at the server, `next` the step to be done from there. */
  | {
      readonly kind: 'checkpoint'
      readonly name: string
      readonly snapshot: string
      readonly next: number
      readonly isAutomatic: boolean
    }
  /** Everything is as it was at a checkpoint. */
  | { readonly kind: 'restored'; readonly name: string; readonly snapshot: string }

export type Entry = Happening & {
  /** Milliseconds since the epoch. */
  readonly at: number
}

export interface Journal {
  readonly entries: () => readonly Entry[]
  add(happening: Happening): void
}

/** Below the server's state: what was learnt outlives the network. */
const folderOf = (stateDir: string): string => join(stateDir, 'labs')
const fileOf = (stateDir: string, slug: string): string => join(folderOf(stateDir), `${slug}.jsonl`)
const currentOf = (stateDir: string): string => join(folderOf(stateDir), 'current')

/** The lab that was started last. */
export function currentSlug(stateDir: string): string | undefined {
  const file = currentOf(stateDir)
  return existsSync(file) ? readFileSync(file, 'utf8').trim() : undefined
}

/** The journal of a lab; undefined where it has not been started. */
export function openJournal(stateDir: string, slug: string): Journal | undefined {
  const file = fileOf(stateDir, slug)
  if (!existsSync(file)) return undefined
  let seen = { ino: 0, size: -1 }
  let entries: Entry[] = []
  return {
    entries() {
      // Others write to it, too: the console, a check that watches in another terminal.
      const { ino, size } = statSync(file)
      if (ino !== seen.ino || size !== seen.size) entries = entriesIn(readFileSync(file, 'utf8'))
      seen = { ino, size }
      return entries
    },
    add: (happening) => appendFileSync(file, written(happening)),
  }
}

/** The entries of a journal's text; an event that two have noted is one. */
export function entriesIn(text: string): Entry[] {
  const events = new Set<number>()
  return text.split('\n').flatMap((line) => {
    const entry = entryOf(line)
    if (entry?.kind !== 'event') return entry ?? []
    if (events.has(entry.event.number)) return []
    events.add(entry.event.number)
    return entry
  })
}

/** A line that was cut off when the machine went down is none. */
function entryOf(line: string): Entry | undefined {
  try {
    const entry: unknown = JSON.parse(line)
    return typeof entry === 'object' && entry !== null && 'kind' in entry ? (entry as Entry) : undefined
  } catch {
    return undefined
  }
}

/** A new one, and the lab is the current one; an earlier journal is kept under the time of its end. */
export function newJournal(stateDir: string, slug: string, ...first: readonly Happening[]): Journal {
  const file = fileOf(stateDir, slug)
  mkdirSync(folderOf(stateDir), { recursive: true, mode: 0o700 })
  if (existsSync(file)) renameSync(file, file.replace(/jsonl$/, `${Date.now()}.jsonl`))
  writeFileSync(file, first.map(written).join(''), { mode: 0o600 })
  writeFileSync(currentOf(stateDir), `${slug}\n`)
  return openJournal(stateDir, slug) as Journal
}

const written = (happening: Happening): string => `${JSON.stringify({ at: Date.now(), ...happening })}\n`

/** Makes a lab that was started before the current one again. */
export const makeCurrent = (stateDir: string, slug: string): void => writeFileSync(currentOf(stateDir), `${slug}\n`)
