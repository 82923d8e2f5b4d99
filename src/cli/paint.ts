/** Colours, where a person sees them: on a terminal, and not where NO_COLOR is set. */

const CODES = { bold: [1, 22], dim: [2, 22], red: [31, 39], green: [32, 39], yellow: [33, 39], cyan: [36, 39] } as const
export type Style = keyof typeof CODES

/** The text in a style, or as it is. */
export type Paint = (style: Style, text: string) => string

export const plain: Paint = (_, text) => text

const coloured: Paint = (style, text) => {
  const [on, off] = CODES[style]
  return text === '' ? '' : `\x1b[${on}m${text}\x1b[${off}m`
}

/** For what is written to this stream (https://no-color.org). */
export const painter = ({ isTTY }: { readonly isTTY?: boolean }, env: NodeJS.ProcessEnv = process.env): Paint =>
  isTTY && !env.NO_COLOR && env.TERM !== 'dumb' ? coloured : plain
