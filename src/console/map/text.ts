/** How much of a text fits: SVG does not crop, and a layout without a browser can not measure. */

/** Widths in parts of the font size: those of DejaVu Sans, of common fonts the widest. */
const CLASSES: readonly (readonly [RegExp, number])[] = [
  [/[iljI.,:;|!'` ]/, 0.33],
  [/[frt()[\]{}/\-"]/, 0.42],
  [/[mwMW@%]/, 1],
  [/[A-Z&#+=<>~_]/, 0.78],
  [/[\u0020-\u024f]/, 0.64],
]
const WIDEST = 1.1
/** How much wider titles are, which are bold. */
export const BOLD = 1.1

/** Found once: a large map has tens of thousands of characters, and few different ones. */
const widths = new Map<string, number>()

function widthOfCharacter(character: string): number {
  const known = widths.get(character)
  if (known !== undefined) return known
  const width = CLASSES.find(([form]) => form.test(character))?.[1] ?? WIDEST
  widths.set(character, width)
  return width
}

/** Pixels, rather too many than too few. */
export function widthOf(text: string, size: number): number {
  let width = 0
  for (const character of text) width += widthOfCharacter(character)
  return width * size
}

/** The text, or its beginning and an ellipsis, in at most so many pixels. */
export function cropped(text: string, width: number, size: number): string {
  // Half of a control character's picture is nothing to read, and a line break is a space.
  const line = [...text.replace(/\s+/g, ' ')]
  if (widthOf(line.join(''), size) <= width) return line.join('')
  let left = width - size
  let kept = ''
  for (const character of line) {
    left -= widthOfCharacter(character) * size
    if (left < 0) break
    kept += character
  }
  return `${kept.trimEnd()}…`
}
