/** Hints of a step: those that were given, and when the next one comes. */
import type { NextHintView, StepView } from '../../lab/course/view.ts'
import { clock, useNow } from './clock.ts'
import { request } from './desk.ts'
import { Markdown } from './markdown.tsx'

export function Hints({ step: { hints, nextHint }, isCurrent }: { step: StepView; isCurrent: boolean }) {
  if (hints.length === 0 && !isCurrent) return null
  return (
    <section class="hints" aria-label="Hints">
      {hints.map((hint, i) => (
        <div key={`${i}${hint}`} class="given">
          <b>Hint {i + 1}</b>
          <Markdown text={scriptsApart(hint)} />
        </div>
      ))}
      {isCurrent && nextHint && <NextHint next={nextHint} />}
    </section>
  )
}

/** A hint that is the solution shows a script, which is no Markdown. */
const scriptsApart = (hint: string): string => {
  const [first = '', ...rest] = hint.split('\n\n')
  return first === 'This solves the step:' ? `${first}\n\n~~~~\n${rest.join('\n\n')}\n~~~~` : hint
}

function NextHint({ next: { isDue, fails, at } }: { next: NextHintView }) {
  const now = useNow()
  if (isDue || (at !== undefined && at <= now))
    return (
      <button type="button" onClick={() => void request('hint', { now: true })}>
        Show a hint
      </button>
    )
  const ways = [
    ...(at === undefined ? [] : [`in ${clock(at - now)}`]),
    ...(fails === undefined ? [] : [`when you have pressed Check ${fails === 1 ? 'once' : `${fails} times`} more`]),
  ]
  return (
    <p class="hint">
      The next hint comes {ways.join(' or ')}.{' '}
      <button type="button" class="link" onClick={() => void request('hint', { now: true })}>
        Show it now
      </button>
    </p>
  )
}
