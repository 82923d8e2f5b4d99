/**
 * AWS's own description of the EC2 API (model/ec2.json), as shapes that the decoder and the encoder follow.
 *
 * Invariants of this folder: what goes over the wire is decided by the model, never by an action's name; a request is
 * checked here, once; nothing here knows what a VPC is.
 */
import { readFileSync } from 'node:fs'

/** What a value looks like. A structure's members are read when they are first asked for. */
export type Shape =
  | { readonly type: 'string' | 'integer' | 'decimal' | 'boolean' | 'timestamp' | 'blob' }
  | { readonly type: 'enum'; readonly name: string; readonly values: ReadonlySet<string> }
  | { readonly type: 'list'; readonly item: string; readonly of: Shape }
  | Structure
export type ScalarType = Exclude<Shape['type'], 'list' | 'structure'>

export interface Structure {
  readonly type: 'structure'
  readonly name: string
  readonly members: readonly Member[]
}

/** One member: `name` in handlers, `query` in a request's parameters, `xml` in an answer. */
export interface Member {
  readonly name: string
  readonly query: string
  readonly xml: string
  readonly required: boolean
  readonly shape: Shape
}

/** One action; `output` is absent where AWS only says that it worked. */
export interface Operation {
  readonly action: string
  readonly input: Structure
  readonly output: Structure | undefined
}

type Written = string | readonly [item: string, of: Written]
type WrittenMember = [name: string, shape: Written, wire?: { query?: string; xml?: string; required?: true }]
interface Model {
  readonly version: string
  readonly actions: Readonly<Record<string, readonly [input: string | null, output: string | null]>>
  readonly structures: Readonly<Record<string, readonly WrittenMember[]>>
  readonly enums: Readonly<Record<string, readonly string[]>>
}

/** Makes a value at the first call and keeps it. */
function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined
  return () => {
    made ??= { value: make() }
    return made.value
  }
}

// Five milliseconds and a few megabytes: paid by the process that answers requests, not by every command.
const model = once(() => JSON.parse(readFileSync(new URL('../../model/ec2.json', import.meta.url), 'utf8')) as Model)
const nothing: Structure = { type: 'structure', name: 'Unit', members: [] }
const structures = new Map<string, Structure>()
const enums = new Map<string, Shape>()
const operations = new Map<string, Operation>()

/** The version of the API that the model describes, as clients send it in `Version=`. */
export const apiVersion = (): string => model().version

/** The names of all actions of the API, carried out here or not. */
export const actionNames = (): readonly string[] => Object.keys(model().actions)

/** The action of that name; undefined where AWS has none. */
export function operationOf(action: string): Operation | undefined {
  const known = operations.get(action)
  if (known || !Object.hasOwn(model().actions, action)) return known
  const [input, output] = model().actions[action] ?? [null, null]
  const operation: Operation = {
    action,
    input: input === null ? nothing : structureOf(input),
    output: output === null ? undefined : structureOf(output),
  }
  operations.set(action, operation)
  return operation
}

function shapeOf(written: Written): Shape {
  if (typeof written !== 'string') return { type: 'list', item: written[0], of: shapeOf(written[1]) }
  if (written.startsWith('#')) return structureOf(written)
  if (written.startsWith('=')) return enumOf(written.slice(1))
  return { type: written as Exclude<ScalarType, 'enum'> }
}

function structureOf(reference: string): Structure {
  const name = reference.slice(1)
  const known = structures.get(name)
  if (known) return known
  const members = once(() => (model().structures[name] ?? []).map(memberOf))
  const structure: Structure = {
    type: 'structure',
    name,
    get members() {
      return members()
    },
  }
  structures.set(name, structure)
  return structure
}

const memberOf = ([name, shape, wire = {}]: WrittenMember): Member => ({
  name,
  query: wire.query ?? name,
  xml: wire.xml ?? name,
  required: wire.required ?? false,
  shape: shapeOf(shape),
})

/**
 * What is taken beyond AWS's description. Of Network Insights' protocols AWS itself takes the names in capitals, as its
 * guide writes them; ICMP is an extension (docs/explanation-codes.md).
 */
const MORE_VALUES: Readonly<Record<string, readonly string[]>> = { Protocol: ['TCP', 'UDP', 'icmp', 'ICMP'] }

function enumOf(name: string): Shape {
  const values = new Set([...(model().enums[name] ?? []), ...(MORE_VALUES[name] ?? [])])
  const known = enums.get(name) ?? { type: 'enum', name, values }
  enums.set(name, known)
  return known
}
