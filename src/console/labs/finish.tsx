/** The end of a lab: how long it took, what is left to the learner, the report and its files. */
import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import type { CourseView, ReportView } from '../../lab/course/view.ts'
import { saved } from '../parts/saved.ts'
import { set } from '../parts/set.ts'
import { clock } from './clock.ts'
import { report, request } from './desk.ts'
import { Markdown, Pictures } from './markdown.tsx'
import { Names } from './names.tsx'

const TYPES: Readonly<Record<string, string>> = {
  md: 'text/markdown',
  html: 'text/html',
  json: 'application/json',
  xml: 'application/xml',
  svg: 'image/svg+xml',
}

export function Finish({ course }: { course: CourseView }) {
  const isDone = course.step > course.steps.length
  const shown = useSignal<ReportView | undefined>(undefined)
  const problem = useSignal('')
  const read = () =>
    report().then(
      (given) => set(shown, given),
      (error: Error) => set(problem, error.message),
    )
  useEffect(() => void read(), [course.step])
  return (
    <>
      {isDone ? (
        <Markdown text={course.finish} />
      ) : (
        <p class="note">Not all steps are done. The report says so, too.</p>
      )}
      <Times course={course} />
      {problem.value && (
        <p class="labs-refusal" role="alert">
          {problem.value}
        </p>
      )}
      {shown.value && <Report shown={shown.value} slug={course.slug} again={() => void read()} />}
    </>
  )
}

const Times = ({ course: { steps, took } }: { course: CourseView }) => (
  <table class="rows times">
    <caption class="hidden">How long each step took</caption>
    <thead>
      <tr>
        <th>step</th>
        <th>hints</th>
        <th>time</th>
      </tr>
    </thead>
    <tbody>
      {steps.map(({ number, title, hints, solved, took: time }) => (
        <tr key={number}>
          <td>
            {number}. {title} {solved && <small>(solution shown)</small>}
          </td>
          <td>{hints.length || ''}</td>
          <td>{time === undefined ? '' : clock(time)}</td>
        </tr>
      ))}
      {took !== undefined && (
        <tr>
          <td>altogether</td>
          <td />
          <td>{clock(took)}</td>
        </tr>
      )}
    </tbody>
  </table>
)

interface ReportProps {
  readonly shown: ReportView
  readonly slug: string
  /** Words were written: what stands here is read anew. */
  readonly again: () => void
}

const Report = ({ shown: { files, questions }, slug, again }: ReportProps) => (
  <>
    <h3>Yours to write</h3>
    <p class="hint">The facts are written down already. These few sentences only you can say.</p>
    {questions.map((question) => (
      <Question key={question.about} question={question} again={again} />
    ))}
    <h3>The report</h3>
    <div class="row downloads">
      {Object.entries(files).map(([name, text]) => (
        <button key={name} type="button" onClick={() => download(`${slug}-${name}`, text)}>
          {name}
        </button>
      ))}
    </div>
    <section class="preview" aria-label="Preview of the report">
      {/* What is in a report was, and may be no more: nothing lights up. */}
      <Names.Provider value={{}}>
        <Pictures.Provider value={files}>
          <Markdown text={files['report.md'] ?? ''} />
        </Pictures.Provider>
      </Names.Provider>
    </section>
  </>
)

function Question({
  question: { about, prompt, text },
  again,
}: {
  question: ReportView['questions'][number]
  again: () => void
}) {
  const said = useSignal('')
  const keep = async (value: string) => {
    said.value = (await request('words', { about, text: value })) ? 'Kept.' : ''
    again()
  }
  return (
    <label class="field question">
      <span>{about}</span>
      <small>{prompt}</small>
      <textarea
        rows={3}
        maxLength={4000}
        onInput={() => set(said, '')}
        onChange={(event) => void keep(event.currentTarget.value)}
      >
        {text}
      </textarea>
      <small role="status">{said.value}</small>
    </label>
  )
}

const download = (name: string, text: string): void =>
  saved(new Blob([text], { type: TYPES[name.split('.').at(-1) ?? ''] ?? 'text/plain' }), name)
