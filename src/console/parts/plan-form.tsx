/**
 * A form whose answer is calls of the public API: it shows their AWS CLI commands before they are made, makes them, and
 * says AWS's words where they are refused.
 */
import { useSignal } from '@preact/signals'
import type { ComponentChildren } from 'preact'
import { carryOut, type Made, type PlannedCall } from '../../wizard/planned-call.ts'
import { CallError, client } from '../api/client.ts'
import { commandsOf } from '../api/command.ts'
import { refresh } from '../state.ts'
import { set } from './set.ts'

export interface PlanFormProps {
  /** What the button says. */
  readonly submit: string
  /** The calls; throws an Error whose message says what is missing. None where there is nothing to do yet. */
  readonly plan: () => readonly PlannedCall[]
  readonly done?: (made: Made) => void
  readonly danger?: boolean
  readonly children?: ComponentChildren
}

interface Said {
  readonly code: string
  readonly message: string
}

function planned(plan: PlanFormProps['plan']): { calls: readonly PlannedCall[]; problem: string } {
  try {
    return { calls: plan(), problem: '' }
  } catch (error) {
    return { calls: [], problem: (error as Error).message }
  }
}

export function PlanForm({ submit, plan, done, danger = false, children }: PlanFormProps) {
  const step = useSignal('')
  const said = useSignal<Said | undefined>(undefined)
  const success = useSignal('')
  const { calls, problem } = planned(plan)
  const make = async () => {
    said.value = undefined
    success.value = ''
    try {
      const made = await carryOut(client, calls, (call) => set(step, call.step))
      success.value = 'Done.'
      done?.(made)
    } catch (error) {
      said.value = error instanceof CallError ? error : { code: '', message: String(error) }
    }
    step.value = ''
    await refresh()
  }
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        void make()
      }}
    >
      {children}
      {problem && <p class="hint">{problem}</p>}
      {said.value && <Refusal said={said.value} />}
      <Commands lines={commandsOf(calls)} />
      <div class="submit">
        <button type="submit" class={danger ? 'danger' : 'primary'} disabled={calls.length === 0 || step.value !== ''}>
          {submit}
        </button>
        <span role="status">{step.value ? `${step.value} …` : success.value}</span>
      </div>
    </form>
  )
}

const Refusal = ({ said: { code, message } }: { said: Said }) => (
  <div class="refusal" role="alert">
    <strong>{code}</strong>
    <p>{message}</p>
  </div>
)

interface CommandsProps {
  readonly lines: readonly string[]
  readonly open?: boolean
  readonly title?: string
}

/** Commands to read and to copy. */
export function Commands({ lines, open = false, title = 'AWS CLI' }: CommandsProps) {
  if (lines.length === 0) return null
  return (
    <details class="commands" open={open}>
      <summary>
        {title}
        {lines.length > 1 && `, ${lines.length} commands`}
      </summary>
      <pre>
        <code>{lines.join('\n')}</code>
      </pre>
      <button type="button" class="quiet" onClick={() => void navigator.clipboard.writeText(`${lines.join('\n')}\n`)}>
        Copy
      </button>
    </details>
  )
}
