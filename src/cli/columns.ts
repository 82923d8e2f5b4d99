/** Lines of cells as a table. */

/** Each column as wide as its widest cell, two blanks between them. All lines have as many cells as the first. */
export function inColumns(lines: readonly (readonly string[])[]): string {
  const widths = (lines[0] ?? []).map((_, i) => Math.max(...lines.map((line) => line[i]?.length ?? 0)))
  const joined = (line: readonly string[]) => line.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join('  ')
  return lines.map((line) => joined(line).trimEnd()).join('\n')
}
