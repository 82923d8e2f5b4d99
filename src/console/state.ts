/** What the page shows: the estate as last read, and what a person has chosen to see of it. */
import { batch, computed, signal } from '@preact/signals'
import { CallError, client } from './api/client.ts'
import { listen } from './api/news.ts'
import { region } from './api/session.ts'
import { EMPTY, type Estate, merged } from './estate/estate.ts'
import { movingIn } from './estate/moving.ts'
import { partsOf, reread } from './estate/read.ts'
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
export type FormName = 'vpc' | 'peering' | 'launch' | 'addresses' | 'packet'
export const aside = signal<Aside | undefined>(undefined)
export const hovered = signal('')

export const openCard = (id: string): void => set(aside, { kind: 'card', id })
export const openForm = (form: FormName, about?: string): void =>
  set(aside, { kind: 'form', form, ...(about !== undefined && { about }) })

/** Folds or opens a VPC or a subnet. */
export function fold(id: string, folded: boolean): void {
  choices.value = new Map(choices.value).set(id, folded)
}

let wanted = new Set<string>()
let everything = true
let reading: Promise<void> | undefined

/** Reads what has changed; changes that come meanwhile are read after it, together. */
export function refresh(types: readonly string[] = []): Promise<void> {
  if (types.length === 0) everything = true
  for (const type of types) wanted.add(type)
  reading ??= readOn().finally(() => {
    reading = undefined
    lookAgain()
  })
  return reading
}

const AGAIN_MS = 1000
let again: ReturnType<typeof setTimeout> | undefined

function lookAgain(): void {
  clearTimeout(again)
  const moving = movingIn(estate.value)
  if (moving.length > 0) again = setTimeout(() => void refresh(moving), AGAIN_MS)
}

async function readOn(): Promise<void> {
  while (everything || wanted.size > 0) {
    const parts = partsOf(everything ? [] : [...wanted])
    wanted = new Set()
    everything = false
    if (parts.length === 0) continue
    const where = region.value
    try {
      const next = await reread(client, estate.value, parts)
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

export const follow = (): Promise<void> => listen(({ types }) => void refresh(types))
