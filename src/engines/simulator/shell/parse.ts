/** The shell's language, as far as the simulator has it: words, quotes, variables, substitutions, `;` `&&` `||`. */

export interface Text {
  readonly text: string
  readonly quoted: boolean
}
export interface Variable {
  readonly variable: string
  readonly quoted: boolean
}
/** What a script says takes its place. */
export interface Substitution {
  readonly script: string
  readonly quoted: boolean
}
export type Part = Text | Variable | Substitution
export type Word = readonly Part[]

/** One command; `when` says after which outcome of the one before it is run. */
export interface Step {
  readonly when: 'always' | 'success' | 'failure'
  readonly words: readonly Word[]
}

/** A line that the shell does not understand. */
export class ParseError extends Error {}

const WHEN = { ';': 'always', '&&': 'success', '||': 'failure' } as const

/** The commands of a line. Throws ParseError. */
export function parse(line: string): Step[] {
  const steps: { when: Step['when']; words: Word[] }[] = [{ when: 'always', words: [] }]
  let rest = line
  while (true) {
    rest = rest.replace(/^(\s|#.*)+/, '')
    if (rest === '') break
    const [separator] = /^(&&|\|\||;)/.exec(rest) ?? []
    if (separator) {
      steps.push({ when: WHEN[separator as keyof typeof WHEN], words: [] })
      rest = rest.slice(separator.length)
      continue
    }
    const { word, length } = parseWord(rest)
    steps.at(-1)?.words.push(word)
    rest = rest.slice(length)
  }
  return steps.filter(({ words }) => words.length > 0)
}

/** Pieces of a word outside of double quotes, and inside. The first that fits is taken. */
type Rule = readonly [RegExp, (match: RegExpExecArray) => Part]
const dollar = (quoted: boolean): Rule[] => [
  [/^\$\(((?:[^()'"]|'[^']*'|"[^"]*")*)\)/, ([, script = '']) => ({ script, quoted })],
  [/^`([^`]*)`/, ([, script = '']) => ({ script, quoted })],
  [/^\$(\w+|\?)/, ([, variable = '']) => ({ variable, quoted })],
  [/^\$\{(\w+)\}/, ([, variable = '']) => ({ variable, quoted })],
]
const PLAIN: readonly Rule[] = [
  [/^'([^']*)'/, ([, text = '']) => ({ text, quoted: true })],
  [/^\\(.)/s, ([, text = '']) => ({ text, quoted: true })],
  ...dollar(false),
  [/^\$/, () => ({ text: '$', quoted: true })],
  [/^[^\s'"\\$`;&|<>()]+/, ([text]) => ({ text, quoted: false })],
]
const QUOTED: readonly Rule[] = [
  [/^\\(["\\$`])/, ([, text = '']) => ({ text, quoted: true })],
  ...dollar(true),
  [/^[$\\]/, ([text]) => ({ text, quoted: true })],
  [/^[^"\\$`]+/, ([text]) => ({ text, quoted: true })],
]

function parseWord(source: string): { word: Word; length: number } {
  const word: Part[] = []
  let at = 0
  let inside = false
  while (at < source.length) {
    const rest = source.slice(at)
    if (rest[0] === '"') {
      inside = !inside
      // An empty pair of quotes is a word, too.
      word.push({ text: '', quoted: true })
      at++
      continue
    }
    if (!inside && /^(\s|;|&&|\|\|)/.test(rest)) break
    const { part, length } = parsePart(inside ? QUOTED : PLAIN, rest)
    word.push(part)
    at += length
  }
  if (inside) throw new ParseError('a quote is not closed')
  return { word, length: at }
}

function parsePart(rules: readonly Rule[], rest: string): { part: Part; length: number } {
  for (const [pattern, make] of rules) {
    const match = pattern.exec(rest)
    if (match) return { part: make(match), length: match[0].length }
  }
  if (/^['"`$]/.test(rest)) throw new ParseError(`${rest[0]} is not closed`)
  throw new ParseError(`the simulated shell has no ${rest[0]}: no pipes, redirections, jobs or subshells`)
}
