/** The scalars of the EC2 API, read strictly from a parameter's text. */
import { type ApiError, invalidParameter, invalidValue } from '../ec2/errors.ts'
import type { ScalarType, Shape } from './model.ts'

/** The value, or undefined where the text is not one. */
type Reader = (text: string) => unknown

const readers: Record<Exclude<ScalarType, 'enum'>, Reader> = {
  string: (text) => text,
  boolean: (text) => booleans.get(text.toLowerCase()),
  integer: (text) => (/^-?\d{1,16}$/.test(text) && Number.isSafeInteger(Number(text)) ? Number(text) : undefined),
  decimal: (text) => (/^-?\d{1,30}(\.\d{1,30})?$/.test(text) ? Number(text) : undefined),
  timestamp: readTimestamp,
  blob: (text) => (base64.test(text) ? new Uint8Array(Buffer.from(text, 'base64')) : undefined),
}
const expected: Record<Exclude<ScalarType, 'enum' | 'string'>, string> = {
  boolean: 'Must be true or false.',
  integer: 'Must be an integer.',
  decimal: 'Must be a number.',
  timestamp: 'Must be an ISO 8601 date and time.',
  blob: 'Must be base64.',
}

const booleans = new Map([
  ['true', true],
  ['false', false],
])
const base64 = /^[A-Za-z0-9+/\s]*={0,2}\s*$/
const iso8601 = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d))?$/

function readTimestamp(text: string): Date | undefined {
  const milliseconds = iso8601.test(text) ? Date.parse(text) : Number.NaN
  return Number.isNaN(milliseconds) ? undefined : new Date(milliseconds)
}

/** AWS's own words for a name outside these enumerations; for the others its general ones. */
const enumErrors: Readonly<Record<string, (value: string) => ApiError>> = {
  InstanceType: (value) => invalidValue(`Invalid value '${value}' for InstanceType.`),
  ResourceType: (value) => invalidValue(`'${value}' is not a valid taggable resource type for this operation.`),
}

/** What reads a scalar of that shape; `path` is the parameter's name. Errors: InvalidParameterValue. */
export function scalarReader(shape: Extract<Shape, { type: ScalarType }>): (text: string, path: string) => unknown {
  if (shape.type === 'enum') return enumReader(shape)
  const { type } = shape
  const read = readers[type]
  return (text, path) => {
    const value = read(text)
    if (value === undefined) throw invalidParameter(text, path, type === 'string' ? '' : expected[type])
    return value
  }
}

function enumReader({ name, values }: Extract<Shape, { type: 'enum' }>): (text: string, path: string) => string {
  const choices = values.size <= 20 ? `Must be one of: ${[...values].join(', ')}.` : ''
  return (text, path) => {
    if (values.has(text)) return text
    throw enumErrors[name]?.(text) ?? invalidParameter(text, path, choices)
  }
}
