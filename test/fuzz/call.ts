/** A call as it is generated: what it names of earlier answers is found when it is sent. */

/** One of the things that earlier answers showed: of this kind (an id's prefix, an element's name), the newest at 0. */
export interface Pick {
  readonly of: string
  /** 0 to 999, from the newest to the oldest. */
  readonly pick: number
}

/** The same thing once it is known which answer showed it first, so that calls between can be left out. */
export interface Shown {
  readonly of: string
  /** The number of the call that was answered so. */
  readonly call: number
  readonly nth: number
}

export type Value = string | Pick | Shown

/** A parameter of the request, as it goes over the wire. */
export type Parameter = readonly [name: string, value: Value]

export interface Call {
  readonly action: string
  readonly parameters: readonly Parameter[]
  /** Index into `CALLERS`. */
  readonly caller: number
  /** Appended to the form as it is: what no client's encoder would write. */
  readonly raw: string
  /** Milliseconds that pass before it. */
  readonly wait: number
  readonly method: 'POST' | 'GET'
}

/** Account and Region: two accounts, one of them in two Regions. */
export const CALLERS = [
  ['123456789012', 'us-east-1'],
  ['210987654321', 'us-east-1'],
  ['123456789012', 'eu-west-1'],
] as const

/** A call that nothing is odd about. */
export const plainCall = (action: string, parameters: readonly Parameter[], caller = 0): Call => ({
  action,
  parameters,
  caller,
  raw: '',
  wait: 0,
  method: 'POST',
})

const printed = (value: Value): string => {
  if (typeof value !== 'string') return 'call' in value ? `<${value.of} ${value.nth} of call ${value.call}>` : '<one>'
  const text = JSON.stringify(value)
  return text.length > 200 ? `${text.slice(0, 120)}... (${value.length} characters)` : text
}

/** The call on a few lines for people. */
export function describeCall({ action, parameters, caller, raw, wait, method }: Call): string {
  const shown = parameters.slice(0, 40).map(([name, value]) => `${name.slice(0, 200)}=${printed(value)}`)
  const more = parameters.length > 40 ? [`and ${parameters.length - 40} more`] : []
  const who = caller === 0 ? [] : [`as ${CALLERS[caller]?.join(' in ')}`]
  const odd = [...who, ...(method === 'GET' ? ['by GET'] : []), ...(wait > 0 ? [`${wait} ms later`] : [])]
  const tail = raw === '' ? [] : [`raw ${JSON.stringify(raw)}`]
  return [action, ...odd.map((word) => `(${word})`), ...shown, ...more, ...tail].join(' ')
}
