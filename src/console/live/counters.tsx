/** Packets that rules have let pass and dropped, read each second while a card shows them. */
import { type Signal, signal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { ownHeaders } from '../api/session.ts'
import './counters.css'

/** What one rule has decided; `rule` is absent for what the resource does as a whole. */
interface Counter {
  readonly rule?: string
  readonly passed: number
  readonly dropped: number
  readonly bytes: number
}
type Counters = ReadonlyMap<string, Counter>

const EVERY_MS = 1000

/** One resource that is shown: however many of its rules, it is asked for once. */
interface Watched {
  readonly counters: Signal<Counters>
  users: number
  stop(): void
}
const watched = new Map<string, Watched>()

function watch(resource: string): Watched {
  const counters = signal<Counters>(new Map())
  let timer: ReturnType<typeof setTimeout> | undefined
  let isOver = false
  const again = async () => {
    if (!document.hidden) counters.value = await readCounters(resource).catch(() => counters.value)
    // The next is asked for when this one is there: none overtakes another.
    if (!isOver) timer = setTimeout(() => void again(), EVERY_MS)
  }
  void again()
  return {
    counters,
    users: 0,
    stop() {
      isOver = true
      clearTimeout(timer)
    },
  }
}

async function readCounters(resource: string): Promise<Counters> {
  const response = await fetch(`/_isthmus/counters?resource=${resource}`, { headers: ownHeaders() })
  if (!response.ok) throw new Error(`HTTP ${response.status}`)
  const { counters } = (await response.json()) as { counters: readonly Counter[] }
  return new Map(counters.map((one) => [one.rule ?? '', one]))
}

/** The counter of a rule, for as long as it is shown. */
function useCounter({ resource, rule }: RuleName): Counter | undefined {
  const one = watched.get(resource) ?? watch(resource)
  watched.set(resource, one)
  useEffect(() => {
    one.users++
    return () => {
      if (--one.users > 0) return
      one.stop()
      watched.delete(resource)
    }
  }, [one])
  return one.counters.value.get(rule)
}

/** A rule by its resource and by its name in traces: a rule's id, an ACL's `ingress:100`, a route's destination. */
interface RuleName {
  readonly resource: string
  readonly rule: string
}

/** `12 passed`, `3 dropped`; nothing where no packet has met the rule. */
export function RuleCount(name: RuleName) {
  const counter = useCounter(name)
  if (!counter) return null
  const { passed, dropped, bytes } = counter
  return (
    <span class="counted" title={`${bytes.toLocaleString('en')} bytes`}>
      {passed > 0 && <span>{passed.toLocaleString('en')} passed</span>}
      {dropped > 0 && <span class="counted-dropped">{dropped.toLocaleString('en')} dropped</span>}
    </span>
  )
}

/** What a group has dropped because no rule of its lets it pass: `ingress` or `egress`. */
export function RestDropped(name: RuleName) {
  const { dropped = 0 } = useCounter(name) ?? {}
  if (dropped === 0) return null
  return <p class="rest-dropped">{dropped.toLocaleString('en')} dropped, as no rule lets them pass</p>
}
