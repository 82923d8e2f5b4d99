/** A request's parameters → the typed input of an action. A shape is compiled once, when first used, to a closure. */
import { invalidParameter, missingParameter } from '../ec2/errors.ts'
import type { Member, Operation, Shape, Structure } from './model.ts'
import { type Place, parameterTree, unknownParameter } from './parameters.ts'
import { scalarReader } from './scalars.ts'

/** Reads what stands at a place; `path` is the place's name as the client wrote it. */
type Decoder = (place: Place, path: string) => unknown

const decoders = new Map<Shape, Decoder>()

/**
 * The input of the action: only members the model knows, each of its type, required ones there. Errors: ApiError with
 * MissingParameter, UnknownParameter, InvalidParameterValue or InvalidQueryParameter.
 */
export function decode(operation: Operation, parameters: Iterable<readonly [string, string]>): unknown {
  return decoderOf(operation.input)(parameterTree(parameters), '')
}

function decoderOf(shape: Shape): Decoder {
  const known = decoders.get(shape) ?? compile(shape)
  decoders.set(shape, known)
  return known
}

function compile(shape: Shape): Decoder {
  if (shape.type === 'structure') return structureDecoder(shape)
  if (shape.type === 'list') return listDecoder(shape.of)
  const read = scalarReader(shape)
  return ({ value, below }, path) => {
    for (const name of below?.keys() ?? []) throw unknownParameter(join(path, name))
    return read(value ?? '', path)
  }
}

/** `Tag.1`, `Tag.2`, ...: in the order of the numbers, which need not follow one another. */
function listDecoder(of: Shape): Decoder {
  const decodeItem = decoderOf(of)
  return ({ value, below }, path) => {
    if (value) throw invalidParameter(value, path, `Write a list as ${path}.1, ${path}.2, ...`)
    const items = [...(below ?? [])]
    for (const [index] of items) if (!/^\d{1,9}$/.test(index)) throw unknownParameter(join(path, index))
    items.sort(([one], [other]) => Number(one) - Number(other))
    return items.map(([index, place]) => decodeItem(place, join(path, index)))
  }
}

interface Field extends Member {
  readonly decode: Decoder
}

const fieldOf = (member: Member): Field => ({ ...member, decode: decoderOf(member.shape) })

function structureDecoder(structure: Structure): Decoder {
  let fields: Map<string, Field> | undefined
  return ({ value, below }, path) => {
    fields ??= new Map(structure.members.map((member) => [member.query, fieldOf(member)]))
    if (value) throw invalidParameter(value, path, `Write a structure as ${path}.Name.`)
    const decoded: Record<string, unknown> = {}
    for (const [name, place] of below ?? []) {
      const field = fields.get(name)
      if (!field) throw unknownParameter(join(path, name))
      decoded[field.name] = field.decode(place, join(path, name))
    }
    for (const { name, query, required } of fields.values()) {
      if (required && decoded[name] === undefined) throw missingParameter(join(path, query))
    }
    return decoded
  }
}

const join = (path: string, name: string): string => (path ? `${path}.${name}` : name)
