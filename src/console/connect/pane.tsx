/** One terminal of the dock: its title, and what it says, or how the attempt to connect goes. */
import { useSignal } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'
import { labelOf } from '../estate/estate.ts'
import { set } from '../parts/set.ts'
import { estate, openCard } from '../state.ts'
import { Refused } from './refused.tsx'
import type { LiveScreen } from './screen.ts'
import { attach, close, connectAgain, type Phase, type Session, sessions, withoutScreen } from './sessions.ts'
import { readAloud, theme } from './settings.ts'
import { Why } from './why.tsx'

/** As between the panes of programs elsewhere. */
const LEAVE = 'F6'

export function Pane({ session }: { session: Session }) {
  const frame = useRef<HTMLElement>(null)
  const { instance, way, phase } = session
  useEffect(() => frame.current?.scrollIntoView({ block: 'nearest', inline: 'nearest' }), [])
  const thing = estate.value.instances.find(({ id }) => id === instance)
  const name = thing ? labelOf(thing) : instance
  const address = way === 'service' ? thing?.publicIp : thing?.privateIp
  const kind = way === 'serial' ? 'serial console' : [session.user, address].filter(Boolean).join('@')
  const title = `${way === 'serial' ? 'Serial console' : 'Terminal'} of ${name}`
  return (
    <section ref={frame} class="pane" tabIndex={-1} aria-label={`${title}. ${LEAVE} leads out of it.`}>
      <header>
        <button type="button" class="link" title={`${name} (${instance})`} onClick={() => openCard(instance)}>
          {name}
        </button>
        <span class="of">{kind}</span>
        <button type="button" class="quiet" aria-label={`Close: ${title}`} onClick={() => leaveAndClose(session)}>
          ✕
        </button>
      </header>
      <Shell session={session} leave={() => frame.current?.focus()} />
      <Attempt session={session} phase={phase.value} name={name} />
    </section>
  )
}

/** Who closes it by the keyboard goes on at what stays. */
function leaveAndClose(session: Session): void {
  const next = sessions.value.length > 1 ? '.dock-bar button' : '.map-frame > .map'
  document.querySelector<HTMLElement | SVGElement>(next)?.focus()
  close(session)
}

/** The terminal itself. What is typed in it is no key of the page's. */
function Shell({ session, leave }: { session: Session; leave: () => void }) {
  const place = useRef<HTMLDivElement>(null)
  const screen = useSignal<LiveScreen | undefined>(undefined)
  const isOpen = session.phase.value.name === 'open'
  useEffect(() => {
    const ending = new AbortController()
    fill(place.current, session, leave, ending.signal).then(
      (made) => set(screen, made),
      () => withoutScreen(session),
    )
    return () => ending.abort()
  }, [session])
  useEffect(() => {
    // Who is writing in a form goes on there.
    if (isOpen && !document.activeElement?.matches('input, select, textarea')) screen.value?.focus()
  }, [isOpen, screen.value])
  useEffect(() => screen.value?.readAloud(readAloud.value), [readAloud.value, screen.value])
  useEffect(() => screen.value?.paint(), [theme.value, screen.value])
  return (
    <div class={session.phase.value.name === 'open' || session.phase.value.name === 'ended' ? 'shell' : 'shell away'}>
      <div ref={place} />
    </div>
  )
}

/** Loads the terminal and joins it to the session, until the pane goes. */
async function fill(place: HTMLElement | null, session: Session, leave: () => void, signal: AbortSignal) {
  const { screenIn } = await import('./screen.ts')
  if (!place || signal.aborted) return undefined
  const screen = screenIn(place, { line: () => session.line, leaveKey: LEAVE, leave })
  place.addEventListener('keydown', (event) => event.stopPropagation(), { signal })
  const observer = new ResizeObserver(() => screen.fit())
  observer.observe(place)
  signal.addEventListener('abort', () => {
    observer.disconnect()
    screen.end()
  })
  attach(session, screen)
  return screen
}

function Attempt({ session, phase, name }: { session: Session; phase: Phase; name: string }) {
  const again = (
    <button type="button" class="primary" onClick={() => connectAgain(session)}>
      Connect again
    </button>
  )
  if (phase.name === 'open') return null
  if (phase.name === 'ended')
    return (
      <div class="ending" role="status">
        <span>{phase.words}</span>
        {again}
      </div>
    )
  if (phase.name === 'connecting')
    return (
      <div class="attempt">
        <p role="status">Connecting to {name} …</p>
        <Elapsed since={phase.since} />
      </div>
    )
  return (
    <div class="attempt two">
      <div>
        <Refused words={phase.words} />
        <p class="again">
          {again}
          {phase.seconds > 0 && <span class="elapsed">It was tried for {phase.seconds} s.</span>}
        </p>
      </div>
      <div>
        <Why session={session} />
      </div>
    </div>
  )
}

function Elapsed({ since }: { since: number }) {
  const now = useSignal(Date.now())
  useEffect(() => {
    const ticking = setInterval(() => set(now, Date.now()), 1000)
    return () => clearInterval(ticking)
  }, [since])
  return (
    <p class="elapsed" role="timer">
      {Math.max(0, Math.floor((now.value - since) / 1000))} s
    </p>
  )
}
