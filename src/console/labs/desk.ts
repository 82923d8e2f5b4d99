/** The server's labs as this page knows them: read anew when there is news, and asked for more. */
import { effect, signal } from '@preact/signals'
import type { DeskView, LabSummary, ReportView } from '../../lab/course/view.ts'
import { ownHeaders } from '../api/session.ts'
import { labNews } from './open.ts'

export const desk = signal<DeskView | undefined>(undefined)
export const list = signal<readonly LabSummary[]>([])
/** Why the server did not do what was last asked of it. */
export const refusal = signal('')
/** Milliseconds by which the server's clock is ahead of this one. */
export const ahead = signal(0)

/** What can be asked for; each is told of by the stream of events. */
export type Deed = 'start' | 'reset' | 'jump' | 'check' | 'solve' | 'hint' | 'words'

async function ask<T>(method: 'GET' | 'POST', path: string, body?: object): Promise<T> {
  const response = await fetch(`/_isthmus/labs${path}`, {
    method,
    headers: { ...ownHeaders(), ...(body && { 'content-type': 'application/json' }) },
    ...(body && { body: JSON.stringify(body) }),
  })
  const given: unknown = await response.json().catch(() => ({}))
  if (response.ok) return given as T
  throw new Error((given as { error?: string }).error ?? 'The server can not answer.')
}

/** Asks for something; false where it is refused, and `refusal` says why. */
export async function request(deed: Deed, body: object = {}): Promise<boolean> {
  try {
    await ask('POST', `/${deed}`, body)
    refusal.value = ''
    return true
  } catch (error) {
    refusal.value = error instanceof TypeError ? 'The server does not answer.' : (error as Error).message
    return false
  }
}

/** Says that somebody looks. A server that is away learns it when it is back. */
export const sayLooking = (): Promise<unknown> => ask('POST', '/looking', {}).catch(() => {})

export const report = (): Promise<ReportView> => ask('GET', '/report')

let reading: Promise<void> | undefined
let isStale = false

/** Reads where the lab is; news that comes meanwhile is read after it, together. */
export function read(): Promise<void> {
  isStale = true
  reading ??= readOn().finally(() => {
    reading = undefined
  })
  return reading
}

async function readOn(): Promise<void> {
  while (isStale) {
    isStale = false
    try {
      const [view, labs] = await Promise.all([ask<DeskView>('GET', '/course'), ask<readonly LabSummary[]>('GET', '')])
      if (view.course) ahead.value = view.course.now - Date.now()
      list.value = labs
      desk.value = view
    } catch (error) {
      // A server that is away is said in the bar, and read again when it is back.
      if (!(error instanceof TypeError)) refusal.value = (error as Error).message
    }
  }
}

/** Reads now, and whenever there is news; the answer ends that. */
export const follow = (): (() => void) =>
  effect(() => {
    void labNews.value
    void read()
  })
