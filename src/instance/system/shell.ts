/** Text made safe for a shell. */

/** One word, whatever is in it; whoever reads a text has refused NUL, which no shell can hold. */
export function word(text: string): string {
  if (text.includes('\0')) throw new Error('a NUL character can not be a part of a word')
  return `'${text.replaceAll("'", "'\\''")}'`
}

/** A command with bytes on its standard input, as base64. */
export function fed(command: string, bytes: Uint8Array | string): string {
  const lines =
    Buffer.from(bytes)
      .toString('base64')
      .match(/.{1,76}/g) ?? []
  // No line of base64 is the mark that ends it.
  return [`${command} <<'-END-'`, ...lines, '-END-'].join('\n')
}
