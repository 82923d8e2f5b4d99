/** The panel at the left: the list of labs, or the lab that is being done. */
import { useEffect, useRef } from 'preact/hooks'
import { connection } from '../api/news.ts'
import { pointedAt } from '../state.ts'
import { set } from '../parts/set.ts'
import { CourseBody, LabTime } from './course.tsx'
import { desk, follow, refusal, sayLooking } from './desk.ts'
import { LabList } from './list.tsx'
import { show, shown } from './open.ts'
import { isListed } from './place.ts'
import { Edge } from './edge.tsx'
import './labs.css'

/** Milliseconds; the server stops looking when it has not heard from a page for twice this time. */
const LOOKING = 15_000

export function LabsPanel() {
  useEffect(follow, [])
  useEffect(() => () => set(pointedAt, []), [])
  const isFolded = shown.value === 'labs-folded'
  const course = desk.value?.course
  const isLooking = course !== undefined && !isFolded && connection.value === 'live'
  useEffect(() => (isLooking ? keepLooking() : undefined), [isLooking])
  // Whatever has begun another lab, it is the one to be shown.
  useEffect(() => set(isListed, false), [course?.slug, course?.startedAt])
  if (isFolded) return <Rail />
  return (
    <section class="labs" aria-label="Labs">
      <Head />
      {refusal.value && (
        <p class="labs-refusal" role="alert">
          {refusal.value}
        </p>
      )}
      <Body />
      <Edge />
    </section>
  )
}

function Body() {
  const view = desk.value
  if (!view) return <p class="hint pad">Reading …</p>
  const { course, elsewhere, doing } = view
  const starts = doing?.kind === 'start'
  if (course && !isListed.value && !starts) return <CourseBody view={{ ...view, course }} />
  return <LabList doing={doing} failure={view.failure} elsewhere={elsewhere} />
}

function Head() {
  const course = isListed.value ? undefined : desk.value?.course
  return (
    <header class="labs-head">
      {desk.value?.course && (
        <button type="button" class="quiet" onClick={() => set(isListed, !isListed.value)}>
          {isListed.value ? 'Back' : 'All labs'}
        </button>
      )}
      <h2>{course?.title ?? 'Labs'}</h2>
      {course && <LabTime course={course} />}
      <button type="button" class="quiet" aria-label="Fold labs" title="Fold" onClick={() => show('labs-folded')}>
        «
      </button>
      <button type="button" class="quiet" aria-label="Close labs" title="Close" onClick={() => show('')}>
        ✕
      </button>
    </header>
  )
}

function Rail() {
  const button = useRef<HTMLButtonElement>(null)
  useEffect(() => button.current?.focus(), [])
  const course = desk.value?.course
  const place = course && course.step <= course.steps.length ? `: step ${course.step} of ${course.steps.length}` : ''
  return (
    <section class="labs" aria-label="Labs">
      <button ref={button} type="button" class="quiet rail" onClick={() => show('labs-open')}>
        <span aria-hidden="true">»</span>
        <span class="rail-words">Labs{place}</span>
      </button>
    </section>
  )
}

/** Says that somebody looks, as long as the page is to be seen. */
function keepLooking(): () => void {
  const say = () => {
    if (document.visibilityState === 'visible') void sayLooking()
  }
  say()
  const beat = setInterval(say, LOOKING)
  document.addEventListener('visibilitychange', say)
  return () => {
    clearInterval(beat)
    document.removeEventListener('visibilitychange', say)
  }
}
