/** A written description of an API, read as shapes when they are first asked for. */

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
  /** The version of the API, as clients send it. */
  readonly version: string
  readonly input: Structure
  readonly output: Structure | undefined
}

type Written = string | readonly [item: string, of: Written]
type WrittenMember = [name: string, shape: Written, wire?: { query?: string; xml?: string; required?: true }]
/** The description as it is written down. */
export interface Model {
  readonly version: string
  readonly actions: Readonly<Record<string, readonly [input: string | null, output: string | null]>>
  readonly structures: Readonly<Record<string, readonly WrittenMember[]>>
  readonly enums: Readonly<Record<string, readonly string[]>>
}

/** The action of that name; undefined where the description has none. */
export type Api = (action: string) => Operation | undefined

/** Makes a value at the first call and keeps it. */
export function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined
  return () => {
    made ??= { value: make() }
    return made.value
  }
}

const nothing: Structure = { type: 'structure', name: 'Unit', members: [] }

/**
 * What is taken beyond AWS's description. Of Network Insights' protocols AWS itself takes the names in capitals, as its
 * guide writes them; ICMP is an extension (docs/explanation-codes.md).
 */
const MORE_VALUES: Readonly<Record<string, readonly string[]>> = { Protocol: ['TCP', 'UDP', 'icmp', 'ICMP'] }

/** The actions that `model` describes; each shape is made once. */
export function apiOf(model: () => Model): Api {
  const structures = new Map<string, Structure>()
  const enums = new Map<string, Shape>()
  const operations = new Map<string, Operation>()

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

  function enumOf(name: string): Shape {
    const known = enums.get(name)
    if (known) return known
    const values = new Set([...(model().enums[name] ?? []), ...(MORE_VALUES[name] ?? [])])
    const made: Shape = { type: 'enum', name, values }
    enums.set(name, made)
    return made
  }

  return (action) => {
    const known = operations.get(action)
    if (known || !Object.hasOwn(model().actions, action)) return known
    const [input, output] = model().actions[action] ?? [null, null]
    const operation: Operation = {
      action,
      version: model().version,
      input: input === null ? nothing : structureOf(input),
      output: output === null ? undefined : structureOf(output),
    }
    operations.set(action, operation)
    return operation
  }
}
