/** The names of a step: what `where` binds, and whether every mention of a name means something. */
import { ATTRIBUTES, type Kind, KINDS } from '../names/attributes.ts'
import { mentionsIn } from '../names/template.ts'
import type { Binding, Selector } from './lab.ts'
import type { Part } from './yaml-part.ts'

/** Names → what kind of thing each is. */
export type Known = ReadonlyMap<string, Kind>

/** `{ vpc: { cidr: 10.1.0.0/16 } }`. */
export function readSelector(part: Part, known: Known): Selector {
  const [entry, ...more] = part.fields(KINDS).entries()
  if (!entry || more.length > 0) part.wrong(`expected one kind of thing: ${KINDS.join(', ')}`)
  if (!entry) return { kind: 'vpc', having: {} }
  const kind = entry[0] as Kind
  const fields = entry[1].fields(ATTRIBUTES[kind]).entries()
  if (fields.length === 0) entry[1].wrong(`expected what tells this ${kind} from others`)
  const having = fields.map(([attribute, value]) => {
    checkMentions(value, known)
    return [attribute, value.oneOrMore().map((one) => one.text())] as const
  })
  return { kind, having: Object.fromEntries(having) }
}

/** What `where` binds, beside what is bound already. */
export function readBindings(part: Part | undefined, before: readonly Binding[]): readonly Binding[] {
  const known = new Map(knownBy(before))
  const own = (part?.fields().entries() ?? []).map(([name, value]) => {
    if (!/^[A-Za-z_]\w*$/.test(name)) value.wrong(`${name} is no name: letters, digits and _`)
    const selector = readSelector(value, known)
    known.set(name, selector.kind)
    return { name, selector }
  })
  return [...before.filter(({ name }) => !own.some((one) => one.name === name)), ...own]
}

export const knownBy = (bindings: readonly Binding[]): Known =>
  new Map(bindings.map(({ name, selector }) => [name, selector.kind]))

/** Every name that is mentioned has to be bound, and to have the attribute. */
export function checkMentions(part: Part, known: Known): void {
  for (const text of part.scalars()) {
    const written = text.data()
    if (typeof written !== 'string') continue
    for (const message of wrongMentions(written, known)) text.wrong(message)
  }
}

function wrongMentions(text: string, known: Known): string[] {
  try {
    return mentionsIn(text).flatMap(({ name, attribute }) => {
      const kind = known.get(name)
      if (kind === undefined) return [`\`where\` binds no ${name}${listed([...known.keys()])}`]
      const attributes: readonly string[] = ATTRIBUTES[kind]
      return attributes.includes(attribute) ? [] : [`${name} has no ${attribute}${listed(attributes)}`]
    })
  } catch (error) {
    return [(error as Error).message]
  }
}

const listed = (names: readonly string[]): string => (names.length === 0 ? '' : `; there is ${names.join(', ')}`)
