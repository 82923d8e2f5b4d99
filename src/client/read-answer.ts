/** XML → an action's typed output, and an error's code and message. */
import type { Operation, ScalarType, Shape, Structure } from '../protocol/shapes.ts'
import { childOf, type Element, parseXml } from './xml.ts'

/** What a successful answer says; empty for an action that only says that it worked. */
export function readAnswer({ output }: Operation, xml: string): unknown {
  return output ? readStructure(output, parseXml(xml)) : {}
}

/** The code and message of an error answer; undefined where the text is none of AWS's. */
export function readError(xml: string): { code: string; message: string } | undefined {
  try {
    const root = parseXml(xml)
    const error = childOf(childOf(root, 'Errors'), 'Error') ?? childOf(root, 'Error')
    const code = childOf(error, 'Code')?.text
    return code === undefined ? undefined : { code, message: childOf(error, 'Message')?.text ?? '' }
  } catch {
    return undefined
  }
}

const scalars: Record<ScalarType, (text: string) => unknown> = {
  string: String,
  enum: String,
  integer: Number,
  decimal: Number,
  boolean: (text) => text === 'true',
  timestamp: (text) => new Date(text),
  blob: (text) => new Uint8Array(Buffer.from(text, 'base64')),
}

function read(shape: Shape, element: Element): unknown {
  if (shape.type === 'structure') return readStructure(shape, element)
  if (shape.type !== 'list') return scalars[shape.type](element.text)
  return element.children.map((child) => read(shape.of, child))
}

/** A member that the answer leaves out stays out. */
function readStructure({ members }: Structure, element: Element): unknown {
  const found = members.flatMap(({ name, xml, shape }) => {
    const child = childOf(element, xml)
    return child ? [[name, read(shape, child)] as const] : []
  })
  return Object.fromEntries(found)
}
