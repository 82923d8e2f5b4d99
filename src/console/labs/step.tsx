/** One step: its text, its checks as they are now, hints, and the solution. */
import { useSignal } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'
import type { CourseView, StepView as Step } from '../../lab/course/view.ts'
import { set } from '../parts/set.ts'
import { Checks, Met } from './checks.tsx'
import { clock, useNow } from './clock.ts'
import type { Doing } from './course.tsx'
import { request } from './desk.ts'
import { Hints } from './hints.tsx'
import { Lines } from './lines.tsx'
import { Markdown } from './markdown.tsx'
import { turnTo } from './place.ts'

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
      {doing?.kind === 'solve' && isCurrent && <Lines title="The solution, command by command" lines={doing.lines} />}
      {isCurrent && failure && !doing && (
        <p class="labs-refusal" role="alert">
          {failure}
        </p>
      )}
      <Hints step={step} isCurrent={isCurrent} />
      {isCurrent && <Deeds view={view} step={step} />}
      {number > course.step && <p class="hint">The steps before this one come first.</p>}
    </>
  )
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
  const asks = useSignal(false)
  const solve = () => {
    asks.value = false
    void request('solve')
  }
  return (
    <>
      <div class="row deeds">
        <button type="button" class="primary" disabled={doing !== undefined} onClick={() => void request('check')}>
          {doing?.kind === 'check' ? 'Checking …' : 'Check'}
        </button>
        {step.hasSolution && (
          <button type="button" disabled={doing !== undefined} onClick={() => set(asks, !asks.value)}>
            Solve this step
          </button>
        )}
      </div>
      {asks.value && (
        <div class="confirm">
          <p>The server carries out the solution, command by command, and the report says so.</p>
          <div class="row">
            <button type="button" class="danger" onClick={solve}>
              Solve it
            </button>
            <button type="button" onClick={() => set(asks, false)}>
              Cancel
            </button>
          </div>
        </div>
      )}
    </>
  )
}
