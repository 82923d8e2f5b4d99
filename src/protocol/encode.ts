/** The typed output of an action → AWS's XML. Each shape is compiled once, at its first use, to a closure. */
import { apiVersion, type Operation, type ScalarType, type Shape, type Structure } from './model.ts'

type Encoder = (value: unknown) => string

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\r': '&#xD;',
}
// All but what XML carries as it is; the first, without pairs of surrogates, is the quick look that most text passes.
const special = /[^\t\n -!#-%'-;=?-\uD7FF\uE000-\uFFFD]/
const specials = /[^\t\n -!#-%'-;=?-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu

/**
 * Text as XML carries it. What XML can not carry at all (a control character in a tag, say) becomes U+FFFD: one such
 * character would make every later answer that shows the resource unreadable.
 */
export const escapeXml = (text: string): string =>
  special.test(text) ? text.replace(specials, (char) => entities[char] ?? '\uFFFD') : text

/** The whole answer to the action. */
export function encode(operation: Operation, requestId: string, output: unknown): string {
  const { action } = operation
  // An action without an output of its own says that it worked (DeleteVpc).
  const content = operation.output ? encoderOf(operation.output)(output ?? {}) : '<return>true</return>'
  const namespace = `http://ec2.amazonaws.com/doc/${apiVersion()}/`
  return (
    `<?xml version="1.0" encoding="UTF-8"?>\n<${action}Response xmlns="${namespace}">` +
    `<requestId>${requestId}</requestId>${content}</${action}Response>`
  )
}

const text: Encoder = (value) => escapeXml(String(value))
const scalars: Record<ScalarType, Encoder> = {
  string: text,
  enum: String,
  integer: String,
  decimal: String,
  boolean: String,
  timestamp: (value) => (value as Date).toISOString(),
  blob: (value) => Buffer.from(value as Uint8Array).toString('base64'),
}

const encoders = new Map<Shape, Encoder>()

function encoderOf(shape: Shape): Encoder {
  const known = encoders.get(shape) ?? compile(shape)
  encoders.set(shape, known)
  return known
}

function compile(shape: Shape): Encoder {
  if (shape.type === 'structure') return structureEncoder(shape)
  if (shape.type === 'list') return listEncoder(shape.item, shape.of)
  return scalars[shape.type]
}

function listEncoder(item: string, of: Shape): Encoder {
  const encodeItem = encoderOf(of)
  const { open, close } = tagsOf(item)
  return (values) => {
    let xml = ''
    for (const value of values as Iterable<unknown>) xml += open + encodeItem(value) + close
    return xml
  }
}

/** Made once: a large answer has hundreds of thousands of them. */
const tagsOf = (element: string) => ({ open: `<${element}>`, close: `</${element}>` })

interface Field {
  readonly name: string
  readonly open: string
  readonly close: string
  readonly encode: Encoder
}

function structureEncoder(structure: Structure): Encoder {
  let fields: readonly Field[] | undefined
  return keptIfFrozen((value) => {
    fields ??= structure.members.map(({ name, xml, shape }) => ({ name, ...tagsOf(xml), encode: encoderOf(shape) }))
    let xml = ''
    for (const field of fields) {
      const member = (value as Record<string, unknown>)[field.name]
      if (member !== undefined && member !== null) xml += field.open + field.encode(member) + field.close
    }
    return xml
  })
}

/** What is frozen is kept by who made it, and comes again: its text is kept with it. */
function keptIfFrozen(encodeAnew: Encoder): Encoder {
  const texts = new WeakMap<object, string>()
  return (value) => {
    if (!Object.isFrozen(value)) return encodeAnew(value)
    const known = texts.get(value as object)
    if (known !== undefined) return known
    // In one piece: a text that was added up is hundreds of pieces, which would be put together in every answer.
    const made = Buffer.from(encodeAnew(value)).toString()
    texts.set(value as object, made)
    return made
  }
}
