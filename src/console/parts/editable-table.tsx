/** A table whose rows can be changed and deleted where they stand. */
import { useSignal } from '@preact/signals'
import type { ComponentChildren } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import type { PlannedCall } from '../../wizard/planned-call.ts'
import './editable-table.css'
import { Paged } from './paged.tsx'
import { PlanForm } from './plan-form.tsx'
import { set } from './set.ts'

export interface Row {
  readonly key: string
  /** What the row is, for who hears its buttons. */
  readonly name: string
  readonly cells: readonly ComponentChildren[]
  readonly tone?: string
  /** The form that changes it; absent where nothing can be changed. */
  readonly edit?: (close: () => void) => ComponentChildren
  readonly remove?: () => readonly PlannedCall[]
}

interface TableProps {
  readonly label: string
  readonly heads: readonly string[]
  readonly rows: readonly Row[]
  /** What stands there where there is no row. */
  readonly empty: string
}

export function EditableTable({ label, heads, rows, empty }: TableProps) {
  const open = useSignal('')
  if (rows.length === 0) return <p class="hint">{empty}</p>
  return (
    <Paged items={rows} label={label}>
      {(shown) => (
        <table class="rows editable" aria-label={label}>
          <thead>
            <tr>
              {heads.map((head) => (
                <th key={head} scope="col">
                  {head}
                </th>
              ))}
              <th scope="col">
                <span class="hidden">Change</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {shown.map((row) => (
              <RowView key={row.key} row={row} width={heads.length + 1} open={open} />
            ))}
          </tbody>
        </table>
      )}
    </Paged>
  )
}

interface RowProps {
  readonly row: Row
  readonly width: number
  readonly open: { value: string }
}

function RowView({ row, width, open }: RowProps) {
  const { key, name, cells, tone, edit, remove } = row
  const close = () => {
    open.value = ''
  }
  const button = (mode: 'edit' | 'delete', sign: string) => (
    <button
      type="button"
      class="quiet"
      aria-label={`${mode === 'edit' ? 'Edit' : 'Delete'} ${name}`}
      title={mode === 'edit' ? 'Edit' : 'Delete'}
      aria-expanded={open.value === `${mode} ${key}`}
      onClick={() => {
        open.value = open.value === `${mode} ${key}` ? '' : `${mode} ${key}`
      }}
    >
      {sign}
    </button>
  )
  return (
    <>
      <tr class={tone ?? ''}>
        {cells.map((cell, i) => (
          <td key={`${i}`}>{cell}</td>
        ))}
        <td class="buttons">
          {edit && button('edit', '✎')}
          {remove && button('delete', '✕')}
        </td>
      </tr>
      {edit && open.value === `edit ${key}` && (
        <Below width={width} label={`Edit ${name}`}>
          {edit(close)}
        </Below>
      )}
      {remove && open.value === `delete ${key}` && (
        <Below width={width} label={`Delete ${name}`}>
          <PlanForm submit="Delete" danger plan={remove} done={close} cancel={close} />
        </Below>
      )}
    </>
  )
}

/** What a row's button has opened: the keyboard goes on there, and back to the button when it is closed. */
function Below({ width, label, children }: { width: number; label: string; children: ComponentChildren }) {
  const cell = useRef<HTMLTableCellElement>(null)
  useEffect(() => {
    const opener = document.activeElement
    cell.current?.querySelector<HTMLElement>('select, input, textarea, [type=submit]')?.focus()
    return () => {
      if (opener instanceof HTMLElement && opener.isConnected) opener.focus()
    }
  }, [])
  return (
    <tr class="below">
      <td ref={cell} colSpan={width}>
        <fieldset class="doing">
          <legend class="hidden">{label}</legend>
          {children}
        </fieldset>
      </td>
    </tr>
  )
}

/** Opens what `children` make below a button: to add a row. */
export function Adding({ words, children }: { words: string; children: (close: () => void) => ComponentChildren }) {
  const isOpen = useSignal(false)
  const button = useRef<HTMLButtonElement>(null)
  const form = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (isOpen.value) form.current?.querySelector<HTMLElement>('select, input')?.focus()
  }, [isOpen.value])
  const close = () => {
    set(isOpen, false)
    button.current?.focus()
  }
  return (
    <div class="adding">
      <button ref={button} type="button" aria-expanded={isOpen.value} onClick={() => set(isOpen, !isOpen.value)}>
        {words}
      </button>
      {isOpen.value && (
        <div ref={form} class="doing">
          {children(close)}
        </div>
      )}
    </div>
  )
}
