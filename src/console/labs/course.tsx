/** The lab that is being done: its steps, the one that is looked at, and its end. */
import { useEffect } from 'preact/hooks'
import type { CourseView, DeskView } from '../../lab/course/view.ts'
import { region } from '../api/session.ts'
import { lookAt } from '../state.ts'
import { clock, useNow } from './clock.ts'
import { Finish } from './finish.tsx'
import { Markdown } from './markdown.tsx'
import { Names } from './names.tsx'
import { pageOf, turnTo } from './place.ts'
import { StepView } from './step.tsx'

export type Doing = DeskView & { readonly course: CourseView }

export function CourseBody({ view }: { view: Doing }) {
  const { course } = view
  const at = pageOf(course)
  useEffect(() => turnTo(course, at), [course.slug, course.startedAt])
  const step = course.steps[at - 1]
  return (
    <Names.Provider value={course.names}>
      <Steps course={course} at={at} />
      <div class="labs-body" key={at}>
        {course.region !== region.value && <Elsewhere name={course.region} />}
        {!step && view.failure && (
          <p class="labs-refusal" role="alert">
            {view.failure}
          </p>
        )}
        {at === 0 && <Intro course={course} />}
        {step && <StepView view={view} step={step} />}
        {at > course.steps.length && <Finish course={course} />}
      </div>
    </Names.Provider>
  )
}

const Intro = ({ course }: { course: CourseView }) => (
  <>
    <Markdown text={course.intro} />
    <div class="row">
      <button type="button" class="primary" onClick={() => turnTo(course, Math.min(course.step, course.steps.length))}>
        {course.step === 1 ? 'Begin' : 'Go on'}
      </button>
    </div>
  </>
)

const Elsewhere = ({ name }: { name: string }) => (
  <p class="note">
    The lab is done in {name}, and the map shows {region.value}.{' '}
    <button type="button" class="link" onClick={() => lookAt(name)}>
      Show {name}
    </button>
  </p>
)

/** How long the lab has taken so far. */
export function LabTime({ course: { startedAt, took } }: { course: CourseView }) {
  const now = useNow()
  return <time title="Since the lab began">{clock(took ?? now - startedAt)}</time>
}

function Steps({ course, at }: { course: CourseView; at: number }) {
  const { steps, step } = course
  const isDone = step > steps.length
  const pages = [
    { number: 0, title: 'Introduction', sign: 'i', state: '' },
    ...steps.map(({ number, title, isDone: done }) => ({
      ...{ number, title, sign: done ? '✓' : String(number) },
      state: done ? 'done' : number === step ? 'current' : 'later',
    })),
    { number: steps.length + 1, title: 'Report', sign: '⚑', state: isDone ? 'current' : 'later' },
  ]
  return (
    <nav class="steps" aria-label="Steps of the lab">
      <ol>
        {pages.map(({ number, title, sign, state }) => (
          <li key={number}>
            <button
              type="button"
              class={`step-sign ${state}`}
              title={title}
              aria-label={`${state && sign !== '⚑' ? `Step ${number}: ` : ''}${title}${WORDS[state] ?? ''}`}
              {...(number === at && { 'aria-current': 'step' })}
              onClick={() => turnTo(course, number)}
            >
              {sign}
            </button>
          </li>
        ))}
      </ol>
    </nav>
  )
}

const WORDS: Readonly<Record<string, string>> = { done: ', done', current: ', to be done', later: ', not begun' }
