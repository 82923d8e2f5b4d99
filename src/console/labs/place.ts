/** Where in the labs a person looks. */
import { signal } from '@preact/signals'
import type { CourseView } from '../../lab/course/view.ts'

/** Whether the list is asked for though a lab is being done. */
export const isListed = signal(false)

/** Of which course, and which page of it: 0 is the introduction, the one after the last step the report. */
const place = signal({ of: '', at: 0 })

/** A course that is begun anew is another one. */
const nameOf = ({ slug, startedAt }: CourseView): string => `${slug} ${startedAt}`

/** The page that is shown: it stays where it is while the lab goes on. */
export const pageOf = (course: CourseView): number =>
  place.value.of === nameOf(course) ? place.value.at : course.step === 1 ? 0 : course.step

export function turnTo(course: CourseView, at: number): void {
  place.value = { of: nameOf(course), at }
}
