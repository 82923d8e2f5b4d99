/** Packets that rules have let pass and dropped, read each second while a card shows them. */
import { type Signal, useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { ownHeaders } from '../api/session.ts'
import './counters.css'

/** What one rule has decided; `rule` is absent for what the resource does as a whole. */
export interface Counter {
  readonly rule?: string
  readonly passed: number
  readonly dropped: number
  readonly bytes: number
}
export type Counters = ReadonlyMap<string, Counter>

const EVERY_MS = 1000

/** The counters of a resource by the names of its rules. */
export function useCounters(resource: string): Signal<Counters> {
  const counters = useSignal<Counters>(new Map())
  useEffect(() => {
    const read = async () => {
      if (document.hidden) return
      const response = await fetch(`/_isthmus/counters?resource=${resource}`, { headers: ownHeaders() })
      if (!response.ok) return
      const answer = (await response.json()) as { counters: readonly Counter[] }
      counters.value = new Map(answer.counters.map((one) => [one.rule ?? '', one]))
    }
    // One that comes late must not overtake: the next is asked for when it is there.
    let timer: ReturnType<typeof setTimeout> | undefined
    let isOver = false
    const again = () =>
      read()
        .catch(() => {})
        .then(() => {
          if (!isOver) timer = setTimeout(again, EVERY_MS)
        })
    void again()
    return () => {
      isOver = true
      clearTimeout(timer)
    }
  }, [resource])
  return counters
}

/** `12 passed`, `3 dropped`; nothing where no packet has met the rule. */
export const Count = ({ of }: { of: Counter | undefined }) => (
  <span class="counted" title={of && `${of.bytes.toLocaleString('en')} bytes`}>
    {of && of.passed > 0 && <span>{of.passed.toLocaleString('en')} passed</span>}
    {of && of.dropped > 0 && <span class="counted-dropped">{of.dropped.toLocaleString('en')} dropped</span>}
  </span>
)

/** What a group has dropped because no rule of its lets it pass. */
export const RestDropped = ({ of }: { of: Counter | undefined }) =>
  of && of.dropped > 0 ? (
    <p class="rest-dropped">{of.dropped.toLocaleString('en')} dropped, as no rule lets them pass</p>
  ) : null
