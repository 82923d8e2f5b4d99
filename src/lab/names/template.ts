/** `$vpc1`, `$i2.privateIp` and `${i2.privateIp}` in a lab's texts: `$$` is a dollar sign. */

/** A name in a text, and the attribute that is asked of it; without one its id is meant. */
export interface Mention {
  readonly name: string
  readonly attribute: string
}

const MENTION = /\$(?:\$|([A-Za-z_]\w*)(?:\.([A-Za-z]\w*))?|\{([A-Za-z_]\w*)(?:\.(\w+))?\}|)/g

/** What the expression found: none for `$$` and for a dollar sign alone. */
function mentionOf([, plain, ofPlain, braced, ofBraced]: readonly (string | undefined)[]): Mention | undefined {
  const name = plain ?? braced
  return name === undefined ? undefined : { name, attribute: ofPlain ?? ofBraced ?? 'id' }
}

/** The names in a text. Throws SyntaxError where a dollar sign stands alone. */
export function mentionsIn(text: string): Mention[] {
  return [...text.matchAll(MENTION)].flatMap((match) => {
    if (match[0] === '$$') return []
    const mention = mentionOf(match)
    if (!mention) throw new SyntaxError('a dollar sign begins a name, such as $vpc1; write $$ for itself')
    return mention
  })
}

/** The text with every name replaced by what `valueFor` says. */
export const filled = (text: string, valueFor: (mention: Mention) => string): string =>
  text.replaceAll(MENTION, (...match: (string | undefined)[]) => {
    const mention = mentionOf(match)
    return mention ? valueFor(mention) : '$'
  })

/** The same in all texts of plain data. */
export function filledData(data: unknown, valueFor: (mention: Mention) => string): unknown {
  if (typeof data === 'string') return filled(data, valueFor)
  if (Array.isArray(data)) return data.map((item) => filledData(item, valueFor))
  if (typeof data !== 'object' || data === null) return data
  return Object.fromEntries(Object.entries(data).map(([key, value]) => [key, filledData(value, valueFor)]))
}
