/** Terminals below the map, side by side. They stay while one looks at other things. */
import { useSignal } from '@preact/signals'
import { Fragment } from 'preact'
import { useRef } from 'preact/hooks'
import { set } from '../parts/set.ts'
import './dock.css'
import { Pane } from './pane.tsx'
import { folded, type Session, sessions } from './sessions.ts'
import { height, readAloud, setHeight, setReadAloud } from './settings.ts'
import { Splitter } from './splitter.tsx'

const LEAST = 120
/** Of the window's height. */
const MOST = 0.8

export function Dock() {
  const most = Math.max(LEAST, innerHeight * MOST)
  const shown = Math.min(most, Math.max(LEAST, height.value))
  const move = (pixels: number) => setHeight(Math.min(most, Math.max(LEAST, shown - pixels)))
  return (
    <section class={folded.value ? 'dock folded' : 'dock'} aria-label="Terminals" style={{ '--dock': `${shown}px` }}>
      {!folded.value && (
        <Splitter
          label="Height of the terminals"
          along="row"
          value={((shown - LEAST) / (most - LEAST)) * 100}
          onMove={move}
        />
      )}
      <header class="dock-bar">
        <h2>
          Terminals <span class="count">{sessions.value.length}</span>
        </h2>
        <label class="check">
          <input
            type="checkbox"
            checked={readAloud.value}
            onChange={(event) => setReadAloud(event.currentTarget.checked)}
          />
          <span>Screen reader</span>
        </label>
        <button
          type="button"
          class="quiet"
          aria-expanded={!folded.value}
          onClick={() => set(folded, !folded.value)}
          aria-label={folded.value ? 'Show the terminals' : 'Fold the terminals'}
          title={folded.value ? 'Show' : 'Fold'}
        >
          {folded.value ? '▴' : '▾'}
        </button>
      </header>
      <Panes all={sessions.value} />
    </section>
  )
}

/** Each takes its share of the width. */
function Panes({ all }: { all: readonly Session[] }) {
  const row = useRef<HTMLDivElement>(null)
  const shares = useSignal<ReadonlyMap<number, number>>(new Map())
  const shareOf = ({ number }: Session) => shares.value.get(number) ?? 1
  const move = (left: Session, right: Session, pixels: number) => {
    const width = row.current?.clientWidth ?? 1
    const sum = all.reduce((total, session) => total + shareOf(session), 0)
    const both = shareOf(left) + shareOf(right)
    const next = Math.min(both * 0.85, Math.max(both * 0.15, shareOf(left) + (pixels / width) * sum))
    shares.value = new Map(shares.value).set(left.number, next).set(right.number, both - next)
  }
  return (
    <div ref={row} class="panes">
      {all.map((session, i) => {
        const before = all[i - 1]
        return (
          <Fragment key={session.number}>
            {before && (
              <Splitter
                label="Width of the terminals"
                along="column"
                value={(shareOf(before) / (shareOf(before) + shareOf(session))) * 100}
                onMove={(pixels) => move(before, session, pixels)}
              />
            )}
            <div class="share" style={{ flexGrow: shareOf(session) }}>
              <Pane session={session} />
            </div>
          </Fragment>
        )
      })}
    </div>
  )
}
