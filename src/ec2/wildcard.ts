/** Texts with wildcards, as filters and some parameters take them. */

/** Marks that no character is. */
const ANY_TEXT = -1
const ANY_CHARACTER = -2

/**
 * Whether a text is one of `values`: `*` is any text, `?` one character, a backslash before either (or before itself)
 * the character. Case matters. It takes time by the product of the lengths at most: a regular expression of a
 * client's making would take for ever.
 */
export function patternOf(values: readonly string[]): (text: string) => boolean {
  const patterns = values.map(parsed)
  return (text) => patterns.some((pattern) => matches(pattern, text))
}

const parsed = (value: string): readonly number[] =>
  (value.match(/\\[*?\\]|[\s\S]/g) ?? []).map((part) => {
    if (part === '*') return ANY_TEXT
    return part === '?' ? ANY_CHARACTER : part.charCodeAt(part.length - 1)
  })

/** Goes on from the last `*` where it does not fit: what an earlier one took never has to be looked at again. */
function matches(pattern: readonly number[], text: string): boolean {
  let [at, from] = [0, 0]
  let star = -1
  let taken = 0
  while (from < text.length) {
    const wanted = pattern[at]
    if (wanted === ANY_TEXT) {
      star = at++
      taken = from
    } else if (wanted === ANY_CHARACTER || wanted === text.charCodeAt(from)) {
      at++
      from++
    } else if (star >= 0) {
      at = star + 1
      from = ++taken
    } else return false
  }
  while (pattern[at] === ANY_TEXT) at++
  return at === pattern.length
}

/** Whether a value stands for more, or for something else, than its own text. */
export const hasWildcard = (value: string): boolean => /[*?\\]/.test(value)
