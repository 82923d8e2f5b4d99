/** What the page shows: the estate as last read, and what a person has chosen to see of it. */
import { batch, computed, signal } from '@preact/signals'
import { CallError, client } from './api/client.ts'
import { listen } from './api/news.ts'
import { region } from './api/session.ts'
import { labNews } from './labs/open.ts'
import { EMPTY, type Estate, merged } from './estate/estate.ts'
import { movingIn } from './estate/moving.ts'
import type { Changed } from './estate/few.ts'
import { readAfter } from './estate/read.ts'
import { type Choices, foldsOf } from './map/folds.ts'
import { layout } from './map/layout.ts'
import { set } from './parts/set.ts'

export const estate = signal<Estate>(EMPTY)
/** Whether the estate has been read at least once. */
export const isRead = signal(false)
export const failure = signal('')
/** The server verifies signatures, and does not know the keys that sign here. */
export const isForeign = signal(false)
const FOREIGN: ReadonlySet<string> = new Set(['AuthFailure', 'InvalidClientTokenId'])
export const choices = signal<Choices>(new Map())
/** Width by height of the map's window. */
export const ratio = signal(1.4)
/** What a form would make, shown among what there is; its ids have the signs of references to what is not made yet. */
export const preview = signal<Estate>(EMPTY)
export const drawing = computed(() => {
  const shown = merged(estate.value, preview.value)
  return layout(shown, foldsOf(shown, choices.value), ratio.value)
})

/** What stands beside the map: a card of a thing by its id, a form by its name, or nothing. */
export type Aside =
  | { readonly kind: 'card'; readonly id: string }
  | { readonly kind: 'form'; readonly form: FormName; readonly about?: string }
export type FormName = 'vpc' | 'peering' | 'launch' | 'addresses' | 'packet' | 'connect' | 'activity' | 'capture'
export const aside = signal<Aside | undefined>(undefined)
export const hovered = signal('')
/** Things that a text beside the map speaks of: they alone light up. */
export const pointedAt = signal<readonly string[]>([])

export const openCard = (id: string): void => set(aside, { kind: 'card', id })
export const openForm = (form: FormName, about?: string): void =>
  set(aside, { kind: 'form', form, ...(about !== undefined && { about }) })

/** Folds or opens a VPC or a subnet. */
export function fold(id: string, folded: boolean): void {
  choices.value = new Map(choices.value).set(id, folded)
}

let wanted = new Set<string>()
/** Of the kinds in `wanted` of which one knows which. */
let which = new Map<string, Set<string>>()
let everything = true
let reading: Promise<void> | undefined

/** Kind of record → those of it that have changed, where they are few. */
type Ids = Readonly<Record<string, readonly string[]>>

/** Who does not know which of a kind have changed means any of it. */
function want(type: string, ids: readonly string[] | undefined): void {
  const known = which.get(type)
  if (ids && (known || !wanted.has(type))) which.set(type, new Set([...(known ?? []), ...ids]))
  else which.delete(type)
  wanted.add(type)
}

/** Reads what has changed; changes that come meanwhile are read after it, together. */
export function refresh(types: readonly string[] = [], ids: Ids = {}): Promise<void> {
  if (types.length === 0) everything = true
  for (const type of types) want(type, ids[type])
  return begin()
}

function begin(): Promise<void> {
  reading ??= readOn().finally(() => {
    reading = undefined
    // Who asked after the last look, and before this.
    if (everything || wanted.size > 0) void begin()
    else lookAgain()
  })
  return reading
}

const AGAIN_MS = 1000
let again: ReturnType<typeof setTimeout> | undefined

function lookAgain(): void {
  clearTimeout(again)
  const moving = movingIn(estate.value)
  // What could not be read is tried again, all of it.
  if (failure.value && !isForeign.value) again = setTimeout(() => void refresh(), AGAIN_MS)
  else if (moving.length > 0) again = setTimeout(() => void refresh(moving), AGAIN_MS)
}

async function readOn(): Promise<void> {
  while (everything || wanted.size > 0) {
    const types = everything ? [] : [...wanted]
    const changed: Changed = which
    wanted = new Set()
    which = new Map()
    everything = false
    const where = region.value
    try {
      const next = await readAfter(client, estate.value, types, changed)
      if (where === region.value) {
        batch(() => {
          estate.value = next
          isRead.value = true
          failure.value = ''
          isForeign.value = false
        })
      } else everything = true
    } catch (error) {
      failure.value = error instanceof CallError ? error.message : String(error)
      isForeign.value = error instanceof CallError && FOREIGN.has(error.code)
    }
  }
}

/** Another Region is looked at from now on. */
export function lookAt(name: string): void {
  sessionStorage.setItem('isthmus-region', name)
  batch(() => {
    region.value = name
    estate.value = EMPTY
    isRead.value = false
    aside.value = undefined
  })
  void refresh()
}

/** The newest entry of the activity list that the server has told of; goes up when a connection begins, too. */
export const told = signal(0)

/** News of a lab or of a refused call is none of the records'; a piece that says nothing begins a connection. */
export const follow = (): Promise<void> =>
  listen(({ types, ids, lab, activity }) => {
    const begins = types.length === 0 && !lab && activity === undefined
    if (lab || begins) labNews.value += 1
    if (activity !== undefined || begins) told.value = activity ?? told.value + 1
    if (types.length > 0 || begins) void refresh(types, ids)
  })
