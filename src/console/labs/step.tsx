/** One step: its text, its checks as they are now, hints, and the solution. */
import { useEffect, useRef } from 'preact/hooks'
import type { CourseView, StepView as Step } from '../../lab/course/view.ts'
import { Checks, Met } from './checks.tsx'
import { clock, useNow } from './clock.ts'
import type { Doing } from './course.tsx'
import { request } from './desk.ts'
import { Hints } from './hints.tsx'
import { Lines } from './lines.tsx'
import { Markdown } from './markdown.tsx'
import { turnTo } from './place.ts'
import { Sure } from './sure.tsx'

export function StepView({ view, step }: { view: Doing; step: Step }) {
  const { course, doing, failure } = view
  const { number, title, text } = step
  const isCurrent = number === course.step
  const heading = useRef<HTMLHeadingElement>(null)
  // Who goes to another step is led to it.
  useEffect(() => heading.current?.focus({ preventScroll: true }), [number])
  return (
    <>
      <p class="noun">
        Step {number} of {course.steps.length} <Time view={view} step={step} />
      </p>
      <h3 class="step-title" ref={heading} tabIndex={-1}>
        {title}
      </h3>
      <Markdown text={withoutTitle(text, title)} />
      <Checks step={step} isCurrent={isCurrent} />
      {step.met.length > 0 && <Met met={step.met} />}
      {step.isDone && <Next course={course} number={number} />}
      {doing && DOING[doing.kind] && <Lines title={DOING[doing.kind] ?? ''} lines={doing.lines} />}
      {failure && !doing && (
        <p class="labs-refusal" role="alert">
          {failure}
        </p>
      )}
      <Hints step={step} isCurrent={isCurrent} />
      {isCurrent ? <Deeds view={view} step={step} /> : <Jump view={view} step={step} />}
    </>
  )
}

/** What a script is run for. */
const DOING: Readonly<Record<string, string>> = {
  solve: 'The solution, command by command',
  jump: 'On the way to another step',
}

/** The step's title stands above its text already. */
const withoutTitle = (text: string, title: string): string => {
  const [first = '', ...rest] = text.trimStart().split('\n')
  return first.replace(/^#+\s*/, '').trim() === title.trim() ? rest.join('\n') : text
}

function Time({ view: { course }, step }: { view: Doing; step: Step }) {
  const now = useNow()
  if (step.took !== undefined) return <span>· done in {clock(step.took)}</span>
  return step.number === course.step ? <span>· {clock(now - course.stepStartedAt)}</span> : null
}

function Next({ course, number }: { course: CourseView; number: number }) {
  const isLast = number === course.steps.length
  return (
    <div class="step-done">
      <p role="status">{isLast ? 'The last step is done.' : 'The step is done.'}</p>
      <button type="button" class="primary" onClick={() => turnTo(course, number + 1)}>
        {isLast ? 'To the report' : 'Next step'}
      </button>
    </div>
  )
}

function Deeds({ view: { doing }, step }: { view: Doing; step: Step }) {
  const isBusy = doing !== undefined
  const check = (
    <button type="button" class="primary" disabled={isBusy} onClick={() => void request('check')}>
      {doing?.kind === 'check' ? 'Checking …' : 'Check'}
    </button>
  )
  if (!step.hasSolution) return <div class="row deeds">{check}</div>
  return (
    <Sure
      label="Solve this step"
      words="The server carries out the solution, command by command, and the report says so."
      yes="Solve it"
      isBusy={isBusy}
      act={() => void request('solve')}
    >
      {check}
    </Sure>
  )
}

/** To another step: back to how it began, or on, with the solutions of those between. */
function Jump({ view: { course, doing }, step: { number } }: { view: Doing; step: Step }) {
  const isBack = number < course.step
  return (
    <Sure
      label={isBack ? 'Go back to this step' : 'Jump to this step'}
      words={
        isBack
          ? 'Everything on this server goes back to what it was when this step began.'
          : 'The solutions of the steps before this one are played, beginning at the nearest one that is done.'
      }
      yes={isBack ? 'Go back' : 'Jump'}
      isBusy={doing !== undefined}
      act={() => void request('jump', { step: number })}
    />
  )
}
