/** Text in lines that fit a terminal. */

/** Words in lines of at most `width` columns; every line but the first begins with `indent`. */
export function wrapped(text: string, width: number, first = '', indent = first): string[] {
  const lines: string[] = []
  let line = first
  let begun = false
  for (const word of text.split(' ')) {
    if (begun && line.length + 1 + word.length > width) {
      lines.push(line)
      line = indent + word
    } else {
      line += begun ? ` ${word}` : word
      begun = true
    }
  }
  return [...lines, line]
}

/** A command that goes on over lines as a shell reads them: broken before options, a backslash at the end. */
export function wrappedCommand(command: string, width: number, first: string, indent: string): string[] {
  const parts = command.split(/ (?=--[a-z])/)
  const lines: string[] = []
  let line = first
  for (const [index, part] of parts.entries()) {
    const fits = line.length + part.length + 3 <= width
    if (index > 0 && !fits) {
      lines.push(`${line} \\`)
      line = indent + part
    } else line += index === 0 ? part : ` ${part}`
  }
  return [...lines, line]
}
