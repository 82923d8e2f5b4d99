/** An action's typed input → the parameters of a Query request, as AWS's model names them. */
import type { Operation, Shape, Structure } from '../protocol/shapes.ts'

/** The form of a POST: action, version and input. Throws where the input has a member that the action does not know. */
export function writeQuery({ action, version, input: shape }: Operation, input: object): URLSearchParams {
  const parameters = new URLSearchParams({ Action: action, Version: version })
  writeStructure(shape, input, '', parameters)
  return parameters
}

function write(shape: Shape, value: unknown, path: string, parameters: URLSearchParams): void {
  if (shape.type === 'structure') writeStructure(shape, value as object, path, parameters)
  else if (shape.type === 'list') writeList(shape.of, value as readonly unknown[], path, parameters)
  else parameters.set(path, scalar(value))
}

function writeList(of: Shape, items: readonly unknown[], path: string, parameters: URLSearchParams): void {
  for (const [index, item] of items.entries()) write(of, item, `${path}.${index + 1}`, parameters)
}

function writeStructure({ name, members }: Structure, value: object, path: string, parameters: URLSearchParams): void {
  const known = new Map(members.map((member) => [member.name, member]))
  for (const [key, content] of Object.entries(value)) {
    const member = known.get(key)
    if (!member) throw new Error(`${name} has no member ${key}`)
    if (content !== undefined) write(member.shape, content, path ? `${path}.${member.query}` : member.query, parameters)
  }
}

function scalar(value: unknown): string {
  if (value instanceof Date) return value.toISOString()
  return value instanceof Uint8Array ? Buffer.from(value).toString('base64') : String(value)
}
