/**
 * A form whose answer is calls of the public API: it shows their AWS CLI commands before they are made, makes them, and
 * says AWS's words where they are refused.
 */
import { useSignal } from '@preact/signals'
import type { ComponentChildren } from 'preact'
import { useEffect, useId, useRef } from 'preact/hooks'
import { carryOut, type Made, type PlannedCall } from '../../wizard/planned-call.ts'
import { CallError, client } from '../api/client.ts'
import { commandsOf } from '../api/command.ts'
import { refresh } from '../state.ts'
import { ConfirmField } from './confirm-field.tsx'
import { set } from './set.ts'

export interface PlanFormProps {
  /** What the button says. */
  readonly submit: string
  /** The calls; throws an Error whose message says what is missing. None where there is nothing to do yet. */
  readonly plan: () => readonly PlannedCall[]
  readonly done?: (made: Made) => void
  readonly danger?: boolean
  /** The word that has to be typed before. */
  readonly confirm?: string
  /** Where there is something to go back to. */
  readonly cancel?: () => void
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

export function PlanForm({ submit, plan, done, danger = false, confirm, cancel, children }: PlanFormProps) {
  const typed = useSignal('')
  const { calls, problem } = planned(plan)
  const { step, said, success, make } = useCarryOut(done)
  const isReady = calls.length > 0 && step === '' && (!confirm || typed.value.trim() === confirm)
  const problemId = useId()
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        if (isReady) void make(calls)
      }}
    >
      {children}
      {problem && (
        <p id={problemId} class="hint">
          {problem}
        </p>
      )}
      {confirm && <ConfirmField word={confirm} value={typed} />}
      {/* A live region has to be there before something is said in it. */}
      <div role="alert">{said && <Refusal said={said} />}</div>
      <Commands lines={commandsOf(calls)} />
      <div class="submit">
        {/* Who presses it keeps the focus, though it can not be pressed twice. */}
        <button
          type="submit"
          class={danger ? 'danger' : 'primary'}
          aria-disabled={!isReady}
          {...(problem && { 'aria-describedby': problemId })}
        >
          {submit}
        </button>
        {cancel && (
          <button type="button" onClick={cancel}>
            Cancel
          </button>
        )}
        <span role="status">{step ? `${step} …` : success}</span>
      </div>
    </form>
  )
}

/** Carries calls out, and keeps what is to be said of it. */
function useCarryOut(done: PlanFormProps['done']) {
  const step = useSignal('')
  const said = useSignal<Said | undefined>(undefined)
  const success = useSignal('')
  const make = async (calls: readonly PlannedCall[]) => {
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
  return { step: step.value, said: said.value, success: success.value, make }
}

function Refusal({ said: { code, message } }: { said: Said }) {
  const words = useRef<HTMLDivElement>(null)
  // It may stand below what one sees of a long form.
  useEffect(() => words.current?.scrollIntoView({ block: 'nearest' }), [code, message])
  return (
    <div ref={words} class="refusal">
      <strong>{code}</strong>
      <p>{message}</p>
    </div>
  )
}

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
