/** What may come next on a command line, read off the commands themselves. */
import type { Command, Option } from 'commander'

/** Where the cursor is: in which command, at which of its arguments, or at the value of which option. */
interface Place {
  readonly command: Command
  readonly options: Readonly<Record<string, string>>
  /** How many arguments of the command are there already. */
  readonly count: number
  /** The option whose value comes next. */
  readonly awaiting: Option | undefined
}

/** What an argument or an option of a command may be; `options` are those given on the line so far (`--state`). */
export type Names = (
  command: Command,
  what: string,
  options: Readonly<Record<string, string>>,
) => Promise<readonly string[]>

/** The words that may stand for the last of `words`, which may be empty. */
export async function candidates(program: Command, words: readonly string[], names: Names): Promise<string[]> {
  const last = words.at(-1) ?? ''
  const before = words.slice(0, -1)
  // What follows is for somebody else.
  if (before.includes('--')) return []
  const place = before.reduce(after, { command: program, options: {}, count: 0, awaiting: undefined })
  const all = last.startsWith('-') && !place.awaiting ? flagsOf(place.command) : await wordsAt(place, names)
  return [...new Set(all)].filter((word) => word.startsWith(last)).sort()
}

async function wordsAt({ command, options, count, awaiting }: Place, names: Names): Promise<readonly string[]> {
  if (awaiting) return awaiting.argChoices ?? names(command, awaiting.attributeName(), options)
  if (command.commands.length > 0)
    return command
      .createHelp()
      .visibleCommands(command)
      .map((c) => c.name())
  const { registeredArguments } = command
  const last = registeredArguments.at(-1)
  const argument = registeredArguments[count] ?? (last?.variadic ? last : undefined)
  return argument ? (argument.argChoices ?? names(command, argument.name(), options)) : []
}

function after(place: Place, word: string): Place {
  const { command, options, awaiting } = place
  if (awaiting) return { ...place, awaiting: undefined, options: { ...options, [awaiting.attributeName()]: word } }
  if (word.startsWith('-')) {
    const option = optionOf(command, word)
    return option?.required && !word.includes('=') ? { ...place, awaiting: option } : place
  }
  const next = command.commands.find((c) => c.name() === word || c.aliases().includes(word))
  return next ? { ...place, command: next } : { ...place, count: place.count + 1 }
}

const optionOf = (command: Command, word: string): Option | undefined =>
  command.options.find(({ long, short }) => [long, short].includes(word.split('=')[0]))

const flagsOf = (command: Command): string[] =>
  command
    .createHelp()
    .visibleOptions(command)
    .flatMap(({ long, short }) => [long, short].filter((flag) => flag !== undefined && flag !== null))
