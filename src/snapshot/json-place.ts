/** Where a text that is no JSON breaks its rules: the parser of Node.js does not always say. */

const LITERAL = /(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)(?![\w.+-])/y
const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y

/** The index at which `text` stops being JSON. It is not nested deeper than the caller has measured. */
export function breakOf(text: string): number {
  const reader = { text, at: 0 }
  if (value(reader)) space(reader)
  return reader.at
}

interface Reader {
  readonly text: string
  at: number
}

// Each part answers whether it was there whole; where not, `at` stays at what is wrong.
function value(r: Reader): boolean {
  space(r)
  const first = r.text[r.at]
  if (first === '"') return string(r)
  if (first === '{') return entries(r, '}', () => string(r) && mark(r, ':') && value(r))
  if (first === '[') return entries(r, ']', () => value(r))
  return matches(r, LITERAL)
}

function entries(r: Reader, end: string, entry: () => boolean): boolean {
  r.at++
  if (mark(r, end)) return true
  do {
    space(r)
    if (!entry()) return false
  } while (mark(r, ','))
  return mark(r, end)
}

function string(r: Reader): boolean {
  if (r.text[r.at] !== '"') return false
  for (r.at++; r.at < r.text.length; ) {
    const c = r.text[r.at] as string
    if (c === '\\' ? !matches(r, ESCAPE) : c < ' ') return false
    if (c !== '\\') r.at++
    if (c === '"') return true
  }
  return false
}

function mark(r: Reader, sign: string): boolean {
  space(r)
  if (r.text[r.at] !== sign) return false
  r.at++
  return true
}

function matches(r: Reader, pattern: RegExp): boolean {
  pattern.lastIndex = r.at
  if (!pattern.test(r.text)) return false
  r.at = pattern.lastIndex
  return true
}

function space(r: Reader): void {
  while (r.at < r.text.length && ' \n\r\t'.includes(r.text[r.at] as string)) r.at++
}
