/** What became of a snapshot: how much was read, and everything that was not taken as it stands, with the effect. */

/** Why something is noted, in the order in which it is told. */
export const NOTE_KINDS = {
  'not-emulated': 'Not emulated',
  outside: 'Leads outside the snapshot',
  'left-out': 'Left out',
  assumed: 'Assumed, as the snapshot does not say',
  replaced: 'Replaced by what there is here',
  unknown: 'Not known, and not read',
} as const
export type NoteKind = keyof typeof NOTE_KINDS

export interface Note {
  readonly kind: NoteKind
  /** What it is about: `routes to transit gateways`. */
  readonly what: string
  /** What follows from it. */
  readonly effect: string
  readonly count: number
  /** The first few: ids, or places in files. */
  readonly examples: readonly string[]
}

/** An account's Region in the snapshot: resource type → how many there are. */
export interface Contents {
  readonly account: string
  readonly region: string
  readonly counts: Readonly<Record<string, number>>
}

export interface Report {
  readonly files: number
  readonly contents: readonly Contents[]
  readonly notes: readonly Note[]
}

const EXAMPLES = 3

/** Collects notes; those that say the same are counted. */
export class Notes {
  readonly #notes = new Map<string, { note: Note; examples: string[]; count: number }>()

  add(kind: NoteKind, what: string, effect: string, example?: string): void {
    const key = JSON.stringify([kind, what, effect])
    const known = this.#notes.get(key) ?? {
      note: { kind, what, effect, count: 0, examples: [] },
      examples: [],
      count: 0,
    }
    this.#notes.set(key, known)
    known.count++
    if (example !== undefined && known.examples.length < EXAMPLES && !known.examples.includes(example))
      known.examples.push(example)
  }

  /** In the order of their kinds, and then as they came. */
  list(): Note[] {
    const all = [...this.#notes.values()].map(({ note, count, examples }): Note => ({ ...note, count, examples }))
    return Object.keys(NOTE_KINDS).flatMap((kind) => all.filter((note) => note.kind === kind))
  }
}

/** The report as a person reads it. */
export function reportText({ files, contents, notes }: Report): string {
  const groups = Map.groupBy(notes, (note) => note.kind)
  return [
    `${files} ${files === 1 ? 'file' : 'files'} with`,
    ...contents.map((one) => `  ${contentsText(one)}`),
    ...[...groups].flatMap(([kind, some]) => [
      '',
      `${NOTE_KINDS[kind]}:`,
      ...some.map((note) => `  ${noteText(note)}`),
    ]),
  ].join('\n')
}

function contentsText({ account, region, counts }: Contents): string {
  const parts = Object.entries(counts).map(([type, count]) => counted(count, wordsFor(type)))
  return `account ${account}, ${region}: ${parts.join(', ') || 'nothing'}`
}

/** Of options there are sets. */
const counted = (count: number, words: string): string => {
  const [one, more] = words.endsWith('options') ? [`set of ${words}`, `sets of ${words}`] : [words, `${words}s`]
  return `${count} ${count === 1 ? one : more}`
}

/** `vpc-peering-connection` → `VPC peering connection`. */
const wordsFor = (type: string): string =>
  type
    .replaceAll('-', ' ')
    .replace('natgateway', 'NAT gateway')
    .replace('elastic', 'Elastic')
    .replace('egress only', 'egress-only')
    .replaceAll(/\b(vpc|acl|ip|cidr|dhcp)\b/g, (word) => word.toUpperCase())

function noteText({ what, effect, count, examples }: Note): string {
  const more = count > examples.length && examples.length > 0 ? ', ...' : ''
  const where = examples.length > 0 ? ` (${examples.join(', ')}${more})` : ''
  return `${count > 1 ? `${count} times ` : ''}${what}${where}: ${effect}`
}
