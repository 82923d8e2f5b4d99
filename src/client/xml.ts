/** Reads the XML that the server writes: elements and text, nothing more. */

/** `text` is the text directly inside; whitespace between elements is part of it and means nothing. */
export interface Element {
  readonly name: string
  readonly children: readonly Element[]
  readonly text: string
}

interface Open {
  readonly name: string
  readonly children: Element[]
  text: string
}

const token = /<\?[^>]*\?>|<(\/?)([\w:.-]+)[^>]*?(\/?)>|([^<]+)/g
const entity = /&(?:#x([0-9a-fA-F]+)|#(\d+)|(amp|lt|gt|quot|apos));/g
const named: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

/** The root element. Throws where `text` is not one well-formed element. */
export function parseXml(text: string): Element {
  const root: Open = { name: '', children: [], text: '' }
  const open = [root]
  for (const [, closing, name, selfClosing, content] of text.matchAll(token)) {
    const inner = open.at(-1) as Open
    if (content !== undefined) inner.text += withoutEntities(content)
    else if (closing) close(open, name as string)
    else if (name !== undefined) start(open, inner, name, selfClosing === '/')
  }
  const [element] = root.children
  if (open.length !== 1 || !element) throw new Error('this is not well-formed XML')
  return element
}

function start(open: Open[], parent: Open, name: string, empty: boolean): void {
  const element: Open = { name, children: [], text: '' }
  parent.children.push(element)
  if (!empty) open.push(element)
}

function close(open: Open[], name: string): void {
  if (open.length === 1 || open.pop()?.name !== name) throw new Error(`</${name}> closes nothing`)
}

const withoutEntities = (text: string): string =>
  text.replace(entity, (_, hex, decimal, name) =>
    name ? (named[name] as string) : String.fromCodePoint(hex ? Number.parseInt(hex, 16) : Number(decimal)),
  )

/** The first child of that name. */
export const childOf = (element: Element | undefined, name: string): Element | undefined =>
  element?.children.find((child) => child.name === name)
