/** The labs that there are, and how far one is in each. */
import { useSignal } from '@preact/signals'
import type { Doing, LabSummary } from '../../lab/course/view.ts'
import { set } from '../parts/set.ts'
import { list, request } from './desk.ts'
import { Lines } from './lines.tsx'
import { isListed } from './place.ts'

interface ListProps {
  readonly doing: Doing | undefined
  readonly failure: string | undefined
  readonly elsewhere: string | undefined
}

export function LabList({ doing, failure, elsewhere }: ListProps) {
  return (
    <div class="labs-body">
      <p class="hint">
        A lab is a task on a network. It looks whether the task is done, whichever way you do it: here, with the AWS
        CLI, or with Terraform.
      </p>
      {elsewhere && (
        <p class="note">
          The lab <b>{elsewhere}</b> was started in the terminal, and is not among these. Go on with{' '}
          <code>isthmus lab check</code>, or start the server with <code>--labs</code> and its folder.
        </p>
      )}
      {failure && !doing && (
        <p class="labs-refusal" role="alert">
          {failure}
        </p>
      )}
      {doing?.kind === 'start' && <Lines title={`Preparing ${doing.slug} …`} lines={doing.lines} />}
      <ul class="lab-list">
        {list.value.map((lab) => (
          <Lab key={lab.slug} lab={lab} isBusy={doing !== undefined} />
        ))}
      </ul>
    </div>
  )
}

function Lab({ lab, isBusy }: { lab: LabSummary; isBusy: boolean }) {
  const { slug, title, description, problems, isStarted, done, steps } = lab
  const asks = useSignal(false)
  const begin = async (deed: 'start' | 'reset', more: object = {}) => {
    asks.value = false
    const isDone = await request(deed, { slug, ...more })
    // What begins anew is shown once it has begun.
    if (isDone && isStarted && deed === 'start' && !('restart' in more)) isListed.value = false
  }
  return (
    <li class="lab">
      <h3>{title}</h3>
      {description && <p>{description}</p>}
      <p class="about">{aboutOf(lab)}</p>
      {isStarted && steps > 0 && (
        <progress value={done} max={steps} aria-label={`${done} of ${steps} steps are done`} />
      )}
      {problems ? (
        <pre class="problems">{problems}</pre>
      ) : (
        <div class="row">
          <button type="button" class="primary" disabled={isBusy} onClick={() => void begin('start')}>
            {isStarted ? (done === steps ? 'Look at it' : 'Go on') : 'Start'}
          </button>
          {isStarted && (
            <button type="button" class="quiet" disabled={isBusy} onClick={() => set(asks, !asks.value)}>
              Start again
            </button>
          )}
        </div>
      )}
      {asks.value && (
        <div class="confirm">
          <p>
            The lab begins anew, and what you did before is kept in an older journal. A reset takes everything on this
            server back to what it was before the lab; else the network stays as it is.
          </p>
          <div class="row">
            <button type="button" class="danger" onClick={() => void begin('reset')}>
              Reset
            </button>
            <button type="button" onClick={() => void begin('start', { restart: true })}>
              Keep the network
            </button>
            <button type="button" onClick={() => set(asks, false)}>
              Cancel
            </button>
          </div>
        </div>
      )}
    </li>
  )
}

function aboutOf({ time, difficulty, steps, done, isStarted }: LabSummary): string {
  const progress = done === steps && steps > 0 ? 'done' : isStarted ? `${done} of ${steps} steps done` : undefined
  const parts = [time, difficulty, progress ?? (steps > 0 ? `${steps} ${steps === 1 ? 'step' : 'steps'}` : undefined)]
  return parts.filter(Boolean).join(' · ')
}
