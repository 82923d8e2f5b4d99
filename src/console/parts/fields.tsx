/** The fields of forms, each bound to a signal. */
import type { Signal } from '@preact/signals'
import type { ComponentChildren } from 'preact'
import { useId } from 'preact/hooks'
import { set } from './set.ts'

interface Bound<T> {
  readonly label: string
  readonly value: Signal<T>
  readonly hint?: string
}

interface FieldProps {
  readonly id: string
  readonly label: string
  readonly hint?: string | undefined
  readonly children: ComponentChildren
}

const Field = ({ id, label, hint, children }: FieldProps) => (
  <div class="field">
    <label for={id}>{label}</label>
    {children}
    {hint && <small id={`${id}-hint`}>{hint}</small>}
  </div>
)

/** What is read out with the field. */
const described = (id: string, hint: string | undefined) => (hint ? { 'aria-describedby': `${id}-hint` } : {})

interface TextProps extends Bound<string> {
  readonly placeholder?: string
  /** What may be meant. */
  readonly suggestions?: readonly Option[]
  /** What is typed is nobody's to read. */
  readonly secret?: boolean
}

export function TextField({ label, value, hint, placeholder = '', secret = false, suggestions }: TextProps) {
  const id = useId()
  return (
    <Field id={id} label={label} hint={hint}>
      <input
        id={id}
        {...(secret ? { type: 'password' } : { type: 'text' })}
        {...(suggestions && { list: `${id}-list` })}
        {...described(id, hint)}
        spellcheck={false}
        autocomplete="off"
        placeholder={placeholder}
        value={value.value}
        onInput={(event) => set(value, event.currentTarget.value)}
      />
      {suggestions && (
        <datalist id={`${id}-list`}>
          {suggestions.map(([one, words]) => (
            <option key={one} value={one}>
              {words}
            </option>
          ))}
        </datalist>
      )}
    </Field>
  )
}

/** Several lines. */
export function AreaField({ label, value, hint, placeholder = '' }: Omit<TextProps, 'secret' | 'suggestions'>) {
  const id = useId()
  return (
    <Field id={id} label={label} hint={hint}>
      <textarea
        id={id}
        rows={4}
        spellcheck={false}
        placeholder={placeholder}
        value={value.value}
        {...described(id, hint)}
        onInput={(event) => set(value, event.currentTarget.value)}
      />
    </Field>
  )
}

/** What can be chosen: a value and its words. */
export type Option = readonly [value: string, words: string]

interface PickProps {
  readonly label: string
  readonly hint?: string
  readonly chosen: string
  readonly pick: (value: string) => void
  readonly options: readonly Option[]
}

/** A choice that is kept elsewhere than in a signal of its own. */
export function PickField({ label, hint, chosen, pick, options }: PickProps) {
  const id = useId()
  return (
    <Field id={id} label={label} hint={hint}>
      <select id={id} value={chosen} {...described(id, hint)} onChange={(event) => pick(event.currentTarget.value)}>
        {options.some(([one]) => one === chosen) || <option value={chosen}>Choose</option>}
        {options.map(([one, words]) => (
          <option key={one} value={one}>
            {words}
          </option>
        ))}
      </select>
    </Field>
  )
}

export const ChoiceField = ({ value, ...rest }: Bound<string> & { options: readonly Option[] }) => (
  <PickField {...rest} chosen={value.value} pick={(one) => set(value, one)} />
)

export const CheckField = ({ label, value }: Bound<boolean>) => (
  <label class="check">
    <input type="checkbox" checked={value.value} onChange={(event) => set(value, event.currentTarget.checked)} />
    <span>{label}</span>
  </label>
)

interface ChecksProps {
  readonly label: string
  readonly value: Signal<ReadonlySet<string>>
  readonly options: readonly Option[]
}

function toggled(some: ReadonlySet<string>, one: string): ReadonlySet<string> {
  const next = new Set(some)
  if (!next.delete(one)) next.add(one)
  return next
}

/** Any of them. */
export const ChecksField = ({ label, value, options }: ChecksProps) => (
  <fieldset class="checks">
    <legend>{label}</legend>
    {options.map(([one, words]) => (
      <label key={one} class="check">
        <input type="checkbox" checked={value.value.has(one)} onChange={() => set(value, toggled(value.value, one))} />
        <span>{words}</span>
      </label>
    ))}
  </fieldset>
)

/** A few choices side by side. */
export function TabField({ label, value, options }: Bound<string> & { options: readonly Option[] }) {
  const name = useId()
  return (
    <fieldset class="tabs">
      <legend>{label}</legend>
      {options.map(([one, words]) => (
        <label key={one}>
          <input type="radio" name={name} checked={value.value === one} onChange={() => set(value, one)} />
          <span>{words}</span>
        </label>
      ))}
    </fieldset>
  )
}
